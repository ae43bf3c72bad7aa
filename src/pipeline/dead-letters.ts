import { eq } from "drizzle-orm";
import { z } from "zod";
import { bulkUpsert } from "../db/bulk.ts";
import { accountsDb } from "../db/records.ts";
import { deadLetters, locations } from "../db/schema.ts";
import { writeBatch } from "../db/write.ts";
import { redact } from "../dutchie/redact.ts";
import { causeOf } from "../failures.ts";

const anyMessage = z.object({ location_id: z.string() });

/** The dead-letter queue ends in D1, where a message is seen, alerted on and replayed; without this it would be deleted. */
export async function consumeDeadLetters(batch: MessageBatch, env: Env): Promise<void> {
  const db = accountsDb(env);
  for (const message of batch.messages) {
    try {
      const location_id = anyMessage.safeParse(message.body).data?.location_id ?? "";
      const [store] = await db
        .select({ retailer_id: locations.retailer_id })
        .from(locations)
        .where(eq(locations.location_id, location_id));
      const row = {
        dead_letter_id: message.id,
        retailer_id: store?.retailer_id ?? "",
        location_id,
        queue: batch.queue,
        kind: "system" as const,
        reason: `not processed after ${message.attempts} deliveries`,
        body: redact(message.body),
        at: message.timestamp.getTime(),
      };
      await writeBatch(db, bulkUpsert(deadLetters, [row], "differs"));
      message.ack();
    } catch (error) {
      console.error({ message: "dead letter not stored, will retry", id: message.id, cause: causeOf(error) });
      message.retry({ delaySeconds: 60 });
    }
  }
}
