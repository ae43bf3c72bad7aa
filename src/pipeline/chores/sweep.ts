import { type SQL, sql } from "drizzle-orm";
import { accountsDb, recordsDb } from "../../db/databases.ts";
import { findLocation } from "../../db/locations.ts";
import { alerts, deadLetters, type LocationRow, settledItems } from "../../db/schema/accounts.ts";
import {
  changes,
  insights,
  inventory,
  products,
  reviews,
  rooms,
  runs,
  sales,
  salesDays,
} from "../../db/schema/records.ts";
import { prepare } from "../../db/write.ts";
import { firstSequence, sequenceKey } from "../../domain/records/sequence.ts";
import { D1_RETENTION, endsBefore } from "../../domain/retention.ts";
import { endDeadLetterAlerts } from "../../location/events/dead-letters.ts";
import { locationStub } from "../../location/stub.ts";
import { WHILE_MOVING_MS } from "./move-store.ts";

/** Rows that one statement removes at most: far below D1's 30 s for one query. */
const ROWS_A_STEP = 5_000;

interface Sweep {
  location_id: string;
  settings: LocationRow["settings"];
  /** Nothing older than these can still arrive: a tombstone below them is no longer needed. */
  floors: { products: number; inventory: number };
  /** When Dutchie last listed the rooms; null: not known. */
  rooms_read_at: number | null;
  now: number;
}

/**
 * Deletes what is past its retention in a store (domain/retention.ts), a bounded step a message. null: done; else go on
 * after so many ms.
 */
export async function sweep(env: Env, { location_id }: { location_id: string }, now: number): Promise<number | null> {
  const location = await findLocation(accountsDb(env), location_id);
  if (location === null || location.deleted_at !== null) return null;
  if (location.other_shard !== null) return WHILE_MOVING_MS;
  const stub = locationStub(env, location_id);
  // Should a message about them have got lost.
  await stub.followSubscriptions();
  const swept = await stub.sweep();
  const given = {
    location_id,
    settings: location.settings,
    floors: swept.floors,
    rooms_read_at: swept.rooms_read_at,
    now,
  };
  for (const [table, statements] of Object.entries(SWEEPS)) {
    const isAccounts = ["alerts", "dead_letters", "settled_items"].includes(table);
    const { $client } = isAccounts ? accountsDb(env) : recordsDb(env, location);
    const results = await $client.batch(statements(given).map((statement) => prepare($client, statement)));
    const gone = results.at(-1)?.meta.changes ?? 0;
    if (gone > 0 && table === "dead_letters") await endAlerts(env, location_id, now);
    // Triggers that count rows add to the number, so there may be one step too many.
    if (gone >= ROWS_A_STEP) return 0;
  }
  const detail_days = Math.max(location.settings.sales_detail_days, location.settings.sales_history_days);
  const isMore = await stub.rollUpSales(endsBefore(detail_days, now));
  return swept.more || isMore ? 0 : null;
}

function endAlerts(env: Env, location_id: string, now: number): Promise<void> {
  const queues = ["webhooks", "sync"].map((queue) => ({ location_id, queue }));
  return endDeadLetterAlerts(
    env,
    queues,
    now,
    `The messages were deleted: they are older than ${D1_RETENTION.dead_letters.days} days.`,
  );
}

type Swept = {
  [T in keyof typeof D1_RETENTION]: (typeof D1_RETENTION)[T]["days"] extends null ? never : T;
}[keyof typeof D1_RETENTION];

/** One entry for each table. */
const SWEEPS: Record<Swept, (given: Sweep) => SQL[]> = {
  changes: ({ location_id, now }) => {
    // A change's id begins with its number, so the oldest are the first of the key.
    const before = sequenceKey(firstSequence(endsBefore(D1_RETENTION.changes.days, now)));
    return [
      sql`delete from ${changes} where (location_id, change_id) in (select location_id, change_id from ${changes}
      where location_id = ${location_id} and change_id < ${before} limit ${ROWS_A_STEP})`,
    ];
  },
  runs: ({ location_id, now }) => [
    sql`delete from ${runs} where (location_id, run_id) in (select location_id, run_id from ${runs}
      where location_id = ${location_id} and finished_at < ${endsBefore(D1_RETENTION.runs.days, now)} limit ${ROWS_A_STEP})`,
  ],
  inventory: ({ location_id, floors, now }) => [
    sql`delete from ${inventory} where (location_id, dutchie_inventory_id, inventory_id) in (
      select location_id, dutchie_inventory_id, inventory_id from ${inventory}
      where location_id = ${location_id} and quantity = 0
        and updated_at < ${endsBefore(D1_RETENTION.inventory.days, now)}
        and max(source_at, package_at) < ${floors.inventory} limit ${ROWS_A_STEP})`,
  ],
  rooms: ({ location_id, rooms_read_at }) => [
    // By the time of the last list, not by now: while Dutchie lists no rooms, each of them might be on the next list.
    sql`delete from ${rooms} where location_id = ${location_id}
      and updated_at < ${endsBefore(D1_RETENTION.rooms.days, rooms_read_at ?? 0)}
      and lower(trim(room_name)) not in (
        select lower(trim(room_name)) from ${inventory} where location_id = ${location_id} and quantity <> 0)`,
  ],
  products: ({ location_id, settings, floors, now }) => [
    sql`delete from ${products} where (location_id, product_id) in (select location_id, product_id from ${products} p
      where location_id = ${location_id} and status = 'deleted' and updated_at < ${endsBefore(historyDays(settings), now)}
        and source_at < ${floors.products}
        and not exists (select 1 from ${products} m where m.location_id = p.location_id and m.merged_into = p.product_id)
        and not exists (select 1 from ${inventory} i where i.location_id = p.location_id and i.product_id = p.product_id)
      limit ${ROWS_A_STEP})`,
  ],
  sales: ({ location_id, settings, now }) => [
    sql`delete from ${sales} where (location_id, sale_id) in (select location_id, sale_id from ${sales}
      where location_id = ${location_id} and completed_at < ${endsBefore(historyDays(settings), now)}
      limit ${ROWS_A_STEP})`,
  ],
  sales_days: ({ location_id, settings, now }) => [
    sql`delete from ${salesDays} where location_id = ${location_id}
      and day < ${new Date(endsBefore(historyDays(settings), now)).toISOString().slice(0, 10)}`,
  ],
  reviews: ({ location_id, now }) => [
    // A store has one of a held snapshot per resource, and its decision is valid while its facts are the same.
    sql`delete from ${reviews} where (location_id, review_id) in (select location_id, review_id from ${reviews} r
      where location_id = ${location_id} and state = 'resolved' and kind <> 'held_snapshot'
        and resolved_at < ${endsBefore(D1_RETENTION.reviews.days, now)}
        and not exists (select 1 from json_each(r.candidates) c join ${products} p
          on p.location_id = r.location_id and p.product_id = c.value)
      limit ${ROWS_A_STEP})`,
  ],
  alerts: ({ location_id, now }) => [
    sql`delete from ${alerts} where location_id = ${location_id} and state = 'resolved'
      and resolved_at < ${endsBefore(D1_RETENTION.alerts.days, now)}`,
  ],
  dead_letters: ({ location_id, now }) => [
    // Dead letters of no known store are deleted with any store's.
    sql`delete from ${deadLetters} where dead_letter_id in (select dead_letter_id from ${deadLetters}
      where location_id in (${location_id}, '') and at < ${endsBefore(D1_RETENTION.dead_letters.days, now)}
      limit ${ROWS_A_STEP})`,
  ],
  settled_items: ({ location_id, now }) => [
    sql`delete from ${settledItems} where (location_id, kind, id) in (select location_id, kind, id from ${settledItems}
      where location_id = ${location_id} and settled_at < ${endsBefore(D1_RETENTION.settled_items.days, now)}
      limit ${ROWS_A_STEP})`,
  ],
  insights: ({ location_id, now }) => [
    sql`delete from ${insights} where location_id = ${location_id}
      and computed_at < ${endsBefore(D1_RETENTION.insights.days, now)}`,
  ],
};

/** At least the history that the store reads: else the next full sync would bring it back. */
const historyDays = (settings: LocationRow["settings"]) =>
  Math.max(D1_RETENTION.sales.days, settings.sales_history_days);
