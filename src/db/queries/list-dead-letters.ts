import { and, eq, getTableColumns, gt, isNull } from "drizzle-orm";
import type { AccountsDb } from "../databases.ts";
import type { Visible } from "../locations.ts";
import { deadLetters } from "../schema/accounts.ts";
import { visibleTo } from "../visible.ts";

export type DeadLetterRow = typeof deadLetters.$inferSelect;

/** As lists have them: without bodies, which may be 128 KB each. */
export type DeadLetterSummary = Omit<DeadLetterRow, "body">;

interface Page {
  after: string | null;
  limit: number;
}

const onPage = (who: Visible, { after }: Page) =>
  and(visibleTo(deadLetters, who), after === null ? undefined : gt(deadLetters.dead_letter_id, after));

export function listDeadLetters(db: AccountsDb, who: Visible, page: Page): Promise<DeadLetterSummary[]> {
  const { body: _, ...columns } = getTableColumns(deadLetters);
  return db
    .select(columns)
    .from(deadLetters)
    .where(onPage(who, page))
    .orderBy(deadLetters.dead_letter_id)
    .limit(page.limit);
}

/** Those that still need somebody, the oldest first. */
export function listUnhealed(db: AccountsDb, who: Visible, limit: number): Promise<DeadLetterSummary[]> {
  const { body: _, ...columns } = getTableColumns(deadLetters);
  return db
    .select(columns)
    .from(deadLetters)
    .where(and(visibleTo(deadLetters, who), isNull(deadLetters.healed_at)))
    .orderBy(deadLetters.at)
    .limit(limit);
}

/** Whole, to be put back. */
export function listDeadLettersWhole(db: AccountsDb, who: Visible, page: Page): Promise<DeadLetterRow[]> {
  return db.select().from(deadLetters).where(onPage(who, page)).orderBy(deadLetters.dead_letter_id).limit(page.limit);
}

export async function findDeadLetter(db: AccountsDb, who: Visible, id: string): Promise<DeadLetterRow | null> {
  const [row] = await db
    .select()
    .from(deadLetters)
    .where(and(visibleTo(deadLetters, who), eq(deadLetters.dead_letter_id, id)));
  return row ?? null;
}
