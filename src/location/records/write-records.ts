import type { SQL } from "drizzle-orm";
import { bulkUpsert, type Guard } from "../../db/bulk.ts";
import { isOvertaken, logInsert, newestId } from "../../db/change-log.ts";
import { headOf } from "../../db/queries/read-feed.ts";
import { inventory } from "../../db/schema/records.ts";
import { writeBatch } from "../../db/write.ts";
import { logRowsOf, type NewLogRow } from "../../domain/feed/log-rows.ts";
import type { Change, Named, RunEnd } from "../../domain/records/change.ts";
import { linkHistory } from "../../domain/records/history.ts";
import type { InventoryRow } from "../../domain/records/records.ts";
import { numberChanges, sequenceOf } from "../../domain/records/sequence.ts";
import type { StoreContext } from "../context.ts";
import { expectChange } from "../feed/delivering.ts";

/** What is written to the change log. */
interface Log {
  changes: readonly (Change | RunEnd)[];
  named?: readonly Named[];
}

/** Packages to write; their changes are among the log's. */
interface Packages {
  rows: readonly InventoryRow[];
  guard: Guard;
}

/**
 * Writes records together with the log of their changes, which is also the feed: both commit, or neither. The changes get their
 * numbers here, in the store's turn; changes of packages and their rows name each other.
 */
export async function writeRecords(
  context: StoreContext,
  statements: readonly SQL[],
  { changes, named = [] }: Log,
  packages: Packages = { rows: [], guard: "differs" },
): Promise<void> {
  const { db, store, location, now } = context;
  const { location_id } = location;
  const isLogged = changes.length > 0 || named.some(({ ids }) => ids.length > 0);
  if (isLogged) expectChange(store, now);
  const head = isLogged ? (store.sequence ?? (await headOf(db, location_id))) : 0;
  const linked = linkHistory(packages.rows, numberChanges(changes, head));
  const rows = logRowsOf(linked.changes, named, head);
  const stock = linked.rows.map((row) => ({ location_id, ...row }));
  // Not known until the batch has answered.
  if (isLogged) store.sequence = null;
  const batch = [...statements, ...bulkUpsert(inventory, stock, packages.guard)];
  if (!isLogged) return void (await writeBatch(db, batch));
  store.sequence = await logged(context, rows, batch);
}

/** Writes the log first, and returns the newest number. */
async function logged(
  { db, location: { location_id } }: Pick<StoreContext, "db" | "location">,
  rows: readonly NewLogRow[],
  batch: readonly SQL[],
): Promise<number> {
  try {
    const results = await writeBatch(db, [...logInsert(location_id, rows), ...batch, newestId(location_id)]);
    const [newest] = (results.at(-1)?.results ?? []) as { change_id: string }[];
    return newest === undefined ? 0 : sequenceOf(newest.change_id);
  } catch (error) {
    // Planned on what is no longer so: all of it is done again.
    if (isOvertaken(error))
      throw new Error("Service unavailable: the store's log went on meanwhile.", { cause: error });
    throw error;
  }
}
