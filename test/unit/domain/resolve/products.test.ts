import { describe, expect, it } from "vitest";
import { type MatchIndex, matchIndex } from "../../../../src/domain/identity/match.ts";
import { planProvisional } from "../../../../src/domain/identity/provisional.ts";
import type { Origin } from "../../../../src/domain/records/change.ts";
import type { ProductHint } from "../../../../src/domain/records/mapping.ts";
import type { ProductRow } from "../../../../src/domain/records/records.ts";
import type { Read } from "../../../../src/domain/records/version.ts";
import { planProducts, tombstoneProduct } from "../../../../src/domain/resolve/products.ts";
import {
  byKey,
  event,
  incomingProduct,
  MINUTE,
  NOW,
  ORIGIN,
  only,
  ownProduct,
  product,
  snapshot,
  T0,
} from "../build.ts";

const HINT: ProductHint = {
  dutchie_product_id: "1",
  product_name: "Blue Dream 3.5g",
  sku: "SKU-1",
  upc: null,
  brand: "Kiva",
  category: "Flower",
  subcategory: "Hybrid",
};

const plan = (
  stored: readonly ProductRow[],
  incoming: Parameters<typeof planProducts>[0]["incoming"],
  {
    read = event(10),
    match = matchIndex([]),
    floor = 0,
    origin = ORIGIN,
  }: { read?: Read; match?: MatchIndex; floor?: number; origin?: Origin } = {},
) =>
  planProducts({
    incoming,
    stored: byKey(stored, (row) => row.dutchie_product_id ?? ""),
    match,
    read,
    floor,
    now: NOW,
    origin,
    keep: [],
  });

describe("the plan for products", () => {
  it("an unmatched product is created with an id derived from Dutchie's, so a repeat creates nothing", () => {
    const incoming = [incomingProduct({ product_name: "New", sku: "S" }, null, "77")];
    const first = plan([], incoming);
    expect(first.outcomes).toEqual(["created"]);
    expect(only(first.rows)).toMatchObject({
      product_id: "prd_77",
      dutchie_product_id: "77",
      product_name: "New",
      sku: "S",
      status: "active",
      source: "dutchie",
      merged_into: null,
      updated_at: NOW,
    });
    expect(only(first.changes)).toMatchObject({ resource: "products", record_id: "prd_77", ...ORIGIN });
    const again = plan(first.rows, incoming);
    expect(again).toMatchObject({ outcomes: ["unchanged"], rows: [], changes: [] });
  });

  it("of one time, the catalogue counts and not a webhook of a product that is new", () => {
    const told = plan([], [incomingProduct({ unit_price: 20, thc_percentage: 18 }, T0)], { read: event(0) });
    const listed = { sku: "S", product_name: "New", unit_price: 10, thc_percentage: 12 };
    const { rows } = plan(told.rows, [incomingProduct(listed, T0)], { read: snapshot(-10) });
    expect(only(rows)).toMatchObject(listed);
  });

  it("the log names each product that is written without an entry: imported, or with another weight alone", () => {
    const weighing = (unit_grams: number) => ({
      ...incomingProduct({ product_name: "New", sku: "S" }, null, "77"),
      statement: { unit_grams },
    });
    const imported = plan([], [weighing(1)], { origin: { cause: "initial", ref: "run_1" } });
    expect([imported.changes, [...imported.named]]).toEqual([[], ["prd_77"]]);
    const changed = plan(imported.rows, [weighing(2)], { read: event(20) });
    expect(only(changed.rows).stated).toMatchObject({ unit_grams: 2 });
    expect([changed.changes, [...changed.named]]).toEqual([[], ["prd_77"]]);
    const same = plan(changed.rows, [weighing(2)], { read: event(30) });
    expect([same.changes, [...same.named]]).toEqual([[], []]);
    const renamed = [{ ...weighing(3), content: { product_name: "Newer", sku: "S" } }];
    const logged = plan(changed.rows, renamed, { read: event(40) });
    expect([logged.changes.length, [...logged.named]]).toEqual([1, []]);
  });

  it("a product without a name is shown with its id", () => {
    expect(only(plan([], [incomingProduct({ sku: "S" }, null, "77")]).rows).product_name).toBe("#77");
  });

  it("a partial row keeps every other field (F30)", () => {
    const before = product({ merged_into: "prd_0", upc: "0123", thc_mg: 4 });
    const row = only(plan([before], [incomingProduct({ unit_price: 31 })]).rows);
    expect(row).toEqual({
      ...before,
      unit_price: 31,
      stated: { price: 31 },
      source_at: T0 + 10 * MINUTE,
      source_rank: 0,
      content_hash: row.content_hash,
      updated_at: NOW,
    });
  });

  it("the log shows what changed, from what to what, and nothing else", () => {
    const { changes } = plan([product()], [incomingProduct({ unit_price: 31, brand: "Kiva", upc: null })]);
    expect(only(changes).fields).toEqual({ unit_price: [30, 31] });
  });

  it("an import names its run in what it creates and logs no entry; what a poll creates is logged", () => {
    const import_ = { cause: "initial", ref: "run_1" } as const;
    const imported = plan([], [incomingProduct({ sku: "S" }, null, "77")], { origin: import_ });
    expect(imported).toMatchObject({ outcomes: ["created"], changes: [] });
    expect(only(imported.rows).created_by).toBe("run_1");
    const changed = plan(imported.rows, [incomingProduct({ sku: "S", brand: "Kiva" }, NOW, "77")], { origin: import_ });
    expect(only(changed.rows).created_by).toBe("run_1");
    expect(only(changed.changes).fields).toEqual({ brand: [null, "Kiva"] });
    const polled = plan([], [incomingProduct({ sku: "S" }, null, "77")], { origin: { cause: "poll", ref: "run_2" } });
    expect(only(polled.rows).created_by).toBeUndefined();
    expect(only(polled.changes).fields).toMatchObject({ sku: [null, "S"] });
  });

  it("an older row is stale and writes nothing", () => {
    const result = plan([product({ source_at: NOW })], [incomingProduct({ unit_price: 31 })]);
    expect(result).toMatchObject({ outcomes: ["stale"], rows: [], changes: [], counts: { stale: 1 } });
  });

  it("a row below the floor is stale even if the product is unknown", () => {
    expect(plan([], [incomingProduct({ sku: "S" })], { floor: NOW }).outcomes).toEqual(["stale"]);
  });

  it("a later equal row only raises the version: no new update time, no log line", () => {
    const result = plan([product()], [incomingProduct({ unit_price: 30 })]);
    expect(result.outcomes).toEqual(["unchanged"]);
    expect(only(result.rows)).toMatchObject({ source_at: T0 + 10 * MINUTE, updated_at: T0 });
    expect(result.changes).toEqual([]);
  });

  it("two rows of one product in one plan apply one after the other and write it once", () => {
    const result = plan(
      [product()],
      [incomingProduct({ unit_price: 31 }, T0 + 1), incomingProduct({ brand: "B" }, T0 + 2)],
    );
    expect(result.outcomes).toEqual(["updated", "updated"]);
    expect(only(result.rows)).toMatchObject({ unit_price: 31, brand: "B", source_at: T0 + 2 });
  });

  it("of two rows of one product in any order, the newer is kept", () => {
    const rows = [incomingProduct({ unit_price: 31 }, T0 + 1), incomingProduct({ unit_price: 32 }, T0 + 2)];
    for (const order of [rows, rows.toReversed()]) expect(only(plan([product()], order).rows).unit_price).toBe(32);
  });

  it("each of many rows is counted", () => {
    const result = plan(
      [product(), product({ dutchie_product_id: "2", source_at: NOW })],
      [
        incomingProduct({ unit_price: 30 }),
        incomingProduct({ unit_price: 1 }, null, "2"),
        incomingProduct({}, null, "3"),
      ],
      { read: snapshot(10) },
    );
    expect(result.outcomes).toEqual(["unchanged", "stale", "created"]);
    expect(result.counts).toEqual({ created: 1, updated: 0, unchanged: 1, stale: 1, deleted: 0 });
  });
});

describe("a product's status", () => {
  it.each<[string, ProductRow["status"], "active" | "inactive" | undefined, ProductRow["status"]]>([
    ["a provisional product is active once the catalogue lists it", "provisional", undefined, "active"],
    ["a provisional product may become inactive", "provisional", "inactive", "inactive"],
    ["a deleted product that is listed again is active", "deleted", undefined, "active"],
    ["a deleted product may come back inactive", "deleted", "inactive", "inactive"],
    ["an inactive product stays inactive if the row does not state it", "inactive", undefined, "inactive"],
    ["an inactive product becomes active if Dutchie states it", "inactive", "active", "active"],
  ])("a row of the catalogue gives a product its status: %s", (_, before, stated, after) => {
    const content = stated === undefined ? { unit_price: 31 } : { unit_price: 31, status: stated };
    expect(only(plan([product({ status: before })], [incomingProduct(content)]).rows).status).toBe(after);
  });

  it("a tombstone has a version: an older row does not undo it, a later row does (F14)", () => {
    const gone = tombstoneProduct(product(), T0 + 10 * MINUTE, NOW);
    expect(gone).toMatchObject({
      status: "deleted",
      product_name: "Blue Dream 3.5g",
      source_at: T0 + 10 * MINUTE,
      source_rank: 1,
    });
    expect(plan([gone], [incomingProduct({ unit_price: 1 })], { read: event(9) }).outcomes).toEqual(["stale"]);
    expect(plan([gone], [incomingProduct({ unit_price: 1 })], { read: event(10) }).outcomes).toEqual(["stale"]);
    expect(only(plan([gone], [incomingProduct({ unit_price: 1 })], { read: event(11) }).rows).status).toBe("active");
  });
});

describe("matching products that ReUp already has", () => {
  const taken = (match: MatchIndex, content: Parameters<MatchIndex["find"]>[0]) => {
    const found = match.find(content);
    if (found.kind !== "one") return undefined;
    match.claim(found.product);
    return found.product.product_id;
  };
  const CONTENT = { upc: "0123", sku: "SKU-1", brand: "Kiva", product_name: "Blue Dream 3.5g" };
  const byUpc = ownProduct("upc", { upc: "0123" });
  const bySku = ownProduct("sku", { sku: "SKU-1" });
  const byName = ownProduct("name", { brand: " KIVA", product_name: "Blue  dream 3.5g" });

  it.each([
    ["by UPC before SKU and name", [byName, bySku, byUpc], "upc"],
    ["by SKU before name", [byName, bySku], "sku"],
    ["by normalised brand and name last", [byName], "name"],
    ["by SKU if two products share the UPC", [byUpc, ownProduct("upc2", { upc: "0123" }), bySku], "sku"],
    ["not by a SKU that two products share", [bySku, ownProduct("sku2", { sku: "SKU-1" })], undefined],
    [
      "not by name alone, because brands share names",
      [ownProduct("n", { product_name: "Blue Dream 3.5g" })],
      undefined,
    ],
    ["not by empty values", [ownProduct("e", { upc: "", sku: "", brand: "-", product_name: "-" })], undefined],
    ["not if nothing agrees", [ownProduct("other", { sku: "SKU-2" })], undefined],
  ])("a product is matched in the right order: %s", (_, own, expected) => {
    expect(taken(matchIndex(own), CONTENT)).toBe(expected);
  });

  it("an empty UPC or SKU matches no other empty one", () => {
    const own = ownProduct("e", { upc: "", sku: "" });
    expect(taken(matchIndex([own]), { upc: "", sku: "", brand: "", product_name: "" })).toBeUndefined();
  });

  it("a name without a brand matches no name without a brand", () => {
    const own = ownProduct("n", { product_name: "Blue Dream 3.5g" });
    expect(taken(matchIndex([own]), { product_name: "Blue Dream 3.5g", brand: null })).toBeUndefined();
  });

  it("each product is matched once", () => {
    const match = matchIndex([bySku]);
    expect(taken(match, CONTENT)).toBe("sku");
    expect(taken(match, CONTENT)).toBeUndefined();
  });

  it("the first sync links existing products instead of creating them again, and keeps fields that Dutchie does not state (F35)", () => {
    const own = ownProduct("own_1", { sku: "SKU-1", category: "Flower", unit_price: 9 });
    const result = plan([], [incomingProduct({ sku: "SKU-1", product_name: "Blue Dream 3.5g", unit_price: 10 })], {
      read: snapshot(10),
      match: matchIndex([own]),
    });
    expect(only(result.rows)).toMatchObject({
      product_id: "own_1",
      dutchie_product_id: "1",
      source: "reup",
      category: "Flower",
      unit_price: 10,
      source_rank: 1,
    });
  });
});

describe("products that only an inventory row or a sale names", () => {
  const provisional = (
    known: readonly ProductRow[],
    own: readonly ProductRow[],
    hints: readonly ProductHint[] = [HINT],
  ) =>
    planProvisional({
      hints,
      known: byKey(known, (row) => row.dutchie_product_id ?? ""),
      alike: [],
      match: matchIndex(own),
      now: NOW,
      origin: ORIGIN,
    });

  it("a known product stays as it is, even if it is deleted", () => {
    expect(provisional([product()], []).rows).toEqual([]);
    expect(provisional([product({ status: "deleted" })], []).rows).toEqual([]);
  });

  it("an unknown product is created as provisional, once for all its rows", () => {
    const { rows, changes } = provisional([], [], [HINT, { ...HINT, sku: "other" }]);
    expect(only(rows)).toMatchObject({
      product_id: "prd_1",
      status: "provisional",
      product_name: "Blue Dream 3.5g",
      sku: "SKU-1",
      brand: "Kiva",
      category: "Flower",
      subcategory: "Hybrid",
    });
    expect(only(changes)).toMatchObject({ record_id: "prd_1", fields: { status: [null, "provisional"] } });
  });

  it.each([
    ["its SKU", { product_name: null }, "SKU-1"],
    ["its id", { product_name: null, sku: null }, "#1"],
  ])("a provisional product without a name is shown by %s", (_, over, shown) => {
    expect(only(provisional([], [], [{ ...HINT, ...over }]).rows).product_name).toBe(shown);
  });

  it("a product that ReUp already has is linked, and the log shows only the link", () => {
    const own = ownProduct("own_1", { sku: "SKU-1", unit_price: 9 });
    const { rows, changes } = provisional([], [own]);
    const row = only(rows);
    expect(row).toEqual({
      ...own,
      dutchie_product_id: "1",
      stated: null,
      unsettled: row.unsettled,
      content_hash: row.content_hash,
      updated_at: NOW,
    });
    expect(only(changes).fields).toEqual({ dutchie_product_id: [null, "1"] });
  });

  it("any later row of the catalogue is newer, however old its stamp", () => {
    const created = only(provisional([], []).rows);
    const result = plan([created], [incomingProduct({ unit_price: 30 }, 1)], { read: event(0) });
    expect(only(result.rows)).toMatchObject({ product_id: "prd_1", status: "active", unit_price: 30, brand: "Kiva" });
  });
});
