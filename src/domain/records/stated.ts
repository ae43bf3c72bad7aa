import { round4OrNull } from "../values/number.ts";
import { chargedPrice, type Prices } from "../values/price.ts";
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

const PRODUCT_KEYS = [
  "category",
  "master_category",
  "subcategory",
  "unit_grams",
  "thc",
  "cbd",
  "price",
  "rec_price",
  "med_price",
] as const;
const PACKAGE_KEYS = ["price", "rec_price", "med_price", "allocated"] as const;

export type ProductStatement = Pick<DutchieProduct, Extract<(typeof PRODUCT_KEYS)[number], keyof DutchieProduct>>;

export const statementOf = (row: DutchieProduct): ProductStatement => only(row, PRODUCT_KEYS);

/** The statement of content without a decoded row: what Dutchie accepted from ReUp. */
export function statementOfContent(content: Partial<ProductContent>): ProductStatement {
  const { unit_price, category, thc_percentage, cbd_percentage } = content;
  const percent = (value: number | null) => (value === null ? null : { value, unit: "percent" as const });
  return {
    ...(unit_price === undefined ? {} : { price: unit_price }),
    ...(category === undefined ? {} : { category }),
    ...(thc_percentage === undefined ? {} : { thc: percent(thc_percentage) }),
    ...(cbd_percentage === undefined ? {} : { cbd: percent(cbd_percentage) }),
  };
}

/** What is stated after a row: its own values, and the earlier ones of fields that it leaves out. Keys in a fixed order. */
export function addProductStatement(before: StatedProduct, row: ProductStatement): StatedProduct {
  const stated: Record<string, unknown> = {};
  for (const key of PRODUCT_KEYS) {
    const said = row[key];
    const isLabel = key === "thc" || key === "cbd";
    const value = said === undefined ? before[key] : isLabel ? label(row[key] ?? null, before[key]) : said;
    if (value !== undefined) stated[key] = value;
  }
  return stated;
}

export function addPackageStatement(before: StatedPackage, row: StatedPackage): StatedPackage {
  const stated: StatedPackage = {};
  for (const key of PACKAGE_KEYS) {
    const value = statedOr(row[key], before[key]);
    if (value !== undefined) stated[key] = value;
  }
  return stated;
}

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

function only<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  const found: Partial<T> = {};
  for (const key of keys) if (from[key] !== undefined) found[key] = from[key];
  return found as Pick<T, K>;
}
