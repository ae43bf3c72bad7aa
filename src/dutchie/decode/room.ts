import type { DutchieRoom } from "../../domain/records/model.ts";
import { type Decoded, failed } from "./decoded.ts";
import { id, keyTable, openRow, text } from "./fields.ts";
import { ROOM } from "./synonyms.ts";

const KEYS = keyTable(
  ROOM,
  `
    isecommerceroom isinventoryroom isposroom ispreorderroom isquarantineroom issalesfloor isvaultroom iswaitingroom
    locationid
  `,
);

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
  return { ok: true, row: { dutchie_room_id: roomId, room_name: name }, unknown: fields.unknown };
}
