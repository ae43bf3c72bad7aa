import { and, eq, gt, inArray } from "drizzle-orm";
import type { Visible } from "./locations.ts";
import type { RecordsDb } from "./records.ts";
import { deadLetters } from "./schema.ts";
import { visibleTo } from "./visible.ts";

export type DeadLetterRow = typeof deadLetters.$inferSelect;

export function listDeadLetters(
  db: RecordsDb,
  who: Visible,
  page: { after: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  return db
    .select()
    .from(deadLetters)
    .where(
      and(visibleTo(deadLetters, who), page.after === null ? undefined : gt(deadLetters.dead_letter_id, page.after)),
    )
    .orderBy(deadLetters.dead_letter_id)
    .limit(page.limit);
}

export async function findDeadLetter(db: RecordsDb, who: Visible, id: string): Promise<DeadLetterRow | null> {
  const [row] = await db
    .select()
    .from(deadLetters)
    .where(and(visibleTo(deadLetters, who), eq(deadLetters.dead_letter_id, id)));
  return row ?? null;
}

export async function deleteDeadLetters(db: RecordsDb, ids: string[]): Promise<void> {
  await db.delete(deadLetters).where(inArray(deadLetters.dead_letter_id, ids));
}
