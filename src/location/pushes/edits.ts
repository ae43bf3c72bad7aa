import { and, eq, ne } from "drizzle-orm";
import { type RecordsDb, recordsDb } from "../../db/databases.ts";
import { loadProductsById } from "../../db/load-records.ts";
import { type LocationRow, products } from "../../db/schema.ts";
import { changesInsert, productsUpsert } from "../../db/statements.ts";
import { writeBatch } from "../../db/write.ts";
import { type ProductEdit, planEdit, type Refusal } from "../../domain/pushes/edit.ts";
import { isOpen, type PushFields, pushEntries } from "../../domain/pushes/push.ts";
import type { Origin } from "../../domain/records/change.ts";
import { changeOf, diff, hashOf } from "../../domain/records/decide.ts";
import { type ProductContent, PUSH_FIELDS } from "../../domain/records/model.ts";
import { dutchieSide, editsOf, type InForce, type Overridable, override } from "../../domain/records/overrides.ts";
import { EMPTY_PRODUCT, pickProductContent } from "../../domain/records/product.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import { findOpenConflict } from "../reviews/review-context.ts";
import type { Outbox } from "./outbox.ts";

export interface EditContext {
  env: Env;
  location: LocationRow;
  outbox: Outbox;
  now: number;
  /** The person's id, as their token says. */
  by: string;
}

export type EditResult =
  | { ok: true; product_id: string; pushed: boolean }
  | { ok: false; reason: "not_found" }
  | { ok: false; reason: "conflict"; message: string; details: Record<string, unknown> };

/** A product of ReUp's own: Dutchie knows nothing of it until one of its products is matched to it. */
export async function createProduct(
  context: EditContext,
  product_id: string,
  fields: ProductEdit & { product_name: string },
): Promise<EditResult> {
  const { now } = context;
  const db = recordsDb(context.env, context.location.location_id);
  const taken = await skuTaken(db, context, fields.sku ?? null, product_id);
  if (taken !== null) return taken;
  const { notes = null, ...told } = fields;
  const content: ProductContent = { ...EMPTY_PRODUCT, ...told, dutchie_product_id: null };
  const row: ProductRow = {
    product_id,
    ...content,
    source_at: 0,
    source_rank: 0,
    content_hash: hashOf(content),
    merged_into: null,
    overrides: null,
    notes,
    source: "reup",
    unsettled: null,
    updated_at: now,
  };
  await writeProduct(db, context, undefined, row, { cause: "user", ref: null });
  return { ok: true, product_id, pushed: false };
}

/** Changes fields of a product; what Dutchie must be told goes through the outbox. */
export async function editProduct(context: EditContext, product_id: string, edit: ProductEdit): Promise<EditResult> {
  const { location, outbox, now, by } = context;
  const db = recordsDb(context.env, location.location_id);
  const [row] = await loadProductsById(db, location.location_id, [product_id]);
  if (row === undefined) return { ok: false, reason: "not_found" };
  const plan = planEdit(row, edit, location.settings);
  if (plan.kind === "refused") {
    return {
      ok: false,
      reason: "conflict",
      message: plan.refusals.map(({ field, reason }) => `${field}: ${reason}`).join(" "),
      details: { fields: plan.refusals satisfies Refusal[] },
    };
  }
  const edits = pushEntries(plan.push);
  const pushed = edits.length > 0;
  if (pushed) {
    const open = await findOpenConflict(db, location.location_id, product_id);
    const review_id = open?.conflicts?.some(({ field }) => plan.push[field] !== undefined) ? open.review_id : null;
    if (review_id !== null) {
      const message = "This field was changed in Dutchie and in ReUp: decide that review first.";
      return { ok: false, reason: "conflict", message, details: { review_id } };
    }
  }
  if (plan.own.sku != null) {
    const taken = await skuTaken(db, context, plan.own.sku, product_id);
    if (taken !== null) return taken;
  }
  const own: ProductRow = { ...row, ...plan.own };
  if (pushed) await showEdits({ db, location, outbox, now }, own, plan.push, by, row);
  else if (Object.keys(plan.own).length > 0) {
    const content_hash = own.dutchie_product_id === null ? hashOf(pickProductContent(own)) : own.content_hash;
    const next = { ...own, content_hash, updated_at: now };
    await writeProduct(db, context, row, next, { cause: "user", ref: null });
  }
  return { ok: true, product_id, pushed };
}

/** Puts edits into the outbox and shows them; the outbox first, so that no edit is shown that nobody sends. */
export async function showEdits(
  { db, location, outbox, now }: Pick<EditContext, "location" | "outbox" | "now"> & { db: RecordsDb },
  row: ProductRow,
  fields: PushFields,
  by: string,
  before: ProductRow = row,
): Promise<void> {
  const product = { product_id: row.product_id, dutchie_product_id: row.dutchie_product_id ?? "" };
  const { push_id } = outbox.add(product, fields, by, now);
  const chosen: Partial<Record<Overridable, InForce>> = { ...row.overrides };
  for (const [field, { value }] of pushEntries(fields)) chosen[field] = { value, fill: false, push: true };
  const next = { ...override(dutchieSide(row), chosen), updated_at: now };
  await writeProduct(db, { location, now }, before, next, { cause: "user", ref: push_id });
}

/**
 * The product shows what Dutchie says again, but for fields that another open push of it carries: its edit was done,
 * taken back, or waits for a decision.
 */
export async function endEdits(
  { env, location, outbox, now }: Omit<EditContext, "by">,
  product_id: string,
  fields: PushFields,
  push_id: string,
): Promise<void> {
  const db = recordsDb(env, location.location_id);
  const [row] = await loadProductsById(db, location.location_id, [product_id]);
  if (row === undefined) return;
  const others = outbox.ofProduct(product_id).filter((push) => push.push_id !== push_id && isOpen(push.state));
  const stay = new Set<string>(others.flatMap((push) => Object.keys(push.fields)));
  const edits = editsOf(row.overrides);
  const ended = PUSH_FIELDS.filter((field) => fields[field] !== undefined && edits[field] && !stay.has(field));
  if (ended.length === 0) return;
  const left = Object.fromEntries(
    Object.entries(row.overrides ?? {}).filter(([field]) => !(ended as string[]).includes(field)),
  );
  const next = { ...override(dutchieSide(row), left), updated_at: now };
  await writeProduct(db, { location, now }, row, next, { cause: "user", ref: push_id });
}

/** Unguarded: an edit is no newer version of Dutchie's. The row was read in the store's serial section. */
export async function writeProduct(
  db: RecordsDb,
  { location, now }: Pick<EditContext, "location" | "now">,
  before: ProductRow | undefined,
  row: ProductRow,
  origin: Origin,
): Promise<void> {
  const { location_id } = location;
  const shown = (product: ProductRow) => ({ ...pickProductContent(product), notes: product.notes });
  const fields = diff(before && shown(before), shown(row));
  const change = changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now);
  await writeBatch(db, [
    ...productsUpsert(location_id, [row], "differs"),
    ...changesInsert(location_id, Object.keys(fields).length === 0 ? [] : [change]),
  ]);
}

/** Two products of one SKU are a duplicate to be settled, not one to be made. */
async function skuTaken(
  db: RecordsDb,
  { location }: EditContext,
  sku: string | null,
  product_id: string,
): Promise<EditResult | null> {
  const key = skuKey(sku);
  if (key === null) return null;
  const [other] = await db
    .select({ product_id: products.product_id })
    .from(products)
    .where(
      and(
        eq(products.location_id, location.location_id),
        eq(products.sku_key, key),
        ne(products.product_id, product_id),
        ne(products.status, "deleted"),
      ),
    )
    .limit(1);
  if (other === undefined) return null;
  const message = `Another product has the SKU ${sku}: edit that one, or give this one another SKU.`;
  return { ok: false, reason: "conflict", message, details: { product_id: other.product_id } };
}
