import { and, eq, isNull } from "drizzle-orm";
import { chunks } from "../../db/bulk.ts";
import { loadInventory, loadRooms } from "../../db/load-records.ts";
import { inventory } from "../../db/schema/records.ts";
import type { Origin } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { placePackage } from "../../domain/resolve/place.ts";
import { packageLosses } from "../../domain/snapshots/losses.ts";
import { roomBook, typeOfRoom } from "../../domain/snapshots/name-rooms.ts";
import type { StoreContext } from "../context.ts";
import { noteLosses } from "../snapshots/mass-change.ts";
import { writeRecords } from "./write-records.ts";

/** Packages in one batch: their rows are far below what a D1 statement takes. */
const PACKAGES_A_BATCH = 500;

/** Gives the stock in rooms whose type changed the new one, and reserves anew. Without reading Dutchie; repeating it changes nothing. */
export async function placeStock(context: StoreContext, origin: Origin): Promise<void> {
  const { db, location, now } = context;
  const { location_id, settings } = location;
  const book = roomBook(await loadRooms(db, location_id));
  const typeOf = (room_name: string) => typeOfRoom(room_name, book, settings.room_types);
  const places = await db
    .selectDistinct({ room_name: inventory.room_name, room_type: inventory.room_type })
    .from(inventory)
    .where(eq(inventory.location_id, location_id));
  for (const { room_name, room_type } of places.filter((each) => typeOf(each.room_name) !== each.room_type)) {
    const found = await db
      .selectDistinct({ id: inventory.dutchie_inventory_id })
      .from(inventory)
      .where(
        and(
          eq(inventory.location_id, location_id),
          eq(inventory.room_name, room_name),
          room_type === null ? isNull(inventory.room_type) : eq(inventory.room_type, room_type),
        ),
      );
    const all = found.map(({ id }) => id);
    for (const ids of chunks(all, PACKAGES_A_BATCH)) {
      const packages = await loadInventory(db, location_id, ids);
      const placed = [...packages.values()].flatMap((rows) => {
        const after = placePackage(rows, typeOf, settings.quantity_basis === "available_minus_allocated");
        return rows.flatMap((row, i) => {
          const { room_type: type = null, reserved_quantity = 0 } = after[i] ?? {};
          const fields = diff(row, { room_type: type, reserved_quantity });
          return Object.keys(fields).length === 0
            ? []
            : [{ row: { ...row, room_type: type, reserved_quantity, updated_at: now }, fields }];
        });
      });
      const changes = placed.map(({ row, fields }) =>
        changeOf({ resource: "inventory", record_id: row.inventory_id, fields }, row, origin, now),
      );
      const rows = placed.map(({ row }) => row);
      // Before the write: after it, a step that is repeated finds nothing that could still move. What a person sets is no news.
      if (origin.cause !== "user") noteLosses(context, packageLosses(packages, rows));
      await writeRecords(context, [], { changes }, { rows, guard: "differs" });
    }
  }
}
