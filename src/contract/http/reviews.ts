import { PUSH_FIELDS } from "../../domain/records/model.ts";
import { OVERRIDABLE } from "../../domain/records/overrides.ts";
import { REVIEW_ACTIONS, REVIEW_KINDS } from "../../domain/reviews/review.ts";
import { time, z } from "./common.ts";
import { product } from "./records.ts";

export const reviewState = z.enum(["open", "resolved"]);
export const reviewKind = z.enum(REVIEW_KINDS);
const reviewAction = z.enum(REVIEW_ACTIONS);

const value = z.union([z.string().max(500), z.number(), z.null()]);

const candidate = z.union([
  product.extend({ packages: z.number().openapi({ description: "In stock, those of merged products too" }) }),
  z.object({ record_id: z.string() }).openapi({ description: "Of a held snapshot: up to 20 of the rows in question" }),
]);

const preview = z.object({
  product_id: z.string().openapi({ description: "The survivor" }),
  quantity: z.number(),
  packages: z.number(),
  fields: z
    .record(z.string(), z.object({ value, from: z.string().nullable() }))
    .openapi({ description: "Each field's value and the product it is from; null: a person gave it" }),
});

export const review = z
  .object({
    review_id: z.string(),
    kind: reviewKind,
    state: reviewState,
    subject: z.string().openapi({
      description:
        "The SKU as a product spells it, the product's id (of an ambiguous match: Dutchie's), or the resource",
    }),
    reason: z.string(),
    opened_at: time,
    resolved_at: time.nullable(),
    resolved_by: z.string().nullable().openapi({ description: "A person's id, `auto` or `snapshot`" }),
    action: reviewAction.nullable(),
    into: z.string().nullable(),
    candidates: z.array(candidate),
    conflicts: z
      .array(z.object({ field: z.enum(PUSH_FIELDS), base: value, dutchie_value: value, reup_value: value }))
      .openapi({ description: "Of an edit conflict: what the field was, and what each side made of it" }),
    value_at_stake: z
      .number()
      .nullable()
      .openapi({ description: "Of a held snapshot: quantity × price of the packages that it leaves out" }),
    preview: preview.nullable().openapi({ description: "The merged record: as it would be, or as it is" }),
  })
  .openapi("Review");
export type ReviewJson = z.infer<typeof review>;

const asked = z.union([value, z.strictObject({ from: z.string().max(200) })]);

export const resolveReview = z
  .strictObject({
    action: reviewAction,
    into: z.string().max(200).optional(),
    fields: z.partialRecord(z.enum(OVERRIDABLE), asked).default({}).openapi({
      description: "Fields of the survivor: a value, or { from: product_id } for another candidate's",
    }),
  })
  .openapi("ResolveReview");
