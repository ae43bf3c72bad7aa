import type { Change, Origin } from "../records/change.ts";
import { changeOf, diff } from "../records/decide.ts";
import { hintKey, type ProductHint } from "../records/mapping.ts";
import { pickProductContent, productHash } from "../records/product.ts";
import type { Hint, ProductRow, Unsettled } from "../records/records.ts";
import { contentOf } from "./identify.ts";
import type { MatchIndex } from "./match.ts";
import { isNameless, meaningOf, NamedProducts, namelessId } from "./meaning.ts";
import { type IdentityPlan, noIdentityPlan, planHint } from "./replace.ts";

export interface HintPlan extends IdentityPlan {
  rows: ProductRow[];
  changes: Change[];
  /** Hint (`hintKey`) → ReUp's product id. */
  productIds: Map<string, string>;
  /** Hints that may mean several products → the reason. */
  unclear: Map<string, string>;
}

/**
 * The products that inventory rows and sale lines name (the guide: product not found → create it). A matching product of
 * ReUp's own is linked; otherwise one is created, provisional until the catalogue is read.
 */
export function planProvisional(given: {
  hints: readonly ProductHint[];
  /** Known products by Dutchie id. */
  known: ReadonlyMap<string, ProductRow>;
  /** Products that hints without an id may mean. */
  alike: readonly ProductRow[];
  match: MatchIndex;
  now: number;
  origin: Origin;
}): HintPlan {
  const current = new Map(given.known);
  const written = new Map<string, ProductRow>();
  const plan: HintPlan = {
    rows: [],
    changes: [],
    productIds: new Map(),
    unclear: new Map(),
    ...noIdentityPlan(),
  };
  for (const { dutchie_product_id: id, ...hint } of given.hints.filter((each) => isOpen(each, current))) {
    if (id === null) continue;
    const known = current.get(id);
    const row = planHint({ id, hint, known }, plan, given);
    if (row !== null) {
      current.set(id, row);
      if (known !== undefined && known.product_id !== row.product_id) written.delete(known.product_id);
      written.set(row.product_id, row);
    }
  }
  for (const [id, { product_id }] of current) plan.productIds.set(id, product_id);
  const nameless = given.hints.filter(({ dutchie_product_id }) => dutchie_product_id === null);
  if (nameless.length > 0) {
    const products = new NamedProducts([...given.alike, ...current.values(), ...written.values()]);
    for (const gone of plan.removed) products.delete(gone);
    planNameless(nameless, products, { plan, written, given });
  }
  plan.rows = [...written.values()];
  return plan;
}

/** Finds or creates the products that rows without a product id mean, among `products`, which are as this batch leaves them. */
function planNameless(
  hints: readonly ProductHint[],
  products: NamedProducts,
  {
    plan,
    written,
    given,
  }: { plan: HintPlan; written: Map<string, ProductRow>; given: { now: number; origin: Origin } },
): void {
  for (const { dutchie_product_id, ...hint } of hints) {
    const key = hintKey({ dutchie_product_id, ...hint });
    if (plan.productIds.has(key) || plan.unclear.has(key)) continue;
    const meaning = meaningOf(hint, products);
    if (meaning.kind === "ambiguous") {
      plan.unclear.set(key, meaning.reason);
    } else if (meaning.kind === "one") {
      plan.productIds.set(key, meaning.product_id);
      const before = products.get(namelessId(hint));
      if (before !== undefined && replaceNameless(before, meaning.product_id, plan, given)) {
        products.delete(before.product_id);
      }
    } else {
      const row = namelessProduct(hint, given.now);
      plan.productIds.set(key, row.product_id);
      written.set(row.product_id, row);
      // One that this batch has replaced by another product is not found again.
      if (!plan.removed.includes(row.product_id)) products.set(row);
      const fields = diff(undefined, pickProductContent(row));
      const record = { resource: "products" as const, record_id: row.product_id, fields };
      plan.changes.push(changeOf(record, row, given.origin, given.now));
    }
  }
}

/** Whether a hint may still say something of its product: a settled one is what the catalogue says. */
const isOpen = ({ dutchie_product_id }: ProductHint, known: ReadonlyMap<string, ProductRow>): boolean =>
  dutchie_product_id !== null && known.get(dutchie_product_id)?.unsettled !== null;

/** Replaces products that only rows without an id named, once it is known which product those rows mean. */
export function planReplacements(
  nameless: readonly ProductRow[],
  products: readonly ProductRow[],
  plan: IdentityPlan & { changes: Change[] },
  given: { now: number; origin: Origin },
): void {
  if (nameless.length === 0) return;
  const named = new NamedProducts(products);
  for (const row of nameless) {
    const meaning = row.unsettled === null ? null : meaningOf(row.unsettled.hint, named);
    if (meaning?.kind === "one") replaceNameless(row, meaning.product_id, plan, given);
  }
}

/** False: there is nothing to replace. */
function replaceNameless(
  nameless: ProductRow,
  to: string,
  plan: IdentityPlan & { changes: Change[] },
  given: { now: number; origin: Origin },
): boolean {
  if (nameless.product_id === to || !isNameless(nameless) || plan.removed.includes(nameless.product_id)) return false;
  plan.relinks.push({ from: nameless.product_id, to });
  plan.removed.push(nameless.product_id);
  const fields = { product_id: [nameless.product_id, to] as [string, string] };
  const record = { resource: "products" as const, record_id: nameless.product_id, fields };
  plan.changes.push(changeOf(record, nameless, given.origin, given.now));
  return true;
}

function namelessProduct(hint: Hint, now: number): ProductRow {
  const unsettled: Unsettled = { stated: {}, hint, own: null };
  const content = {
    ...contentOf("", null, unsettled, {}),
    product_name: hint.product_name ?? hint.sku ?? hint.upc ?? "",
    dutchie_product_id: null,
  };
  return {
    product_id: namelessId(hint),
    ...content,
    source_at: 0,
    source_rank: 0,
    content_hash: productHash(content),
    merged_into: null,
    overrides: null,
    notes: null,
    source: "dutchie",
    unsettled,
    updated_at: now,
  };
}
