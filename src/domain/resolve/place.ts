import { reserve } from "../records/cells.ts";
import type { InventoryRow } from "../records/records.ts";
import { compareVersions } from "../records/version.ts";
import type { RoomType } from "../vocabulary/reup.ts";

/** The rows of one package after rooms got other types: with these, and with what is reserved in each room then. */
export function placePackage(
  rows: readonly InventoryRow[],
  typeOf: (room_name: string) => RoomType | null,
  isNet: boolean,
): InventoryRow[] {
  const newest = rows.reduce((best, row) => (compareVersions(best, row) >= 0 ? best : row));
  const typed = rows.map((row) => ({ ...row, room_type: typeOf(row.room_name) }));
  return reserve(typed, isNet ? 0 : (newest.stated?.allocated ?? 0));
}
