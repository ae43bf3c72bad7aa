import { z } from "@hono/zod-openapi";
import { time } from "./common.ts";

/** `to`: a database of records; "01" is bound as `RECORDS_01`. */
export const startMove = z
  .object({
    to: z
      .string()
      .regex(/^\d{1,4}$/)
      .openapi({ example: "01" }),
  })
  .openapi("StartMove");

export const move = z
  .object({
    from: z.string(),
    to: z.string(),
    state: z.enum(["copying", "checking", "clearing", "done", "failed"]).openapi({
      description:
        "`checking`: nothing is applied to the store for a moment; `clearing`: the old rows, or those of a move that failed, " +
        "are deleted after a while",
    }),
    switched: z.boolean().nullable().openapi({
      description: "True: the store's records are those on `to`. False: the move was given up. null: neither yet",
    }),
    rows_copied: z.number(),
    started_at: time,
    finished_at: time.nullable(),
    error: z.string().nullable().openapi({ description: "Why the last step failed" }),
  })
  .openapi("Move");
export type MoveJson = z.infer<typeof move>;
