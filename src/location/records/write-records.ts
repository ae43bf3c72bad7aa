import type { SQL } from "drizzle-orm";
import { type Log, logInsert } from "../../db/change-log.ts";
import { writeBatch } from "../../db/write.ts";
import type { StoreContext } from "../context.ts";

/** Writes records together with the log of their changes, which is also the feed: both commit, or neither. */
export async function writeRecords(
  { db, location: { location_id } }: StoreContext,
  statements: readonly SQL[],
  log: Log,
): Promise<void> {
  await writeBatch(db, [...statements, ...logInsert(location_id, log)]);
}
