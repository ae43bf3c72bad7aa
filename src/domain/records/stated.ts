import { round4OrNull } from "../values/number.ts";
import { chargedPrice, chargesRecPrice, type Prices } from "../values/price.ts";
import type { DutchieProduct, Label, Potency, ProductContent } from "./model.ts";
import { mapPotency } from "./potency.ts";

/**
 * What Dutchie last stated of the fields from which ReUp computes others (prices, potency, category). It is stored with
 * the record (column `stated`), so a row that states only some of these fields is completed with the earlier statements.
 */
export interface StatedProduct extends Prices {
  category?: string | null;
  master_category?: string | null;
  /** Dutchie's own. */
  subcategory?: string | null;
  unit_grams?: number | null;
  thc?: Potency | null;
  cbd?: Potency | null;
}

export interface StatedPackage extends Prices {
  allocated?: number | null;
}

export type ProductStatement = Pick<DutchieProduct, keyof StatedProduct>;

export const statementOf = (row: DutchieProduct): ProductStatement => ({
  category: row.category,
  master_category: row.master_category,
  subcategory: row.subcategory,
  unit_grams: row.unit_grams,
  thc: row.thc,
  cbd: row.cbd,
  price: row.price,
  rec_price: row.rec_price,
  med_price: row.med_price,
});

/** The statement of content without a decoded row: what Dutchie accepted from ReUp. A price is the one that `before` charges. */
export function statementOfContent(content: Partial<ProductContent>, before: StatedProduct): ProductStatement {
  const { unit_price, category, thc_percentage, cbd_percentage } = content;
  const percent = (value: number | null) => (value === null ? null : { value, unit: "percent" as const });
  return {
    ...(unit_price === undefined ? {} : { [chargesRecPrice(before) ? "rec_price" : "price"]: unit_price }),
    ...(category === undefined ? {} : { category }),
    ...(thc_percentage === undefined ? {} : { thc: percent(thc_percentage) }),
    ...(cbd_percentage === undefined ? {} : { cbd: percent(cbd_percentage) }),
  };
}

/** What is stated after a row: its own values, and the earlier ones of fields that it leaves out. Keys in a fixed order. */
export const addProductStatement = (before: StatedProduct, row: ProductStatement): StatedProduct => ({
  category: statedOr(row.category, before.category),
  master_category: statedOr(row.master_category, before.master_category),
  subcategory: statedOr(row.subcategory, before.subcategory),
  unit_grams: statedOr(row.unit_grams, before.unit_grams),
  thc: row.thc === undefined ? before.thc : label(row.thc, before.thc),
  cbd: row.cbd === undefined ? before.cbd : label(row.cbd, before.cbd),
  price: statedOr(row.price, before.price),
  rec_price: statedOr(row.rec_price, before.rec_price),
  med_price: statedOr(row.med_price, before.med_price),
});

export const addPackageStatement = (before: StatedPackage, row: StatedPackage): StatedPackage => ({
  price: statedOr(row.price, before.price),
  rec_price: statedOr(row.rec_price, before.rec_price),
  med_price: statedOr(row.med_price, before.med_price),
  allocated: statedOr(row.allocated, before.allocated),
});

/** What the row states, else what was stated before. */
export const statedOr = <T>(stated: T | undefined, before: T): T => (stated === undefined ? before : stated);

/** A number without a unit has the unit that was stated before. */
const label = (stated: Label | null, was: Potency | null | undefined): Potency | null =>
  stated === null
    ? null
    : { value: stated.value, unit: stated.unit === "untold" ? (was?.unit ?? "none") : stated.unit };

type Computed = Pick<
  ProductContent,
  "category" | "unit_price" | "thc_percentage" | "thc_mg" | "cbd_percentage" | "cbd_mg"
>;

/** The computed fields that `row` affects, from all that is stated. `category`: the product's category if none is stated. */
export function computedFields(
  stated: StatedProduct,
  row: ProductStatement,
  category: string | null,
): Partial<Computed> {
  const content: Partial<Computed> = {};
  const hasCategory = row.category !== undefined || row.master_category !== undefined;
  const own = stated.category === undefined ? stated.master_category : stated.category;
  if (hasCategory && own !== undefined) content.category = own;
  const price = chargedPrice(stated);
  const hasPrice = row.price !== undefined || row.rec_price !== undefined || row.med_price !== undefined;
  if (hasPrice && price !== undefined) content.unit_price = round4OrNull(price);

  const kind = own === undefined ? category : own;
  const grams = stated.unit_grams ?? null;
  const affectsPotency = hasCategory || row.unit_grams !== undefined;
  // Whether a label in milligrams can be trusted depends on the category. Until that is known, nothing is computed.
  const isClear = (label: Potency | null) => label?.unit !== "mg" || own !== undefined || category !== null;
  if (stated.thc !== undefined && (affectsPotency || row.thc !== undefined) && isClear(stated.thc)) {
    const { percentage, mg } = mapPotency(stated.thc, grams, kind);
    content.thc_percentage = percentage;
    content.thc_mg = mg;
  }
  if (stated.cbd !== undefined && (affectsPotency || row.cbd !== undefined) && isClear(stated.cbd)) {
    const { percentage, mg } = mapPotency(stated.cbd, grams, kind);
    content.cbd_percentage = percentage;
    content.cbd_mg = mg;
  }
  return content;
}

/** Whether two records have the same statements. */
export const isSameStated = (a: object | null | undefined, b: object | null | undefined): boolean =>
  JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
