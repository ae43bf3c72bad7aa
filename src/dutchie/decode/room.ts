import type { DutchieRoom } from "../../domain/records/model.ts";
import type { RoomFlag } from "../../domain/vocabulary/room-type.ts";
import { type Decoded, failed } from "./decoded.ts";
import { flag, id, keyTable, openRow, text } from "./fields.ts";
import { ROOM } from "./synonyms.ts";

const KEYS = keyTable(
  ROOM,
  // Known, but not needed here: customers wait in such a room.
  "iswaitingroom locationid",
);

const FLAGS = [
  "quarantine",
  "vault",
  "sales_floor",
  "pos",
  "ecommerce",
  "pre_order",
  "inventory",
] as const satisfies readonly RoomFlag[];

/** A room; a bare text is its name. Without a name it is named after its id, as in a package's rooms; without both it fails. */
export function decodeRoom(row: unknown): Decoded<DutchieRoom> {
  if (typeof row === "string") {
    const name = text(row);
    if (typeof name === "string") return { ok: true, row: { dutchie_room_id: null, room_name: name }, unknown: 0 };
  }
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "a room must be an object");
  const roomId = fields.read("id", id) ?? null;
  const name = fields.read("room", text) ?? (roomId === null ? null : `Room ${roomId}`);
  if (name === null) return failed(null, "the room has neither a name nor an id");
  const flags = FLAGS.filter((each) => fields.read(each, flag) === true);
  const denied = FLAGS.filter((each) => fields.read(each, flag) === false);
  const stated = flags.length + denied.length === 0 ? {} : { flags, denied };
  const room = { dutchie_room_id: roomId, room_name: name, ...stated };
  return { ok: true, row: room, unknown: fields.unknown };
}
