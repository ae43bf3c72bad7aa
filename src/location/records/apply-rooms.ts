import { and, eq } from "drizzle-orm";
import { bulkUpsert, inList } from "../../db/bulk.ts";
import { rooms } from "../../db/schema/records.ts";
import { writeBatch } from "../../db/write.ts";
import { diff } from "../../domain/records/decide.ts";
import { NO_COUNTS } from "../../domain/records/records.ts";
import type { StoreContext } from "../context.ts";
import { type Applied, type Incoming, NOTHING_APPLIED, type Reading } from "./applied.ts";

export async function applyRooms(
  context: StoreContext,
  { write }: Reading,
  incoming: Incoming<"rooms">,
): Promise<Applied> {
  const { db, location, now } = context;
  const { location_id } = location;
  // Two rooms of one name are one room here: the first.
  const byKey = new Map([...incoming].reverse().map((row) => [row.room_key, row]));
  const keys = [...byKey.keys()];
  const stored = new Map(
    (
      await db
        .select()
        .from(rooms)
        .where(and(eq(rooms.location_id, location_id), inList(rooms.room_key, keys)))
    ).map((row) => [row.room_key, row]),
  );
  const counts = { ...NO_COUNTS };
  const changed = [...byKey.values()].filter(({ room_key, content }) => {
    const before = stored.get(room_key);
    const outcome =
      before === undefined ? "created" : Object.keys(diff(before, content)).length > 0 ? "updated" : "unchanged";
    counts[outcome] += 1;
    return outcome !== "unchanged";
  });
  const rows = changed.map(({ room_key, content }) => ({ location_id, room_key, ...content, updated_at: now }));
  if (write) await writeBatch(db, bulkUpsert(rooms, rows, "differs"));
  return { ...NOTHING_APPLIED, counts, seen: keys };
}
