import { PUSH_FIELDS } from "../../domain/records/model.ts";
import { OVERRIDABLE } from "../../domain/records/overrides.ts";
import { REVIEW_ACTIONS, REVIEW_KINDS } from "../../domain/reviews/review.ts";
import { decisionReason, time, z } from "./common.ts";
import { product } from "./records.ts";

export const reviewState = z.enum(["open", "resolved"]);
export const reviewKind = z.enum(REVIEW_KINDS);
const reviewAction = z.enum(REVIEW_ACTIONS);

const value = z.union([z.string().max(500), z.number(), z.null()]);

const candidate = z.union([
  product.extend({ packages: z.number().openapi({ description: "Packages in stock, with those of merged products" }) }),
  z
    .object({
      record_id: z.string(),
      product_name: z.string().nullable(),
      package_id: z.string().nullable(),
      room_name: z.string().nullable(),
      quantity: z.number().nullable(),
      value: z.number().nullable().openapi({ description: "Quantity × price" }),
    })
    .openapi({
      description:
        "In a held snapshot: up to 20 of the packages or products that the list leaves out. null: not known, or a product has none",
    }),
]);

const preview = z.object({
  product_id: z.string().openapi({ description: "The product that stays" }),
  quantity: z.number(),
  packages: z.number(),
  fields: z
    .record(z.string(), z.object({ value, from: z.string().nullable() }))
    .openapi({ description: "Each field's value and the product that it comes from; null: a person entered it" }),
});

export const review = z
  .object({
    review_id: z.string(),
    kind: reviewKind,
    state: reviewState,
    subject: z.string().openapi({
      description:
        "The SKU as one product spells it, the product's id (in an ambiguous match: Dutchie's), or the resource",
    }),
    reason: z.string(),
    opened_at: time,
    resolved_at: time.nullable(),
    resolved_by: z.string().nullable().openapi({ description: "A person's id, `auto` or `snapshot`" }),
    resolved_reason: z.string().nullable().openapi({ description: "Why, in the person's words" }),
    undone: z
      .object({ by: z.string(), reason: z.string().nullable(), at: time })
      .nullable()
      .openapi({ description: "Who took back the decision before, and why, in the person's words" }),
    action: reviewAction.nullable(),
    into: z.string().nullable(),
    candidates: z.array(candidate),
    conflicts: z
      .array(z.object({ field: z.enum(PUSH_FIELDS), base: value, dutchie_value: value, reup_value: value }))
      .openapi({ description: "In an edit conflict: the field's value before (`base`), and its value on each side" }),
    value_at_stake: z
      .number()
      .nullable()
      .openapi({ description: "In a held snapshot: quantity × price of the packages that it leaves out" }),
    held_rows: z.number().int().nullable().openapi({
      description:
        "In a held snapshot: how many packages or products it leaves out; null until the next sync counted them",
    }),
    preview: preview.nullable().openapi({ description: "The merged product, before or after the merge" }),
  })
  .openapi("Review");
export type ReviewJson = z.infer<typeof review>;

const asked = z.union([value, z.strictObject({ from: z.string().max(200) })]);

export const resolveReview = z
  .strictObject({
    action: reviewAction,
    into: z.string().max(200).optional(),
    fields: z.partialRecord(z.enum(OVERRIDABLE), asked).default({}).openapi({
      description: "Fields of the product that stays: a value, or { from: product_id } for another candidate's value",
    }),
    count: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().openapi({
      description:
        "With `confirm`: how many the person was shown (`held_rows`). Refused with 409 when it is another number by now",
    }),
    reason: decisionReason,
  })
  .openapi("ResolveReview");
