import { round4OrNull } from "../values/number.ts";
import { chargedPrice, type Prices } from "../values/price.ts";
import type { DutchieProduct, Label, Potency, ProductContent } from "./model.ts";
import { mapPotency } from "./potency.ts";

/**
 * What Dutchie last told of fields that are computed of several. Kept with the record, so that a row which tells only some
 * of them is completed by what was told before: an absent key makes no statement, here neither.
 */
export interface StatedProduct extends Prices {
  category?: string | null;
  master_category?: string | null;
  unit_grams?: number | null;
  thc?: Potency | null;
  cbd?: Potency | null;
}

/** `allocated` is kept only where the store counts without it. */
export interface StatedPackage extends Prices {
  allocated?: number | null;
}

const PRODUCT_KEYS = [
  "category",
  "master_category",
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

/** Of values alone, as Dutchie took them over from ReUp. */
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

/** What is known after a row: what it tells, and what it does not tell as it was. Keys in a fixed order. */
export function addProductStatement(before: StatedProduct, row: ProductStatement): StatedProduct {
  const { thc: _thc, cbd: _cbd, ...plain } = row;
  return only<StatedProduct, keyof StatedProduct>({ ...before, ...plain, ...labels(before, row) }, PRODUCT_KEYS);
}

export const addPackageStatement = (before: StatedPackage, row: StatedPackage): StatedPackage =>
  only({ ...before, ...row }, PACKAGE_KEYS);

/** A number without a word on its unit is in the unit that was told before. */
function labels(before: StatedProduct, row: ProductStatement): Pick<StatedProduct, "thc" | "cbd"> {
  const label = (told: Label | null, was: Potency | null | undefined): Potency | null =>
    told === null ? null : { value: told.value, unit: told.unit === "untold" ? (was?.unit ?? "none") : told.unit };
  return {
    ...(row.thc === undefined ? {} : { thc: label(row.thc, before.thc) }),
    ...(row.cbd === undefined ? {} : { cbd: label(row.cbd, before.cbd) }),
  };
}

type Computed = Pick<
  ProductContent,
  "category" | "unit_price" | "thc_percentage" | "thc_mg" | "cbd_percentage" | "cbd_mg"
>;

/** The fields on which `row` has a bearing, of everything that is known. `category`: what is known of it otherwise. */
export function computedFields(told: StatedProduct, row: ProductStatement, category: string | null): Partial<Computed> {
  const content: Partial<Computed> = {};
  const isCategorised = row.category !== undefined || row.master_category !== undefined;
  const own = told.category === undefined ? told.master_category : told.category;
  if (isCategorised && own !== undefined) content.category = own;
  const price = chargedPrice(told);
  const isPriced = row.price !== undefined || row.rec_price !== undefined || row.med_price !== undefined;
  if (isPriced && price !== undefined) content.unit_price = round4OrNull(price);

  const kind = own === undefined ? category : own;
  const grams = told.unit_grams ?? null;
  const bears = isCategorised || row.unit_grams !== undefined;
  // Whether a label in milligrams is one depends on the kind of good: until that is known, there is no statement.
  const isUnderstood = (label: Potency | null) => label?.unit !== "mg" || own !== undefined || category !== null;
  if (told.thc !== undefined && (bears || row.thc !== undefined) && isUnderstood(told.thc)) {
    const { percentage, mg } = mapPotency(told.thc, grams, kind);
    content.thc_percentage = percentage;
    content.thc_mg = mg;
  }
  if (told.cbd !== undefined && (bears || row.cbd !== undefined) && isUnderstood(told.cbd)) {
    const { percentage, mg } = mapPotency(told.cbd, grams, kind);
    content.cbd_percentage = percentage;
    content.cbd_mg = mg;
  }
  return content;
}

/** Whether two rows know the same. */
export const isSameStated = (a: object | null | undefined, b: object | null | undefined): boolean =>
  JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});

function only<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  const found: Partial<T> = {};
  for (const key of keys) if (from[key] !== undefined) found[key] = from[key];
  return found as Pick<T, K>;
}
