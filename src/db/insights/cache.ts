import { and, eq, ne } from "drizzle-orm";
import type { RecordsDb } from "../databases.ts";
import { insights } from "../schema/records.ts";

type Insights = typeof insights.$inferSelect;

/** What identifies an answer: `parameters` has everything that it depends on besides the records. */
export type InsightsKey = Pick<Insights, "location_id" | "kind" | "parameters">;

/** The answer of this local day, if there is one. */
export async function findInsights(
  db: RecordsDb,
  { location_id, kind, parameters }: InsightsKey,
  day: string,
): Promise<Pick<Insights, "computed_at" | "document"> | null> {
  const [row] = await db
    .select({ computed_at: insights.computed_at, document: insights.document })
    .from(insights)
    .where(
      and(
        eq(insights.location_id, location_id),
        eq(insights.kind, kind),
        eq(insights.parameters, parameters),
        eq(insights.day, day),
      ),
    );
  return row ?? null;
}

/** Keeps an answer; those of other days go. */
export async function keepInsights(db: RecordsDb, row: Insights): Promise<void> {
  await db.delete(insights).where(and(eq(insights.location_id, row.location_id), ne(insights.day, row.day)));
  const { computed_at, document } = row;
  await db
    .insert(insights)
    .values(row)
    .onConflictDoUpdate({
      target: [insights.location_id, insights.kind, insights.parameters],
      set: { computed_at, document },
    });
}

/** A store's records changed, so its stored answers are dropped. The next request computes them again. */
export async function dropInsights(db: RecordsDb, location_id: string): Promise<void> {
  await db.delete(insights).where(eq(insights.location_id, location_id));
}
