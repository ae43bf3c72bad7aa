import { changeOf, decide, diff, hashOf, type Outcome } from "./decide.ts";
import { type Doubt, identify, type Relink, unlinked } from "./identify.ts";
import type { IncomingProduct, ProductHint } from "./mapping.ts";
import type { MatchIndex } from "./match.ts";
import type { ProductContent, PushField } from "./model.ts";
import { dutchieSide, type InForce, namedByEffect, override } from "./overrides.ts";
import { type PushFields, pushEntries } from "./push.ts";
import {
  type Change,
  type Counts,
  type FieldChanges,
  NO_COUNTS,
  type Origin,
  type ProductRow,
  productId,
} from "./records.ts";
import { isRendition } from "./rendition.ts";
import type { Read } from "./version.ts";

export interface ProductPlan {
  /** Rows to write, each product once. */
  rows: ProductRow[];
  changes: Change[];
  counts: Counts;
  /** One per incoming row, in order. */
  outcomes: Outcome[];
  /** Where a catalogue row proved a hint's product to be another one. */
  relinks: Relink[];
  /** Provisional products that proved to be one of ReUp's own. */
  removed: string[];
  /** Products of ReUp's own that a hint had linked, and that are free again. */
  released: ProductRow[];
  doubts: Doubt[];
  /** Values that ReUp holds against what Dutchie now says: to be put back there. */
  kept: Kept[];
}

/** Fields whose authority is ReUp's, changed in Dutchie. */
export interface Kept {
  product_id: string;
  dutchie_product_id: string;
  fields: PushFields;
}

export const EMPTY_PRODUCT: Omit<ProductContent, "dutchie_product_id" | "product_name"> = {
  sku: null,
  upc: null,
  brand: null,
  category: null,
  subcategory: null,
  thc_percentage: null,
  cbd_percentage: null,
  thc_mg: null,
  cbd_mg: null,
  unit_price: null,
  unit_cost: null,
  status: "active",
};

/**
 * The plan for product rows. A product not found is matched to one that ReUp already has (design, rule 5), else
 * created under an id derived from Dutchie's, so that creating it twice is creating it once.
 */
export function planProducts(given: {
  incoming: readonly IncomingProduct[];
  /** Stored products by Dutchie id. */
  stored: ReadonlyMap<string, ProductRow>;
  match: MatchIndex;
  read: Read;
  floor: number;
  now: number;
  origin: Origin;
  /** Fields on which ReUp's word counts (settings, `field_authority`). */
  keep: readonly PushField[];
  /** What ReUp's writes left in Dutchie's products, by ReUp's id: what Dutchie made of it is no edit against it. */
  written?: ReadonlyMap<string, readonly Partial<ProductContent>[]>;
}): ProductPlan {
  const current = new Map(given.stored);
  const written = new Map<string, ProductRow>();
  const plan: ProductPlan = {
    rows: [],
    changes: [],
    counts: { ...NO_COUNTS },
    outcomes: [],
    relinks: [],
    removed: [],
    released: [],
    doubts: [],
    kept: [],
  };
  for (const incoming of given.incoming) {
    const id = incoming.dutchie_product_id;
    const known = current.get(id);
    const { base, stored, left, doubt } = identify(incoming, known, given.match);
    const content = contentOf(id, base, incoming);
    // A match has no version of Dutchie's yet: whatever Dutchie says is newer, unless the floor says otherwise.
    const decision = decide({
      ...given,
      stored: stored && pickContent(dutchieSide(stored)),
      content,
      modified_at: incoming.modified_at,
    });
    // A product of ReUp's own that is linked now is changed, not created.
    const isLinked = decision.outcome === "created" && base !== undefined;
    const outcome = isLinked ? "updated" : decision.outcome;
    plan.outcomes.push(outcome);
    plan.counts[outcome] += 1;
    if (!decision.write) continue;
    const product_id = base?.product_id ?? productId(id);
    const ours = given.written?.get(product_id) ?? [];
    const kept = stored === undefined || stored.source_at === 0 ? {} : keptAgainst(stored, content, given.keep, ours);
    if (Object.keys(kept).length > 0) plan.kept.push({ product_id, dutchie_product_id: id, fields: kept });
    const row: ProductRow = {
      product_id,
      ...override(content, { ...base?.overrides, ...inForce(kept) }),
      ...decision.version,
      merged_into: base?.merged_into ?? null,
      notes: base?.notes ?? null,
      source: base?.source ?? "dutchie",
      updated_at: decision.outcome === "unchanged" ? (known?.updated_at ?? given.now) : given.now,
    };
    current.set(id, row);
    written.set(row.product_id, row);
    if (base !== undefined) given.match.claim(base);
    if (left !== null) leave(left, row, plan, given);
    if (doubt !== null) plan.doubts.push({ product: row, ...doubt });
    if (decision.outcome === "unchanged") continue;
    const record = {
      resource: "products" as const,
      record_id: row.product_id,
      fields: namedByEffect(isLinked ? diff(base, content) : decision.fields, base, row),
    };
    plan.changes.push(changeOf(record, decision.version, given.origin, given.now));
  }
  plan.rows = [...written.values()];
  return plan;
}

/** What ReUp holds of the fields that are its own, where Dutchie says something new. */
function keptAgainst(
  stored: ProductRow,
  content: ProductContent,
  keep: readonly PushField[],
  written: readonly Partial<ProductContent>[],
): PushFields {
  const before = dutchieSide(stored);
  const isOurs = (field: PushField) =>
    written.some((each) => each[field] === stored[field] && isRendition(field, each[field], content[field]));
  const changed = keep.filter(
    (field) => before[field] !== content[field] && stored[field] !== content[field] && !isOurs(field),
  );
  return Object.fromEntries(changed.map((field) => [field, { value: stored[field], base: content[field] }]));
}

const inForce = (fields: PushFields): Partial<Record<PushField, InForce>> =>
  Object.fromEntries(pushEntries(fields).map(([field, { value }]) => [field, { value, fill: false, push: true }]));

/** `left` stood for the product until now: what belongs to it moves, and it is removed or ReUp's own again. */
function leave(left: ProductRow, row: ProductRow, plan: ProductPlan, given: { now: number; origin: Origin }): void {
  const dutchie_product_id = row.dutchie_product_id ?? "";
  plan.relinks.push({ dutchie_product_id, from: left.product_id, to: row.product_id });
  const isOwn = left.source === "reup";
  if (isOwn) plan.released.push({ ...unlinked(left), updated_at: given.now });
  else plan.removed.push(left.product_id);
  const fields: FieldChanges = isOwn
    ? { dutchie_product_id: [dutchie_product_id, null] }
    : { product_id: [left.product_id, row.product_id] };
  const record = { resource: "products" as const, record_id: left.product_id, fields };
  plan.changes.push(changeOf(record, row, given.origin, given.now));
}

/** A provisional or deleted product that Dutchie tells of again is alive; without a word on activity it is active. */
function contentOf(id: string, base: ProductRow | undefined, incoming: IncomingProduct): ProductContent {
  const before =
    base === undefined ? { ...EMPTY_PRODUCT, product_name: `#${id}` } : pickProductContent(dutchieSide(base));
  const revived = before.status === "provisional" || before.status === "deleted" ? "active" : before.status;
  return { ...before, status: revived, ...incoming.content, dutchie_product_id: id };
}

/** A product that only an inventory row or a sale line has told of yet: provisional, and older than anything the catalogue says. */
export function provisionalProduct(hint: ProductHint, now: number): ProductRow {
  const content: ProductContent = {
    ...EMPTY_PRODUCT,
    dutchie_product_id: hint.dutchie_product_id,
    product_name: hint.product_name ?? hint.sku ?? `#${hint.dutchie_product_id}`,
    sku: hint.sku,
    brand: hint.brand,
    category: hint.category,
    subcategory: hint.subcategory,
    status: "provisional",
  };
  return {
    product_id: productId(hint.dutchie_product_id),
    ...content,
    source_at: 0,
    source_rank: 0,
    content_hash: hashOf(content),
    merged_into: null,
    overrides: null,
    notes: null,
    source: "dutchie",
    updated_at: now,
  };
}

/** A product that a complete snapshot no longer lists: deleted, with the snapshot's version as its tombstone. */
export function tombstoneProduct(row: ProductRow, floor: number, now: number): ProductRow {
  const content: ProductContent = { ...pickProductContent(dutchieSide(row)), status: "deleted" };
  return {
    ...row,
    status: "deleted",
    source_at: floor,
    source_rank: 1,
    content_hash: hashOf(content),
    updated_at: now,
  };
}

export function pickProductContent(row: ProductRow): ProductContent {
  return {
    dutchie_product_id: row.dutchie_product_id,
    sku: row.sku,
    upc: row.upc,
    product_name: row.product_name,
    brand: row.brand,
    category: row.category,
    subcategory: row.subcategory,
    thc_percentage: row.thc_percentage,
    cbd_percentage: row.cbd_percentage,
    thc_mg: row.thc_mg,
    cbd_mg: row.cbd_mg,
    unit_price: row.unit_price,
    unit_cost: row.unit_cost,
    status: row.status,
  };
}

const pickContent = (row: ProductRow) => ({
  ...pickProductContent(row),
  source_at: row.source_at,
  source_rank: row.source_rank,
  content_hash: row.content_hash,
});
