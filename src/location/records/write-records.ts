import type { SQL } from "drizzle-orm";
import { type Log, logInsert } from "../../db/change-log.ts";
import { writeBatch } from "../../db/write.ts";
import type { StoreContext } from "../context.ts";
import { expectChange } from "../feed/delivering.ts";

/** Writes records together with the log of their changes, which is also the feed: both commit, or neither. */
export async function writeRecords(
  { db, store, location: { location_id }, now }: StoreContext,
  statements: readonly SQL[],
  log: Log,
): Promise<void> {
  const isLogged = log.changes.length > 0 || (log.named ?? []).some(({ ids }) => ids.length > 0);
  if (isLogged) expectChange(store, now);
  await writeBatch(db, [...statements, ...logInsert(location_id, log)]);
}
