import { and, eq, type SQL } from "drizzle-orm";
import type { RowsOf } from "../../contract/location.ts";
import { bulkUpsert, inList } from "../../db/bulk.ts";
import type { RecordsDb } from "../../db/databases.ts";
import {
  loadFreeProducts,
  loadInventory,
  loadProducts,
  loadProductsAlike,
  loadRooms,
  loadSales,
} from "../../db/load-records.ts";
import { itemsOf } from "../../db/queries/list-sales.ts";
import { inventory, rooms, sales } from "../../db/schema.ts";
import { changesInsert, customersUpdate, itemsReplace, productsUpsert } from "../../db/statements.ts";
import { writeBatch } from "../../db/write.ts";
import { MAX_ALIKE_PRODUCTS } from "../../domain/bounds.ts";
import { matchIndex } from "../../domain/identity/match.ts";
import { isNameless, keysOf } from "../../domain/identity/meaning.ts";
import { type HintPlan, planProvisional, planTakeOvers } from "../../domain/identity/provisional.ts";
import { keptFields } from "../../domain/pushes/push.ts";
import type { Change, Origin } from "../../domain/records/change.ts";
import { diff, type Outcome } from "../../domain/records/decide.ts";
import type { Difference } from "../../domain/records/drift.ts";
import { packageLosses, productLosses } from "../../domain/records/losses.ts";
import { hintKey, type ProductHint } from "../../domain/records/mapping.ts";
import type { RowFailure, Settings } from "../../domain/records/model.ts";
import type { About, Counts, ProductRow } from "../../domain/records/records.ts";
import { NO_COUNTS, saleId } from "../../domain/records/records.ts";
import type { Read } from "../../domain/records/version.ts";
import { planInventory } from "../../domain/resolve/inventory.ts";
import { planProducts } from "../../domain/resolve/products.ts";
import { comparesLines, planSales } from "../../domain/resolve/sales.ts";
import { namelessRooms, nameRooms } from "../../domain/snapshots/name-rooms.ts";
import type { Outbox } from "../pushes/outbox.ts";
import { sayKept, writtenOf } from "../pushes/renditions.ts";
import { duplicateStatements } from "./duplicates.ts";
import { doubtStatements, relinkStatements, unlinkStatements } from "./links.ts";
import type { LossTable } from "./loss-table.ts";

/** What an apply needs to know beside the rows. `write: false` plans only (verification). */
export interface ApplyContext {
  db: RecordsDb;
  location_id: string;
  settings: Settings;
  /** Of the store's customers; null: it keeps none. */
  pepper_id: string | null;
  read: Read;
  floors: { products: number; inventory: number };
  now: number;
  origin: Origin;
  write: boolean;
  /** Where a value goes that ReUp holds against Dutchie. */
  outbox: Pick<Outbox, "add" | "put" | "answeredOf">;
  /** Where records are noted that lose a value; absent: nobody counts them. */
  losses?: Pick<LossTable, "note">;
}

export interface Applied {
  counts: Counts;
  failures: RowFailure[];
  changes: Change[];
  /** Where the rows said something else than was stored, whether it applied or not. */
  differences: Difference[];
  /** Record ids that the rows spoke of, for the absence of the others. */
  seen: string[];
  outcomes: (Outcome | null)[];
  /** The records that the rows spoke of, by record id. */
  about: ReadonlyMap<string, About>;
}

/** Load what is stored, plan (pure), write one D1 batch: records, their change log and reviews commit together. */
export function applyRows(context: ApplyContext, { resource, rows }: RowsOf): Promise<Applied> {
  switch (resource) {
    case "products":
      return applyProducts(context, rows);
    case "inventory":
      return applyInventory(context, rows);
    case "sales":
      return applySales(context, rows);
    case "rooms":
      return applyRooms(context, rows);
  }
}

/** Who edits when the store's settings do. */
const KEEPER = "field_authority";

type Incoming<R extends RowsOf["resource"]> = Extract<RowsOf, { resource: R }>["rows"];

async function applyProducts(context: ApplyContext, incoming: Incoming<"products">): Promise<Applied> {
  const { db, location_id } = context;
  const stored = await loadProducts(
    db,
    location_id,
    incoming.map((row) => row.dutchie_product_id),
  );
  const isNew = incoming.some((row) => stored.get(row.dutchie_product_id)?.unsettled !== null);
  const { own, nameless } = isNew ? await freeProducts(context) : NONE_FREE;
  const isPushed = context.settings.direction === "bidirectional";
  const answered = isPushed ? context.outbox.answeredOf([...stored.values()].map(({ product_id }) => product_id)) : [];
  const plan = planProducts({
    ...context,
    incoming,
    stored,
    written: writtenOf(answered),
    match: matchIndex(own),
    floor: context.floors.products,
    keep: keptFields(context.settings),
  });
  planTakeOvers(nameless, plan.rows, plan, context);
  if (context.write) {
    // Before the write: after it, a step that is repeated finds nothing that these rows could still lose.
    context.losses?.note(productLosses(stored, plan.rows), context.now);
    // First: a value that is shown against Dutchie's must be on its way.
    for (const { fields, ...product } of plan.kept) context.outbox.add(product, fields, KEEPER, context.now);
    const duplicates = await duplicateStatements(
      context,
      [...plan.rows, ...plan.released],
      stored,
      new Set(plan.removed),
    );
    const rows = plan.rows.map(duplicates.settle);
    const [filled, newer] = [true, false].map((is) => rows.filter((row) => plan.filled.has(row.product_id) === is));
    await writeBatch(db, [
      ...unlinkStatements(location_id, plan),
      ...productsUpsert(location_id, newer ?? [], { newer: context.now }),
      // Unguarded: read in the store's serial section, and a row that fills a gap is no newer version.
      ...productsUpsert(location_id, filled ?? [], "differs"),
      ...relinkStatements(location_id, plan.relinks),
      ...(await doubtStatements(context, plan)),
      ...duplicates.statements,
      ...changesInsert(location_id, [...plan.changes, ...duplicates.changes]),
    ]);
    sayKept(context.outbox, answered, incoming, context.now);
  }
  const ids = new Map([...stored.values(), ...plan.rows].map((row) => [row.dutchie_product_id, row.product_id]));
  const seen = incoming.flatMap((row) => ids.get(row.dutchie_product_id) ?? []);
  const about = aboutRows(
    [...stored.values(), ...plan.rows].map((row) => [row.product_id, row.dutchie_product_id ?? "", 0]),
  );
  const { counts, changes, differences, outcomes } = plan;
  return { counts, failures: [], changes, differences, seen, outcomes, about };
}

async function applyInventory(context: ApplyContext, rows: Incoming<"inventory">): Promise<Applied> {
  const { db, location_id } = context;
  const byId = await loadRooms(db, location_id, namelessRooms(rows));
  const incoming = rows.map((row) => nameRooms(row, byId));
  const stored = await loadInventory(
    db,
    location_id,
    incoming.map((row) => row.dutchie_inventory_id),
  );
  // A row that does not speak of the product's id leaves the package where it is.
  const keeps = ({ dutchie_inventory_id, content }: Incoming<"inventory">[number]) =>
    content.dutchie_product_id === undefined &&
    stored.get(dutchie_inventory_id)?.some((row) => row.dutchie_product_id !== null) === true;
  const { productIds, unclear, statements, changes } = await productsFor(
    context,
    incoming.flatMap((row) => (row.hint === null || keeps(row) ? [] : [row.hint])),
  );
  const plan = planInventory({
    ...context,
    incoming,
    stored,
    productIds,
    floor: context.floors.inventory,
  });
  if (context.write) {
    context.losses?.note(packageLosses(stored, plan.rows), context.now);
    const written = plan.rows.map((row) => ({ location_id, ...row }));
    await writeBatch(db, [
      ...statements,
      ...bulkUpsert(inventory, written, { newer: context.now }),
      ...changesInsert(location_id, [...changes, ...plan.changes]),
    ]);
  }
  const known = [...[...stored.values()].flat(), ...plan.rows];
  const about = aboutRows(known.map((row) => [row.inventory_id, row.dutchie_inventory_id, row.unit_price ?? 0]));
  // The package is counted, though in no product: that is told.
  const failures = incoming.flatMap((row): RowFailure[] => {
    const reason = row.hint === null || keeps(row) ? undefined : unclear.get(hintKey(row.hint));
    return reason === undefined ? [] : [{ resource: "inventory", dutchie_id: row.dutchie_inventory_id, reason }];
  });
  return { ...plan, failures: [...plan.failures, ...failures], about };
}

async function applySales(context: ApplyContext, incoming: Incoming<"sales">): Promise<Applied> {
  const { db, location_id } = context;
  const { productIds, unclear, statements, changes } = await productsFor(
    context,
    incoming.flatMap((row) => row.hints),
  );
  const sale_ids = incoming.map((row) => saleId(row.dutchie_transaction_id));
  const stored = await loadSales(db, location_id, sale_ids);
  const compared = incoming.filter((row) => comparesLines(row, stored.get(row.dutchie_transaction_id)));
  const plan = planSales({
    ...context,
    incoming,
    stored,
    storedLines: await itemsOf(
      db,
      location_id,
      compared.map((row) => saleId(row.dutchie_transaction_id)),
    ),
    productIds,
    floor: 0,
  });
  if (context.write) {
    const rows = plan.rows.map(({ sale }) => ({ location_id, ...sale }));
    await writeBatch(db, [
      ...statements,
      ...bulkUpsert(sales, rows, { newer: context.now }),
      ...itemsReplace(location_id, plan.rows),
      ...customersUpdate(location_id, plan.keyed),
      ...changesInsert(location_id, [...changes, ...plan.changes]),
    ]);
  }
  const about = aboutRows(
    incoming.map(({ dutchie_transaction_id }) => [saleId(dutchie_transaction_id), dutchie_transaction_id, 0]),
  );
  // The sale is recorded, its line belongs to no product: that is told.
  const failures = incoming.flatMap(({ dutchie_transaction_id, meant }) =>
    Object.entries(meant).flatMap(([line_id, key]): RowFailure[] => {
      const reason = unclear.get(key);
      if (reason === undefined) return [];
      return [{ resource: "sales", dutchie_id: dutchie_transaction_id, reason: `line ${line_id} ${reason}` }];
    }),
  );
  return { ...plan, failures: [...plan.failures, ...failures], seen: [], about };
}

async function applyRooms(context: ApplyContext, incoming: Incoming<"rooms">): Promise<Applied> {
  const { db, location_id, now } = context;
  // Two rooms of one name are one room here: the first.
  const byKey = new Map([...incoming].reverse().map((row) => [row.room_key, row]));
  const keys = [...byKey.keys()];
  const stored = new Map(
    (
      await db
        .select()
        .from(rooms)
        .where(and(eq(rooms.location_id, location_id), inList(rooms.room_key, keys)))
    ).map((row) => [row.room_key, row]),
  );
  const counts = { ...NO_COUNTS };
  const changed = [...byKey.values()].filter(({ room_key, content }) => {
    const before = stored.get(room_key);
    const outcome =
      before === undefined ? "created" : Object.keys(diff(before, content)).length > 0 ? "updated" : "unchanged";
    counts[outcome] += 1;
    return outcome !== "unchanged";
  });
  const rows = changed.map(({ room_key, content }) => ({ location_id, room_key, ...content, updated_at: now }));
  if (context.write) await writeBatch(db, bulkUpsert(rooms, rows, "differs"));
  return { counts, failures: [], changes: [], differences: [], seen: keys, outcomes: [], about: new Map() };
}

/** Ids of the stored records that rows stand for which could not be read. */
export async function recordsOf({ db, location_id }: ApplyContext, failures: readonly RowFailure[]): Promise<string[]> {
  if (failures.length === 0) return [];
  const idsOf = (resource: RowFailure["resource"]) =>
    failures.filter((failure) => failure.resource === resource).flatMap(({ dutchie_id }) => dutchie_id ?? []);
  const [products, packages] = [idsOf("products"), idsOf("inventory")];
  const byProduct = await loadProducts(db, location_id, products);
  const byPackage = await loadInventory(db, location_id, packages);
  return [
    ...[...byProduct.values()].map((row) => row.product_id),
    ...[...byPackage.values()].flat().map((row) => row.inventory_id),
  ];
}

export function aboutRows(
  rows: readonly [record_id: string, dutchie_id: string, unit_price: number][],
): Map<string, About> {
  return new Map(rows.map(([record_id, dutchie_id, unit_price]) => [record_id, { dutchie_id, unit_price }]));
}

/** ReUp's product ids for what inventory rows and sale lines name; products not found are created provisionally. */
async function productsFor(
  context: ApplyContext,
  hints: readonly ProductHint[],
): Promise<Pick<HintPlan, "productIds" | "unclear" | "changes"> & { statements: SQL[] }> {
  const { db, location_id } = context;
  const known = await loadProducts(
    db,
    location_id,
    hints.flatMap(({ dutchie_product_id }) => dutchie_product_id ?? []),
  );
  const isNew = hints.some(({ dutchie_product_id: id }) => id !== null && known.get(id)?.unsettled !== null);
  const { own } = isNew ? await freeProducts(context) : NONE_FREE;
  const nameless = hints.filter(({ dutchie_product_id }) => dutchie_product_id === null);
  const plan = planProvisional({
    hints,
    known,
    alike:
      nameless.length === 0 ? [] : await loadProductsAlike(db, location_id, searched(nameless), MAX_ALIKE_PRODUCTS),
    match: matchIndex(own),
    ...context,
  });
  const { productIds, unclear, relinks, removed, released } = plan;
  // A product that moves may be a duplicate, and may have been asked about.
  const moved = relinks.length === 0 ? [] : [...plan.rows, ...released];
  const duplicates = await duplicateStatements(context, moved, known, new Set(removed));
  const questions = { doubts: plan.doubts, clear: relinks.length === 0 ? [] : plan.clear };
  return {
    productIds,
    unclear,
    changes: [...plan.changes, ...duplicates.changes],
    statements: [
      ...unlinkStatements(location_id, plan),
      ...productsUpsert(location_id, plan.rows.map(duplicates.settle), "differs"),
      ...relinkStatements(location_id, relinks),
      ...(await doubtStatements(context, questions)),
      ...duplicates.statements,
    ],
  };
}

const NONE_FREE: Free = { own: [], nameless: [] };

interface Free {
  /** ReUp's own. */
  own: ProductRow[];
  /** Told of by rows without a product's id. */
  nameless: ProductRow[];
}

async function freeProducts({ db, location_id }: ApplyContext): Promise<Free> {
  const rows = await loadFreeProducts(db, location_id);
  return { own: rows.filter((row) => !isNameless(row)), nameless: rows.filter(isNameless) };
}

function searched(hints: readonly ProductHint[]) {
  const keys = hints.map(keysOf);
  return {
    skus: keys.flatMap(({ sku }) => sku ?? []),
    upcs: keys.flatMap(({ upc }) => upc ?? []),
    names: keys.flatMap(({ name }) => name ?? []),
  };
}
