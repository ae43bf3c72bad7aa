import { PUSH_STATES } from "../../domain/pushes/push.ts";
import { PUSH_FIELDS } from "../../domain/records/model.ts";
import { problem, time, z } from "./common.ts";
import { fieldValue } from "./records.ts";

export const pushState = z.enum(PUSH_STATES);

export const push = z
  .object({
    push_id: z.string(),
    product_id: z.string(),
    product_name: z.string().nullable().openapi({ description: "null: the product no longer exists" }),
    dutchie_product_id: z.string(),
    state: pushState.openapi({
      description:
        "parked: it failed repeatedly and waits until a person sends it again; conflict: a person decides in a review",
    }),
    fields: z.array(z.object({ field: z.enum(PUSH_FIELDS), value: fieldValue, base: fieldValue })).openapi({
      description: "What is written (`value`), and Dutchie's value at the time of the edit (`base`)",
    }),
    attempts: z.number().openapi({ description: "Failed attempts" }),
    next_attempt_at: time.nullable(),
    error: problem.nullable(),
    reason: z.string().nullable().openapi({ description: "Why it ended, if it was not simply written" }),
    edited_by: z.string(),
    created_at: time,
    updated_at: time,
    sent_at: time.nullable(),
  })
  .openapi("Push");
export type PushJson = z.infer<typeof push>;
