import type { DutchieRoom } from "../domain/model.ts";
import { type Decoded, failed } from "./decoded.ts";
import { id, keyTable, openRow, text } from "./fields.ts";

const KEYS = keyTable(
  [],
  "roomid id roomname name room",
  `
    isecommerceroom isinventoryroom isposroom ispreorderroom isquarantineroom issalesfloor isvaultroom iswaitingroom
    locationid
  `,
);

/** A room; a bare text is its name. Fails without a name: rooms are told apart by it. */
export function decodeRoom(row: unknown): Decoded<DutchieRoom> {
  if (typeof row === "string") {
    const name = text(row);
    if (typeof name === "string") return { ok: true, row: { dutchie_room_id: null, room_name: name }, unknown: 0 };
  }
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "a room must be an object");
  const roomId = id(fields.pick("roomid", "id"));
  const name = text(fields.pick("roomname", "name", "room"));
  if (typeof name !== "string") return failed(roomId, "the room has no name");
  return { ok: true, row: { dutchie_room_id: roomId, room_name: name }, unknown: fields.unknown };
}
