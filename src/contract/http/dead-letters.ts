import { z } from "./common.ts";

export const deadLetter = z
  .object({
    dead_letter_id: z.string(),
    location_id: z.string(),
    queue: z.string(),
    kind: z.enum(["config", "auth", "data", "system"]).openapi({
      description: "config: the store is gone; auth: its credentials do not open; data: not understood; system: ours",
    }),
    reason: z.string(),
    at: z.iso.datetime(),
    healed_at: z.iso.datetime().nullable().openapi({
      description: "When a later sync had read from Dutchie what the message told: nobody need do anything",
    }),
  })
  .openapi("DeadLetter");
export type DeadLetterJson = z.infer<typeof deadLetter>;

/** Lists carry no bodies. */
export const wholeDeadLetter = deadLetter
  .extend({ body: z.unknown().openapi({ description: "The message, without customers' data" }) })
  .openapi("WholeDeadLetter");
export type WholeDeadLetterJson = z.infer<typeof wholeDeadLetter>;
