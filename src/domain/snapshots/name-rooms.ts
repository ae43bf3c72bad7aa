import { mergeRooms } from "../records/cells.ts";
import type { IncomingPackage } from "../records/mapping.ts";
import type { RoomContent } from "../records/model.ts";

/** Dutchie's ids of the rooms that came without a name. */
export const namelessRooms = (incoming: readonly IncomingPackage[]): string[] => [
  ...new Set(incoming.flatMap(({ cells }) => cells?.flatMap(({ room_id }) => room_id ?? []) ?? [])),
];

/**
 * The package with the names of the store's rooms, found by Dutchie's ids. If a room is unknown, the row makes no statement
 * on rooms: the package stays where it is stored, because a made-up room would move it.
 */
export function nameRooms(row: IncomingPackage, known: ReadonlyMap<string, RoomContent>): IncomingPackage {
  const { cells } = row;
  if (cells === null || cells.every(({ room_id }) => room_id === undefined)) return row;
  const named: typeof cells = [];
  for (const { room_id, ...cell } of cells) {
    const room = room_id === undefined ? undefined : known.get(room_id);
    if (room_id !== undefined && room === undefined) return { ...row, cells: null };
    named.push(room === undefined ? cell : { ...cell, room_name: room.room_name, room_type: room.room_type });
  }
  return { ...row, cells: mergeRooms(named) };
}
