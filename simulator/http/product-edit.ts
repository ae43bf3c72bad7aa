import { z } from "zod";
import { seededExtra } from "../world/extra.ts";

const label = z.object({ value: z.number().nullable(), unit: z.enum(["%", "mg", "mg/g", "n.d."]).nullable() });
const text = z.string().nullable();
const amount = z.number().nullable();

const { productId: _, ...extra } = seededExtra(1);
const EXTRA = new Set(Object.keys(extra));
const written = z
  .record(z.string(), z.unknown())
  .refine((fields) => Object.keys(fields).every((key) => EXTRA.has(key)), {
    message: "not a field of Dutchie's product, or one that has a name of its own here",
  });

/** What can be set on a product by hand; `written` has the fields of `extra.ts` under Dutchie's names. */
export const productEditSchema = z
  .strictObject({
    sku: text,
    upc: text,
    name: z.string(),
    brand: text,
    category: text,
    strainType: text,
    price: amount,
    medPrice: amount,
    recPrice: amount,
    unitCost: amount,
    netWeight: amount,
    netWeightUnit: text,
    thc: label,
    cbd: label,
    isActive: z.boolean(),
    written,
  })
  .partial();
