import { z } from "@hono/zod-openapi";
import { PUSH_FIELDS } from "../../domain/records/model.ts";
import { time } from "./common.ts";

const value = z.union([z.string(), z.number(), z.null()]);

export const pushState = z.enum(["waiting", "sending", "done", "parked", "conflict", "cancelled"]);

export const push = z
  .object({
    push_id: z.string(),
    product_id: z.string(),
    product_name: z.string().nullable().openapi({ description: "null: the product is not there any more" }),
    dutchie_product_id: z.string(),
    state: pushState.openapi({
      description: "parked: given up after repeated failures, until a person retries it; conflict: a review decides",
    }),
    fields: z.array(z.object({ field: z.enum(PUSH_FIELDS), value, base: value })).openapi({
      description: "What is written, and what Dutchie said when the edit was made",
    }),
    attempts: z.number().openapi({ description: "Failed ones" }),
    next_attempt_at: time.nullable(),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
    reason: z.string().nullable().openapi({ description: "Why it ended, when not by being written" }),
    edited_by: z.string(),
    created_at: time,
    updated_at: time,
    sent_at: time.nullable(),
  })
  .openapi("Push");
