import { and, desc, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { inList } from "../../db/bulk.ts";
import { accountsDb, recordsDb } from "../../db/databases.ts";
import { findLocation } from "../../db/locations.ts";
import { deadLetters } from "../../db/schema/accounts.ts";
import { runs } from "../../db/schema/records.ts";
import { isHealed } from "../../domain/events/dead-letters.ts";
import { resolveAlert } from "../status/alerts.ts";

export const DEAD_LETTER = "dead_letter";

/** Dead letters checked at once: a store has few, and the next sync checks the rest. */
const AT_ONCE = 500;

/**
 * Marks dead letters as healed: a successful sync that began after a message has read the same data from Dutchie, so
 * nobody has to act, and the alert ends (F67). Returns the ids of the healed ones.
 */
export async function healDeadLetters(env: Env, location_id: string, now: number): Promise<Set<string>> {
  const db = accountsDb(env);
  const letters = await db
    .select({
      dead_letter_id: deadLetters.dead_letter_id,
      location_id: deadLetters.location_id,
      queue: deadLetters.queue,
      at: deadLetters.at,
      // Not the bodies: five hundred of them are 50 MB.
      received_at: sql<number | null>`json_extract(${deadLetters.body}, '$.received_at')`,
    })
    .from(deadLetters)
    .where(and(eq(deadLetters.location_id, location_id), eq(deadLetters.kind, "system"), isNull(deadLetters.healed_at)))
    .limit(AT_ONCE);
  if (letters.length === 0) return new Set();
  const location = await findLocation(db, location_id);
  if (location === null) return new Set();
  // Until then all data types were read, perhaps by several runs.
  const last_success_at = location.last_success_at ?? 0;
  const [run] = await recordsDb(env, location)
    .select({ started_at: runs.started_at })
    .from(runs)
    .where(
      and(
        eq(runs.location_id, location_id),
        // A run with failed rows heals, for it lists them. One that could not read a data type does not.
        or(
          eq(runs.state, "completed"),
          and(eq(runs.state, "completed_with_errors"), sql`json_extract(${runs.document}, '$.error') is null`),
        ),
        lte(runs.finished_at, last_success_at),
        inArray(runs.mode, ["initial", "full", "incremental"]),
      ),
    )
    .orderBy(desc(runs.run_id))
    .limit(1);
  const healed = letters.filter((letter) => run !== undefined && isHealed(letter, run.started_at));
  const ids = healed.map(({ dead_letter_id }) => dead_letter_id);
  if (ids.length === 0) return new Set();
  await db.update(deadLetters).set({ healed_at: now }).where(inList(deadLetters.dead_letter_id, ids));
  await endDeadLetterAlerts(env, healed, now, "A later sync has read the same data from Dutchie: nothing is lost.");
  return new Set(ids);
}

/** Dead letters were replayed, healed or deleted: ends the alert of each queue of a store that has none left. */
export async function endDeadLetterAlerts(
  env: Env,
  gone: readonly { location_id: string; queue: string }[],
  now: number,
  message?: string,
): Promise<void> {
  const queues = new Map(gone.map(({ location_id, queue }) => [`${location_id} ${queue}`, { location_id, queue }]));
  const location_ids = new Set(gone.map(({ location_id }) => location_id));
  const left = await accountsDb(env)
    .selectDistinct({ location_id: deadLetters.location_id, queue: deadLetters.queue })
    .from(deadLetters)
    .where(
      and(eq(deadLetters.kind, "system"), isNull(deadLetters.healed_at), inList(deadLetters.location_id, location_ids)),
    );
  for (const { location_id, queue } of left) queues.delete(`${location_id} ${queue}`);
  for (const { location_id, queue } of queues.values()) {
    await resolveAlert({ env, location: { location_id }, now }, { rule: DEAD_LETTER, subject: queue }, message);
  }
}
