import type { SQL } from "drizzle-orm";
import { loadFreeProducts, loadProductLinks, loadProducts, loadProductsAlike } from "../../db/load-records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { MAX_ALIKE_PRODUCTS, MAX_UNSETTLED } from "../../domain/bounds.ts";
import { matchIndex } from "../../domain/identity/match.ts";
import { isNameless, keysOf } from "../../domain/identity/meaning.ts";
import { type HintPlan, planProvisional } from "../../domain/identity/provisional.ts";
import type { ProductHint } from "../../domain/records/mapping.ts";
import type { InventoryRow, ProductRow } from "../../domain/records/records.ts";
import type { StoreContext } from "../context.ts";
import { planBasis, type Reading } from "./applied.ts";
import { duplicateStatements } from "./duplicates.ts";
import { doubtStatements, relinkStatements, unlinkStatements } from "./links.ts";

/** A stored package or line of a sale, with its product. */
type Linked = Pick<InventoryRow, "dutchie_product_id" | "product_id">;

/**
 * ReUp's product ids for what inventory rows and sale lines name; products not found are created provisionally. `linked`: stored
 * records, which know their products. A product is loaded only if rows like these may still say something of it.
 */
export async function productsFor(
  context: StoreContext,
  reading: Reading,
  named: readonly ProductHint[],
  linked: Iterable<Linked>,
): Promise<Pick<HintPlan, "productIds" | "unclear" | "changes"> & { statements: SQL[] }> {
  const { db, location } = context;
  const { location_id } = location;
  const settled = await settledOf(context, named, linked);
  const hints = named.filter(({ dutchie_product_id: id }) => id === null || !settled.has(id));
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
    ...planBasis(context, reading),
  });
  const { unclear, relinks, removed, released } = plan;
  const moves = new Map(relinks.map(({ from, to }) => [from, to]));
  const productIds = new Map([
    ...[...settled].map(([id, product_id]) => [id, moves.get(product_id) ?? product_id] as const),
    ...plan.productIds,
  ]);
  // A product that moves may be a duplicate, and may have been asked about.
  const moved = relinks.length === 0 ? [] : [...plan.rows, ...released];
  const duplicates = await duplicateStatements(context, {
    origin: reading.origin,
    written: moved,
    before: known,
    removed: new Set(removed),
  });
  const questions = { doubts: plan.doubts, clear: relinks.length === 0 ? [] : plan.clear };
  return {
    productIds,
    unclear,
    changes: [...plan.changes, ...duplicates.changes],
    statements: [
      ...unlinkStatements(location, plan),
      ...productsUpsert(location, plan.rows.map(duplicates.decided), "differs"),
      ...relinkStatements(location_id, relinks, { ...reading.origin, at: context.now }),
      ...(await doubtStatements(context, questions)),
      ...duplicates.statements,
    ],
  };
}

/** ReUp's ids of the products, by Dutchie's id, of which rows that only name them say nothing new. */
async function settledOf(
  { db, location: { location_id } }: StoreContext,
  named: readonly ProductHint[],
  linked: Iterable<Linked>,
): Promise<Map<string, string>> {
  const settled = new Map<string, string>();
  const differing = new Set<string>();
  for (const { dutchie_product_id: id, product_id } of linked) {
    if (id === null || product_id === null) continue;
    if ((settled.get(id) ?? product_id) !== product_id) differing.add(id);
    settled.set(id, product_id);
  }
  for (const id of differing) settled.delete(id);
  const ids = new Set(named.flatMap(({ dutchie_product_id }) => dutchie_product_id ?? []));
  if (ids.size === 0) return settled;
  const asked = [...ids].filter((id) => !settled.has(id));
  const { links, unsettled } = await loadProductLinks(db, location_id, asked, MAX_UNSETTLED);
  if (unsettled.length === MAX_UNSETTLED) return new Map();
  for (const [id, product_id] of links) settled.set(id, product_id);
  for (const id of unsettled) settled.delete(id);
  return settled;
}

export const NONE_FREE: Free = { own: [], nameless: [] };

interface Free {
  /** ReUp's own. */
  own: ProductRow[];
  /** Named by rows without a product id. */
  nameless: ProductRow[];
}

export async function freeProducts({ db, location }: StoreContext): Promise<Free> {
  const rows = await loadFreeProducts(db, location.location_id);
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
