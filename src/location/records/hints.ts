import type { SQL } from "drizzle-orm";
import { loadFreeProducts, loadProducts, loadProductsAlike } from "../../db/load-records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { MAX_ALIKE_PRODUCTS } from "../../domain/bounds.ts";
import { matchIndex } from "../../domain/identity/match.ts";
import { isNameless, keysOf } from "../../domain/identity/meaning.ts";
import { type HintPlan, planProvisional } from "../../domain/identity/provisional.ts";
import type { ProductHint } from "../../domain/records/mapping.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import type { StoreContext } from "../context.ts";
import { planBasis, type Reading } from "./applied.ts";
import { duplicateStatements } from "./duplicates.ts";
import { doubtStatements, relinkStatements, unlinkStatements } from "./links.ts";

/** ReUp's product ids for what inventory rows and sale lines name; products not found are created provisionally. */
export async function productsFor(
  context: StoreContext,
  reading: Reading,
  hints: readonly ProductHint[],
): Promise<Pick<HintPlan, "productIds" | "unclear" | "changes"> & { statements: SQL[] }> {
  const { db, location } = context;
  const { location_id } = location;
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
  const { productIds, unclear, relinks, removed, released } = plan;
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
      ...relinkStatements(location_id, relinks),
      ...(await doubtStatements(context, questions)),
      ...duplicates.statements,
    ],
  };
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
