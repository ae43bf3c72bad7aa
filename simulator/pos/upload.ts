import { z } from "zod";
import type { ProductFields } from "../world/change.ts";
import type { Label, Product } from "../world/records.ts";

// A product in a write: its names and shapes differ from a read, and fields that are left out are treated in three ways.

const text = z.string().nullish();
const amount = z.number().nullish();
const flag = z.boolean().nullish();
const unit = z.enum(["%", "mg", "mg/g", "n.d."]).nullish();

/** Left out: becomes null, or false if the field is never null. */
const PLAIN = {
  description: text,
  alternateName: text,
  size: text,
  grossWeight: amount,
  vendorName: text,
  productGrams: amount,
  flowerEquivalent: amount,
  recFlowerEquivalent: amount,
  unitType: text,
  onlineTitle: text,
  onlineDescription: text,
  onlineProduct: flag,
  posProducts: flag,
  tags: z.array(z.int()).nullish(),
  defaultUnit: text,
  isMedicalOnly: flag,
  isTaxable: flag,
  regulatoryCategory: text,
  ndc: text,
  daysSupply: amount,
  illinoisTaxCategory: text,
  externalCategory: text,
  syncExternally: flag,
  taxCategories: z.array(z.string()).nullish(),
  instructions: text,
};
const NEVER_NULL = ["isMedicalOnly", "syncExternally"];

/** Left out: stays as it is. null empties it. */
const SPARSE = {
  externalId: text,
  administrationMethod: text,
  unitCBDContentDose: amount,
  unitTHCContentDose: amount,
  oilVolume: amount,
  ingredientList: text,
  expirationDays: z.int().nullish(),
  abbreviation: text,
  isTestProduct: z.boolean().optional(),
  isFinished: z.boolean().optional(),
  allowAutomaticDiscounts: z.boolean().optional(),
  servingSize: text,
  servingSizePerUnit: z.int().nullish(),
  isNutrient: z.boolean().optional(),
  approvalDateUTC: text,
  customMetadata: text,
  regulatoryName: text,
};

/** Other keys are ignored, as in .NET: for example the stamps and ids of a product that was read. */
export const uploadSchema = z.object({
  productId: z.int().nullish(),
  sku: z.string().min(1).optional(),
  productName: z.string().min(1).optional(),
  brandName: text,
  masterCategory: text,
  category: text,
  strain: text,
  strainType: text,
  netWeight: amount,
  netWeightUnit: text,
  isCannabis: z.boolean().optional(),
  isActive: z.boolean().optional(),
  thcContent: amount,
  thcContentUnit: unit,
  cbdContent: amount,
  cbdContentUnit: unit,
  price: amount,
  unitCost: amount,
  upc: text,
  pricingDetails: z.object({ medPrice: amount, recPrice: amount, pricingTierName: text }).nullish(),
  ...PLAIN,
  ...SPARSE,
});

export type Upload = z.output<typeof uploadSchema>;

/** The product after a write: nearly every field that was left out is emptied. */
export function uploaded(before: Product, row: Upload): ProductFields {
  const plain = (Object.keys(PLAIN) as (keyof typeof PLAIN)[]).map((field) => {
    return [field, row[field] ?? (NEVER_NULL.includes(field) ? false : null)] as const;
  });
  const sparse = (Object.keys(SPARSE) as (keyof typeof SPARSE)[]).flatMap((field) =>
    row[field] === undefined ? [] : [[field, row[field]] as const],
  );
  return {
    sku: row.sku ?? before.sku,
    upc: row.upc ?? null,
    name: row.productName ?? before.name,
    brand: row.brandName ?? null,
    masterCategory: row.masterCategory ?? null,
    category: row.category ?? null,
    strain: row.strain ?? null,
    strainType: row.strainType ?? null,
    isCannabis: row.isCannabis ?? false,
    price: row.price ?? null,
    medPrice: row.pricingDetails?.medPrice ?? null,
    recPrice: row.pricingDetails?.recPrice ?? null,
    unitCost: row.unitCost ?? null,
    netWeight: row.netWeight ?? null,
    netWeightUnit: row.netWeightUnit ?? null,
    thc: label(row.thcContent, row.thcContentUnit),
    cbd: label(row.cbdContent, row.cbdContentUnit),
    isActive: row.isActive ?? false,
    written: {
      ...Object.fromEntries([...plain, ...sparse]),
      pricingTierName: row.pricingDetails?.pricingTierName ?? null,
    },
  };
}

const label = (value: number | null | undefined, unit: Label["unit"] | undefined): Label => ({
  value: value ?? null,
  unit: unit ?? null,
});
