import { and, eq, sql } from "drizzle-orm";
import { bulkUpsert, inList } from "../../db/bulk.ts";
import { loadRooms } from "../../db/load-records.ts";
import { rooms } from "../../db/schema/records.ts";
import { writeBatch } from "../../db/write.ts";
import { NO_COUNTS } from "../../domain/records/records.ts";
import { ROOM_STAMP_MS } from "../../domain/retention.ts";
import { namesakes, renamedRoom, storedRoom } from "../../domain/snapshots/name-rooms.ts";
import { pick } from "../../domain/values/pick.ts";
import type { StoreContext } from "../context.ts";
import { type Applied, type Incoming, NOTHING_APPLIED, type Reading } from "./applied.ts";
import { placeStock } from "./place-stock.ts";

const ROOM_FIELDS = ["dutchie_room_id", "room_name", "flags", "former_names", "room_type"] as const;

export async function applyRooms(
  context: StoreContext,
  { write, origin }: Reading,
  incoming: Incoming<"rooms">,
): Promise<Applied> {
  const { db, store, location, now } = context;
  const { location_id, settings } = location;
  // Two rooms of one name are one room here: the first.
  const byKey = new Map([...incoming].reverse().map((row) => [row.room_key, row]));
  const known = await loadRooms(db, location_id);
  const stored = new Map(known.map((row) => [row.room_key, row]));
  const byId = new Map(known.map((row) => [row.dutchie_room_id, row]));
  const counts = { ...NO_COUNTS };
  const changed = [...byKey.values()].flatMap((row) => {
    const same = storedRoom(row, { byKey: stored, byId, listed: byKey });
    const content = renamedRoom(row, same, settings.room_types);
    const before = stored.get(row.room_key);
    const isSame =
      before !== undefined && JSON.stringify(pick(before, ROOM_FIELDS)) === JSON.stringify(pick(content, ROOM_FIELDS));
    counts[before === undefined ? "created" : isSame ? "unchanged" : "updated"] += 1;
    return isSame ? [] : [{ location_id, room_key: row.room_key, ...content, updated_at: now }];
  });
  // The same room under the name that it had before.
  const ids = new Set(changed.flatMap((row) => row.dutchie_room_id ?? []));
  const renamed = known.filter((row) => ids.has(row.dutchie_room_id ?? "") && !byKey.has(row.room_key));
  if (write && changed.length > 0) {
    store.put("words_due", true);
    // Should placing fail: when the rooms come again, they are as they are stored.
    store.put("place_due", true);
    await writeBatch(db, [
      sql`delete from ${rooms} where ${eq(rooms.location_id, location_id)} and ${inList(
        rooms.room_key,
        renamed.map(({ room_key }) => room_key),
      )}`,
      ...bulkUpsert(rooms, changed, "differs"),
    ]);
  }
  const listed = known.filter(({ room_key, updated_at }) => byKey.has(room_key) && updated_at < now - ROOM_STAMP_MS);
  if (write && listed.length > 0) {
    // Listed once more, though nothing has changed: the sweep deletes what no list names any longer.
    await db
      .update(rooms)
      .set({ updated_at: now })
      .where(
        and(
          eq(rooms.location_id, location_id),
          inList(
            rooms.room_key,
            listed.map(({ room_key }) => room_key),
          ),
        ),
      );
  }
  if (write && store.get("place_due") !== null) {
    await placeStock(context, origin);
    store.remove("place_due");
  }
  return { ...NOTHING_APPLIED, counts, failures: namesakes(incoming, byKey), seen: [...byKey.keys()] };
}
