import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OracleProduct } from "../../../simulator/oracle/oracle.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { changesOfProduct, listChanges } from "../../../src/db/queries/list-changes.ts";
import { beganAt } from "../../../src/domain/runs/run.ts";
import { rows, write } from "../databases.ts";
import { creations, deliver, Rig, recordsOf, truthOf, WEBHOOKS } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A product that ReUp had before Dutchie was connected. */
async function own(
  rig: Rig,
  product_id: string,
  given: Partial<Record<"sku" | "upc" | "brand" | "product_name", string>>,
) {
  await write(
    `insert into products (location_id, product_id, sku, upc, product_name, brand, status, source, source_at, source_rank,
       content_hash, updated_at) values (?, ?, ?, ?, ?, ?, 'active', 'reup', 0, 0, 'own', 0)`,
    rig.id,
    product_id,
    given.sku ?? null,
    given.upc ?? null,
    given.product_name ?? product_id,
    given.brand ?? null,
  );
}

const linked = (rig: Rig) =>
  rows<{ product_id: string; dutchie_product_id: string | null }>(
    "select product_id, dutchie_product_id from products where location_id = ? and product_id like 'own_%' order by product_id",
    rig.id,
  );

/** Products that resemble no other: every field is stated, and each has a SKU of its own. */
function distinct({ dutchie }: Rig): [OracleProduct, OracleProduct, OracleProduct] {
  const { products = [], duplicate_skus } = dutchie.oracle();
  const doubled = new Set(duplicate_skus.map(({ sku }) => sku));
  const [a, b, c] = products.filter(({ sku, upc, brand }) => sku && upc && brand && !doubled.has(sku));
  if (a === undefined || b === undefined || c === undefined) throw new Error("The store has too few such products.");
  return [a, b, c];
}

describe("F35: the first sync finds products that exist", () => {
  it("F35: products of ReUp's own are matched by UPC, by SKU, by brand and name, and none is created twice", async () => {
    const rig = await Rig.open({ size: 40, seed: 6 });
    const [a, b, c] = distinct(rig);
    await own(rig, "own_upc", { upc: a.upc ?? "", product_name: "Another name" });
    await own(rig, "own_sku", { sku: b.sku ?? "", product_name: "Yet another name" });
    await own(rig, "own_name", {
      brand: ` ${c.brand?.toUpperCase()} `,
      product_name: c.product_name?.toUpperCase() ?? "",
    });
    await own(rig, "own_only", { sku: "REUP-ONLY", product_name: "Gift wrapping" });
    await rig.start("initial");
    await rig.drain();
    expect((await rig.status()).last_run?.state).toBe("completed");
    expect(await linked(rig)).toEqual([
      { product_id: "own_name", dutchie_product_id: c.dutchie_product_id },
      { product_id: "own_only", dutchie_product_id: null },
      { product_id: "own_sku", dutchie_product_id: b.dutchie_product_id },
      { product_id: "own_upc", dutchie_product_id: a.dutchie_product_id },
    ]);
    const ofDutchie = (await recordsOf(rig.id)).filter((line) => line !== "product null");
    expect(ofDutchie).toEqual(truthOf(rig.dutchie));
    expect(await creations(rig.id, "products")).toBe(rig.dutchie.world.products.size - 3);
    // Their stock came along.
    const stock = await rows<{ product_id: string }>(
      "select distinct product_id from inventory where location_id = ? and dutchie_product_id = ?",
      rig.id,
      b.dutchie_product_id,
    );
    for (const { product_id } of stock) expect(product_id).toBe("own_sku");

    await rig.start("full");
    await rig.drain();
    expect((await rig.status()).last_run).toMatchObject({ state: "completed", created: 0, updated: 0, deleted: 0 });
  });

  it("F35: a webhook before the first sync links the existing product", async () => {
    const rig = await Rig.open({ size: 40, seed: 7 });
    const [a] = distinct(rig);
    await own(rig, "own_sku", { sku: a.sku ?? "", product_name: a.product_name ?? "" });
    const data = {
      inventoryId: 1,
      productId: Number(a.dutchie_product_id),
      sku: a.sku,
      quantityAvailable: 3,
      room: "Vault",
    };
    const body = { type: "inventory.updated", data };
    const message = { location_id: rig.id, event_id: "evt_first", received_at: Date.now(), body };
    expect(await deliver(WEBHOOKS, [message])).toEqual(["ack"]);
    expect(await linked(rig)).toEqual([{ product_id: "own_sku", dutchie_product_id: a.dutchie_product_id }]);
    await rig.start("initial");
    await rig.drain();
    const products = await rows("select 1 from products where location_id = ?", rig.id);
    expect(products).toHaveLength(rig.dutchie.world.products.size);
  });
});

it("a product's history ends with the import that created it, though the log has no entry for that", async () => {
  const rig = await Rig.open({ size: 20, seed: 8 });
  const started = await rig.start("initial");
  await rig.drain();
  const run_id = started.ok ? started.run.run_id : "";
  const db = recordsDb(env, rig.row);
  const [product] = await rows<{ product_id: string; inventory_id: string }>(
    "select product_id, inventory_id from inventory where location_id = ? and product_id is not null limit 1",
    rig.id,
  );
  const { product_id = "", inventory_id = "" } = product ?? {};
  const page = { after: null, limit: 100 };
  const created = { fields: {}, cause: "initial", ref: run_id, at: beganAt(run_id) };
  const history = await changesOfProduct(db, rig.id, product_id, page);
  expect(history).toContainEqual(expect.objectContaining({ ...created, resource: "products", record_id: product_id }));
  expect(history).toContainEqual(
    expect.objectContaining({ ...created, resource: "inventory", record_id: inventory_id }),
  );
  const ids = history.map(({ change_id }) => change_id);
  expect(ids).toEqual(ids.toSorted().reverse());
  // Page by page it is the same.
  const paged: string[] = [];
  for (let after: string | null = null; ; ) {
    const [next] = await changesOfProduct(db, rig.id, product_id, { after, limit: 1 });
    if (next === undefined) break;
    paged.push(next.change_id);
    after = next.change_id;
  }
  expect(paged).toEqual(ids);
  expect(await listChanges(db, rig.id, { record_id: inventory_id }, page)).toMatchObject([created]);
  expect(await listChanges(db, rig.id, { record_id: inventory_id, resource: "products" }, page)).toEqual([]);
});
