import { mergeRooms } from "../records/cells.ts";
import type { IncomingPackage, IncomingRoom } from "../records/mapping.ts";
import type { RoomContent, RowFailure } from "../records/model.ts";
import type { RoomRow } from "../records/records.ts";
import { roomKey } from "../values/text.ts";
import { type MappedRoom, type RoomTypes, roomTypeOf } from "../vocabulary/room-type.ts";

/** The store's rooms, to find one by Dutchie's id, by its name or by a name that it had before. */
export interface RoomBook {
  byId: ReadonlyMap<string, RoomRow>;
  byName: ReadonlyMap<string, RoomRow>;
}

export function roomBook(rooms: readonly RoomRow[]): RoomBook {
  const former = rooms.flatMap((room) => (room.former_names ?? []).map((name) => [roomKey(name), room] as const));
  return {
    byId: new Map(rooms.flatMap((room) => (room.dutchie_room_id === null ? [] : [[room.dutchie_room_id, room]]))),
    // A name that a room has now comes before one that another room had.
    byName: new Map([...former, ...rooms.map((room) => [room.room_key, room] as const)]),
  };
}

/** The type of the room with this name; of a room that Dutchie has not listed, by its name alone. */
export const typeOfRoom = (room_name: string, { byName }: RoomBook, own: RoomTypes) =>
  byName.get(roomKey(room_name))?.room_type ?? roomTypeOf({ room_name }, own).room_type;

/**
 * The package with the names and types of the store's rooms. A room without a name is found by Dutchie's id. If it is
 * unknown, the row makes no statement on rooms: the package stays where it is stored, because a made-up room would move it.
 */
export function nameRooms(row: IncomingPackage, book: RoomBook, own: RoomTypes): IncomingPackage {
  const { cells } = row;
  if (cells === null) return row;
  const named: typeof cells = [];
  for (const { room_id, room_name: said, quantity } of cells) {
    const room = room_id === undefined ? undefined : book.byId.get(room_id);
    if (room_id !== undefined && room === undefined) return { ...row, cells: null, scope: "package" };
    const room_name = room?.room_name ?? said;
    named.push({ room_name, room_type: room ? room.room_type : typeOfRoom(room_name, book, own), quantity });
  }
  return { ...row, cells: cells.some(({ room_id }) => room_id !== undefined) ? mergeRooms(named) : named };
}

/** What is stored and what is listed, to tell a renamed room from another one. */
export interface KnownRooms {
  byKey: ReadonlyMap<string, RoomRow>;
  byId: ReadonlyMap<string | null, RoomRow>;
  listed: ReadonlyMap<string, IncomingRoom>;
}

/** The room as it is stored: under its id, for it may have another name now. Two listed rooms of one id are two rooms. */
export function storedRoom({ room_key, content }: IncomingRoom, { byKey, byId, listed }: KnownRooms) {
  const id = content.dutchie_room_id;
  const sameId = id === null ? undefined : byId.get(id);
  const isAnother =
    sameId !== undefined &&
    sameId.room_key !== room_key &&
    listed.get(sameId.room_key)?.content.dutchie_room_id === sameId.dutchie_room_id;
  return isAnother ? byKey.get(room_key) : (sameId ?? byKey.get(room_key));
}

/**
 * Rooms of one list whose stock is shown in the room that `listed` has under their name, although that one is of another type:
 * quarantined stock may seem to be for sale.
 */
export const namesakes = (rooms: readonly IncomingRoom[], listed: ReadonlyMap<string, IncomingRoom>): RowFailure[] =>
  rooms.flatMap(({ room_key, content }) => {
    const shown = listed.get(room_key)?.content;
    if (shown === undefined || shown.room_type === content.room_type) return [];
    const other = shown.dutchie_room_id === null ? "Another room" : `Room ${shown.dutchie_room_id}`;
    const reason = `${other} has the same name and another type: ReUp shows the stock of both as ${shown.room_type ?? "not mapped"}. Rename one of them in Dutchie`;
    return [{ resource: "rooms", dutchie_id: content.dutchie_room_id, reason }];
  });

/** Names that a room had before, kept for its type: nobody renames a room more often and still means the first name. */
const MAX_FORMER_NAMES = 5;

/**
 * A room as Dutchie lists it, beside the same room as it is stored, found by Dutchie's id. A renamed room keeps the type that
 * a person or its name gave it, unless its new name says another.
 */
export function renamedRoom(
  { room_key, content, denied = [] }: IncomingRoom,
  stored: RoomRow | undefined,
  own: RoomTypes,
): RoomContent & { former_names: string[] | null } {
  const names = [stored?.room_name ?? "", ...(stored?.former_names ?? [])].filter((name) => name !== "");
  const former = names.filter((name, i) => roomKey(name) !== room_key && names.indexOf(name) === i);
  const former_names = former.length === 0 ? null : former.slice(0, MAX_FORMER_NAMES);
  // A flag that the row leaves out stays: without it, quarantined stock could seem to be for sale.
  const kept = stored?.flags?.filter((flag) => !denied.includes(flag)) ?? [];
  const flags = content.flags ? [...new Set([...content.flags, ...kept])] : (stored?.flags ?? null);
  return { ...content, flags, former_names, room_type: judgeRoom({ ...content, flags, former_names }, own).room_type };
}

type Judged = Pick<RoomRow, "room_name" | "flags" | "former_names">;

/** The type of a room: a person's word for any of its names, then its flags, then the words of its name or of a former one. */
export function judgeRoom({ room_name, flags, former_names }: Judged, own: RoomTypes): MappedRoom {
  const judged = [room_name, ...(former_names ?? [])].map((name) =>
    roomTypeOf({ room_name: name, flags: flags ?? [] }, own),
  );
  const told = judged.find(({ rule }) => rule === "setting") ?? judged.find(({ rule }) => rule !== null);
  return told ?? { room_type: null, rule: null };
}
