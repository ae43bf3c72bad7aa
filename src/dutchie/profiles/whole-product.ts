import type { FieldValue } from "../../domain/records/overrides.ts";
import type { FieldValues } from "./profile.ts";

/**
 * The fields of a product that can be both read and written. Dutchie empties what a whole write leaves out, so all of them
 * go back. Fields that can only be read (ids of brand and strain, images, …) are not touched by a write.
 */
const WRITABLE = `
  productId sku productName description alternateName masterCategory category strain strainType size netWeight
  netWeightUnit grossWeight brandName vendorName isCannabis isActive thcContent thcContentUnit cbdContent cbdContentUnit
  productGrams flowerEquivalent recFlowerEquivalent price unitCost unitType onlineTitle onlineDescription onlineProduct
  posProducts defaultUnit isMedicalOnly isTaxable regulatoryCategory ndc daysSupply illinoisTaxCategory
  externalCategory externalId syncExternally administrationMethod unitCBDContentDose unitTHCContentDose oilVolume
  ingredientList expirationDays abbreviation isTestProduct isFinished allowAutomaticDiscounts servingSize
  servingSizePerUnit isNutrient approvalDateUTC customMetadata taxCategories instructions upc regulatoryName
`
  .trim()
  .split(/\s+/);

/** Must not be null in a write. Left out, they stay as they are. */
const REQUIRED: ReadonlySet<string> = new Set(["sku", "productName"]);

/** The body of a whole write: the product as read, in the shape of a write, with the new values. */
export function wholeProduct(raw: Record<string, unknown>, values: FieldValues["values"]): Record<string, unknown> {
  const fields = new Map(Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value]));
  const get = (name: string) => fields.get(name.toLowerCase());
  const body: Record<string, unknown> = {};
  for (const name of WRITABLE) {
    const value = get(name);
    if (value === undefined || (value === null && REQUIRED.has(name))) continue;
    body[name] = value;
  }
  // Tags are read as objects and written as ids. Prices are read as fields and written as `pricingDetails`.
  const tags = get("tags");
  if (tags !== undefined) body.tags = Array.isArray(tags) ? tags.map(tagId) : tags;
  const details = { medPrice: get("medPrice"), recPrice: get("recPrice"), pricingTierName: get("pricingTierName") };
  if (Object.values(details).some((value) => value !== undefined)) body.pricingDetails = details;
  return { ...body, ...renamedWhole(values) };
}

/** Whether a whole write that starts from the one equals a whole write that starts from the other. Lists count in any order. */
export function writesSame(one: Record<string, unknown> | undefined, other: Record<string, unknown>): boolean {
  return one !== undefined && textOf(wholeProduct(one, {})) === textOf(wholeProduct(other, {}));
}

const textOf = (body: Record<string, unknown>): string =>
  JSON.stringify(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.map(textOfEach).sort() : value]),
  );

const textOfEach = (value: unknown): string => JSON.stringify(value) ?? "";

const tagId = (tag: unknown): unknown =>
  typeof tag === "object" && tag !== null ? ((tag as Record<string, unknown>).tagId ?? tag) : tag;

function renamedWhole(values: FieldValues["values"]): Record<string, FieldValue> {
  const body: Record<string, FieldValue> = {};
  const { product_name, brand, category, subcategory, thc_percentage, cbd_percentage } = values;
  if (product_name !== undefined) body.productName = product_name;
  if (brand !== undefined) body.brandName = brand;
  if (category !== undefined) body.category = category;
  if (subcategory !== undefined) body.strainType = subcategory;
  if (thc_percentage !== undefined) Object.assign(body, potency("thc", thc_percentage));
  if (cbd_percentage !== undefined) Object.assign(body, potency("cbd", cbd_percentage));
  return body;
}

const potency = (kind: "thc" | "cbd", value: FieldValue): Record<string, FieldValue> => ({
  [`${kind}Content`]: value,
  [`${kind}ContentUnit`]: value === null ? null : "%",
});
