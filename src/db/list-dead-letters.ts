import { and, eq, gt, inArray, type SQL } from "drizzle-orm";
import { inList } from "./bulk.ts";
import type { Visible } from "./locations.ts";
import type { RecordsDb } from "./records.ts";
import { deadLetters } from "./schema.ts";

export type DeadLetterRow = typeof deadLetters.$inferSelect;

export function listDeadLetters(
  db: RecordsDb,
  who: Visible,
  page: { after: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  return db
    .select()
    .from(deadLetters)
    .where(and(visible(who), page.after === null ? undefined : gt(deadLetters.dead_letter_id, page.after)))
    .orderBy(deadLetters.dead_letter_id)
    .limit(page.limit);
}

export async function findDeadLetter(db: RecordsDb, who: Visible, id: string): Promise<DeadLetterRow | null> {
  const [row] = await db
    .select()
    .from(deadLetters)
    .where(and(visible(who), eq(deadLetters.dead_letter_id, id)));
  return row ?? null;
}

export async function deleteDeadLetters(db: RecordsDb, ids: string[]): Promise<void> {
  await db.delete(deadLetters).where(inArray(deadLetters.dead_letter_id, ids));
}

const visible = (who: Visible): SQL | undefined =>
  and(
    eq(deadLetters.retailer_id, who.retailer_id),
    who.location_ids === null ? undefined : inList(deadLetters.location_id, who.location_ids),
  );
