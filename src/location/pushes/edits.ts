import { and, eq, ne } from "drizzle-orm";
import { survivors } from "../../db/family.ts";
import { loadProductsById } from "../../db/load-records.ts";
import { usedWords } from "../../db/queries/list-mapping.ts";
import { findOpenConflict } from "../../db/reviews.ts";
import { products } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { lockOf, type ProductEdit, planEdit, type Refusal } from "../../domain/pushes/edit.ts";
import { isOpen, type PushFields, pushEntries } from "../../domain/pushes/push.ts";
import { inDutchiesWords, isWorded, type WordedEdit } from "../../domain/pushes/words.ts";
import type { Decider, Origin } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import type { ProductContent } from "../../domain/records/model.ts";
import { dutchieSide, editsOf, type InForce, type Overridable, override } from "../../domain/records/overrides.ts";
import { EMPTY_PRODUCT, pickProductContent, productHash } from "../../domain/records/product.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { contentHash } from "../../domain/records/version.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import type { StoreContext } from "../context.ts";
import { decideSkus } from "../records/duplicates.ts";
import { writeRecords } from "../records/write-records.ts";
import type { Push } from "../storage/outbox.ts";

export type EditResult =
  | { ok: true; product_id: string; pushed: boolean }
  | { ok: false; reason: "not_found" }
  | { ok: false; reason: "conflict" | "key_reused"; message: string; details: Record<string, unknown> };

export type NewFields = ProductEdit & { product_name: string };

/**
 * Creates a product of ReUp's own, once for a key. Dutchie does not know it until one of its products is matched to it. The
 * key is stored before the product, so a crash between the two is a call that is repeated.
 */
export async function createProduct(
  context: StoreContext,
  fresh_id: string,
  fields: NewFields,
  decided: Decider & { key?: string | undefined },
): Promise<EditResult> {
  const { db, store, location, now } = context;
  const { key, by, reason } = decided;
  const body = contentHash([fields]);
  const known = key === undefined ? null : store.creations.get(by, key);
  const product_id = known?.product_id ?? fresh_id;
  if (known !== null) {
    if (known.body !== body) return { ok: false, reason: "key_reused", message: KEY_REUSED, details: { product_id } };
    const made = await loadProductsById(db, location.location_id, [product_id]);
    if (made.length > 0) return { ok: true, product_id, pushed: false };
  }
  const taken = await skuTaken(context, fields.sku ?? null, product_id);
  if (taken !== null) return taken;
  if (key !== undefined) store.creations.put(by, key, { body, product_id }, now);
  const { notes = null, ...rest } = fields;
  const content: ProductContent = { ...EMPTY_PRODUCT, ...rest, dutchie_product_id: null };
  const row: ProductRow = {
    product_id,
    ...content,
    source_at: 0,
    source_rank: 0,
    content_hash: productHash(content),
    merged_into: null,
    overrides: null,
    notes,
    source: "reup",
    unsettled: null,
    updated_at: now,
  };
  await writeProducts(context, [{ row, before: null, push_id: null, decided: { by, reason } }]);
  return { ok: true, product_id, pushed: false };
}

const KEY_REUSED =
  "This Idempotency-Key is that of a call with another body, which added the product in the details. Use another key for another product.";

/** Changes fields of a product. What must be written to Dutchie goes through the outbox. */
export async function editProduct(
  context: StoreContext,
  product_id: string,
  { edit: asked, by }: { edit: WordedEdit; by: string },
): Promise<EditResult> {
  const { db, location, now } = context;
  const [row] = await loadProductsById(db, location.location_id, [product_id]);
  if (row === undefined) return { ok: false, reason: "not_found" };
  const worded = await inTheStoresWords(context, row, asked);
  if ("refusals" in worded) return refused(worded.refusals);
  const plan = planEdit(row, worded.edit, location.settings);
  if (plan.kind === "refused") return refused(plan.refusals);
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
    const taken = await skuTaken(context, plan.own.sku, product_id);
    if (taken !== null) return taken;
  }
  const own: ProductRow = { ...row, ...plan.own };
  if (pushed) await showEdits(context, { row: own, before: row, fields: plan.push, by, reason: null });
  else if (Object.keys(plan.own).length > 0) {
    const content_hash = own.dutchie_product_id === null ? productHash(pickProductContent(own)) : own.content_hash;
    const next = { ...own, content_hash, updated_at: now };
    await writeProducts(context, [{ row: next, before: row, push_id: null, decided: { by, reason: null } }]);
  }
  return { ok: true, product_id, pushed };
}

const refused = (fields: readonly Refusal[]): EditResult => ({
  ok: false,
  reason: "conflict",
  message: fields.map(({ field, reason }) => `${field}: ${reason}`).join(" "),
  details: { fields },
});

/** The edit in the words of the store's Dutchie, as far as it may be sent there. */
async function inTheStoresWords(
  { db, location }: StoreContext,
  row: ProductRow,
  asked: WordedEdit,
): Promise<{ edit: ProductEdit } | { refusals: readonly Refusal[] }> {
  const { dutchie_category, strain_type, ...edit } = asked;
  if (!isWorded(asked)) return { edit };
  const isSent =
    row.dutchie_product_id !== null &&
    lockOf(row, "category", location.settings) === null &&
    lockOf(row, "subcategory", location.settings) === null;
  if (isSent) {
    const used = await usedWords(db, location.location_id);
    const worded = inDutchiesWords(row, asked, used, location.settings.categories);
    return worded.ok ? { edit: worded.edit } : { refusals: worded.refusals };
  }
  if (dutchie_category !== undefined) edit.category = dutchie_category;
  if (strain_type !== undefined) edit.subcategory = strain_type;
  return { edit };
}

/** Puts edits into the outbox and shows them; the outbox first, so that no edit is shown that nobody sends. */
export async function showEdits(
  context: StoreContext,
  given: Decider & { row: ProductRow; before: ProductRow; fields: PushFields },
): Promise<void> {
  const { store, now } = context;
  const { row, before, fields, by, reason } = given;
  const product = { product_id: row.product_id, dutchie_product_id: row.dutchie_product_id ?? "" };
  const { push_id } = store.outbox.add(product, fields, by, now);
  const chosen: Partial<Record<Overridable, InForce>> = { ...row.overrides };
  for (const [field, { value }] of pushEntries(fields)) chosen[field] = { value, fill: false, push: true };
  const next = { ...override(dutchieSide(row), chosen), updated_at: now };
  await writeProducts(context, [{ row: next, before, push_id, decided: { by, reason } }]);
}

/**
 * The products show Dutchie's values again, except for fields of other open pushes: these edits were done, undone, or wait for a
 * decision.
 */
export async function endEdits(
  context: StoreContext,
  pushes: readonly Pick<Push, "push_id" | "product_id" | "fields">[],
): Promise<void> {
  const { db, store, location, now } = context;
  const ending = new Set(pushes.map(({ push_id }) => push_id));
  const byProduct = Map.groupBy(pushes, ({ product_id }) => product_id);
  const rows = await loadProductsById(db, location.location_id, [...byProduct.keys()]);
  const ended = rows.flatMap((before): Written[] => {
    const own = byProduct.get(before.product_id) ?? [];
    const fieldsOf = (of: readonly Pick<Push, "fields">[]) => new Set(of.flatMap(({ fields }) => Object.keys(fields)));
    const others = store.outbox.ofProduct(before.product_id);
    const stay = fieldsOf(others.filter(({ push_id, state }) => !ending.has(push_id) && isOpen(state)));
    const edits = editsOf(before.overrides);
    const gone = [...fieldsOf(own)].filter((field) => field in edits && !stay.has(field));
    if (gone.length === 0) return [];
    const left = Object.fromEntries(Object.entries(before.overrides ?? {}).filter(([field]) => !gone.includes(field)));
    const row = { ...override(dutchieSide(before), left), updated_at: now };
    return [{ row, before, push_id: own[0]?.push_id ?? null }];
  });
  if (ended.length > 0) await writeProducts(context, ended);
  await showChoices(context, rows);
}

/** An edit also hid what somebody chose when duplicates were merged. It is shown again. */
async function showChoices(context: StoreContext, rows: readonly ProductRow[]): Promise<void> {
  const { db, location } = context;
  const among = await survivors(
    db,
    location.location_id,
    rows.map(({ product_id }) => product_id),
  );
  const skus = rows.flatMap(({ product_id, sku }) => (sku !== null && among.has(product_id) ? [sku] : []));
  if (skus.length === 0) return;
  const decided = await decideSkus(context, skus, []);
  await writeRecords(context, decided.statements, decided);
}

/** `push_id`: of the push that carries the edit. */
interface Written {
  row: ProductRow;
  before: ProductRow | null;
  push_id: string | null;
  decided?: Decider;
}

/** Unguarded: an edit is no newer version of Dutchie's. The rows were read in the store's serial section. */
async function writeProducts(context: StoreContext, written: readonly Written[]): Promise<void> {
  const { location, now } = context;
  const shown = (product: ProductRow) => ({ ...pickProductContent(product), notes: product.notes });
  const changes = written.flatMap(({ row, before, push_id, decided }) => {
    const fields = diff(before === null ? undefined : shown(before), shown(row));
    const origin: Origin = { cause: "user", ref: push_id, ...(decided && { decided }) };
    const change = changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now);
    return Object.keys(fields).length === 0 ? [] : [change];
  });
  const rows = written.map(({ row }) => row);
  await writeRecords(context, productsUpsert(location, rows, "differs"), { changes });
}

/** A second product of one SKU would be a duplicate, so it is not created. */
async function skuTaken(
  { db, location }: StoreContext,
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
