import { type SQL, sql } from "drizzle-orm";
import { chunks, inList } from "../../db/bulk.ts";
import { logSelected } from "../../db/change-log.ts";
import { loadInventory, loadProductsById } from "../../db/load-records.ts";
import { inventory } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { releasedProduct } from "../../domain/identity/replace.ts";
import type { Change, Named } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { pickProductContent } from "../../domain/records/product.ts";
import type { About, ProductRow } from "../../domain/records/records.ts";
import { packageOf, tombstoneInventory } from "../../domain/resolve/inventory.ts";
import { tombstoneProduct } from "../../domain/resolve/products.ts";
import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import type { StoreContext } from "../context.ts";
import { aboutRows, type Reading } from "../records/applied.ts";
import { duplicateStatements } from "../records/duplicates.ts";
import { writeRecords } from "../records/write-records.ts";
import type { StockRow } from "./snapshot.ts";

/** Rows that end in one batch: far below what a D1 statement takes. */
const ROWS_A_BATCH = 500;

interface Ended {
  changes: Change[];
  about: Map<string, About>;
}

/** What a complete snapshot with this floor did not list. */
interface Gone {
  resource: SnapshotResource;
  gone: readonly StockRow[];
  floor: number;
}

/** Ends these rows. */
export async function endRows(
  context: StoreContext,
  reading: Pick<Reading, "origin" | "write">,
  { resource, gone, floor }: Gone,
): Promise<Ended> {
  const result: Ended = { changes: [], about: new Map() };
  const all = gone.map(({ id }) => id);
  for (const ids of chunks(all, ROWS_A_BATCH)) {
    const ended = await (resource === "inventory" ? endInventory : endProducts)(context, reading, { ids, floor });
    result.changes.push(...ended.changes);
    for (const [record_id, about] of ended.about) result.about.set(record_id, about);
  }
  return result;
}

interface Ids {
  ids: readonly string[];
  floor: number;
}

async function endInventory(
  context: StoreContext,
  reading: Pick<Reading, "origin" | "write">,
  { ids, floor }: Ids,
): Promise<Ended> {
  const { db, location, now } = context;
  const { location_id } = location;
  const { origin, write } = reading;
  const asked = new Set(ids);
  const packages = await loadInventory(db, location_id, ids.map(packageOf));
  const stored = [...packages.values()].flat().filter(({ inventory_id }) => asked.has(inventory_id));
  const rows = stored.map((row) => tombstoneInventory(row, floor, now));
  const changes = rows.map((row, index) => {
    const fields = diff(stored[index], { quantity: 0, reserved_quantity: 0 });
    return changeOf({ resource: "inventory", record_id: row.inventory_id, fields }, row, origin, now);
  });
  if (write) {
    await writeRecords(context, [], { changes }, { rows, guard: { newer: now, before: stored } });
  }
  const about = aboutRows(rows.map((row) => [row.inventory_id, row.dutchie_inventory_id, row.unit_price ?? 0]));
  return { changes, about };
}

/** Empty rooms that a wrong row left (`isStillNamed`) are of no product known to us: their package is another's. */
function detachStatements(
  location_id: string,
  released: readonly ProductRow[],
  origin: Pick<Named, "cause" | "ref" | "at">,
): SQL[] {
  if (released.length === 0) return [];
  const theirs = sql`location_id = ${location_id} and ${inList(
    inventory.product_id,
    released.map(({ product_id }) => product_id),
  )}`;
  const rows = sql`select inventory_id as id from ${inventory} indexed by inventory_product where ${theirs}`;
  return [
    logSelected(location_id, { resource: "inventory", ...origin }, rows),
    sql`update ${inventory} indexed by inventory_product set product_id = null where ${theirs}`,
  ];
}

async function endProducts(
  context: StoreContext,
  reading: Pick<Reading, "origin" | "write">,
  { ids, floor }: Ids,
): Promise<Ended> {
  const { db, location, now } = context;
  const { location_id } = location;
  const { origin, write } = reading;
  const stored = await loadProductsById(db, location_id, ids);
  // ReUp's own product does not end with a link that was wrong.
  const rows = stored.map(
    (row) => (row.source_at === 0 ? releasedProduct(row, now) : null) ?? tombstoneProduct(row, floor, now),
  );
  const changes = rows.map((row, index) => {
    const fields = diff(pickProductContent(stored[index] ?? row), pickProductContent(row));
    return changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now);
  });
  if (write) {
    // A survivor that is gone sets its duplicates free.
    const before = new Map(stored.map((row) => [row.dutchie_product_id ?? "", row]));
    const duplicates = await duplicateStatements(context, { origin, written: rows, before });
    const { gone = [], released = [] } = Object.groupBy(rows.map(duplicates.decided), ({ status }) =>
      status === "deleted" ? "gone" : "released",
    );
    const decided = [
      ...detachStatements(location_id, released, { ...origin, at: now }),
      ...productsUpsert(location, gone, { newer: now, before: stored }),
      // It has the version of a product that Dutchie never stated.
      ...productsUpsert(location, released, "differs"),
    ];
    await writeRecords(context, [...decided, ...duplicates.statements], {
      changes: [...changes, ...duplicates.changes],
    });
  }
  return { changes, about: aboutRows(stored.map((row) => [row.product_id, row.dutchie_product_id ?? "", 0])) };
}
