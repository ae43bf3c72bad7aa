import { z } from "./common.ts";

export const deadLetter = z
  .object({
    dead_letter_id: z.string(),
    location_id: z.string(),
    queue: z.string(),
    kind: z.enum(["config", "auth", "data", "system", "receiver"]).openapi({
      description:
        "config: the store is gone; auth: its credentials cannot be opened; data: the message cannot be read; system: our fault; " +
        "receiver: a receiver of changes did not accept them for a day",
    }),
    reason: z.string(),
    at: z.iso.datetime(),
    healed_at: z.iso.datetime().nullable().openapi({
      description: "When a later sync read the same data from Dutchie: there is nothing to do",
    }),
  })
  .openapi("DeadLetter");
export type DeadLetterJson = z.infer<typeof deadLetter>;

/** Only a single dead letter has its message; lists do not. */
export const wholeDeadLetter = deadLetter
  .extend({ body: z.unknown().openapi({ description: "The message, without customers' data" }) })
  .openapi("WholeDeadLetter");
