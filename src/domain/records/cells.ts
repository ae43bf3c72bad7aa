import { round4 } from "../values/number.ts";
import { roomKey } from "../values/text.ts";
import type { RoomType } from "../vocabulary/reup.ts";

/** The part of a package that lies in one room. */
interface Cell {
  room_name: string;
  quantity: number;
}

/** The room of stock for which Dutchie names none. */
export const UNASSIGNED_ROOM = "Unassigned";

/** A room that a package lists twice becomes one cell. Of two spellings, always the same one is shown. */
export function mergeRooms<C extends Cell>(cells: readonly C[]): C[] {
  const [first] = cells;
  // Most packages lie in one room.
  if (first !== undefined && cells.length === 1) return [asMerged(first, first.room_name.trim(), first.quantity)];
  const merged = new Map<string, C>();
  for (const cell of cells) {
    const key = roomKey(cell.room_name);
    const room_name = cell.room_name.trim();
    const before = merged.get(key);
    const shown = before === undefined || before.room_name < room_name ? room_name : before.room_name;
    merged.set(key, asMerged(cell, shown, (before?.quantity ?? 0) + cell.quantity));
  }
  return [...merged.values()];
}

const asMerged = <C extends Cell>(cell: C, room_name: string, quantity: number): C => ({
  ...cell,
  room_name,
  quantity: round4(quantity),
});

/**
 * Makes the rooms add up to the package's total, which is Dutchie's. If they add up to less, the rest is unassigned. If
 * they add up to more, it is not known which room lost stock: each room keeps what it must still have even if it lost all
 * of it, and the rest is unassigned. Unassigned stock is never for sale.
 */
export function fitRooms<C extends Cell>(rooms: readonly C[], total: number, unassigned: C): C[] {
  const missing = round4(total - rooms.reduce((sum, room) => sum + room.quantity, 0));
  if (missing === 0) return [...rooms];
  const kept =
    missing > 0 ? rooms : rooms.map((room) => ({ ...room, quantity: Math.max(0, round4(room.quantity + missing)) }));
  const rest = round4(total - kept.reduce((sum, room) => sum + room.quantity, 0));
  return rest === 0 ? [...kept] : mergeRooms([...kept, { ...unassigned, quantity: rest }]);
}

/**
 * What each room gives of a package's allocation: Dutchie allocates per package, ReUp counts per room. Orders are filled from
 * the sales floor, so the fullest room there gives first, then the fullest of the others, then by name, none more than it has.
 */
export function reserve<C extends Cell & { room_type: RoomType | null }>(
  rooms: readonly C[],
  allocated: number,
): (C & { reserved_quantity: number })[] {
  let left = Math.max(0, allocated);
  if (left === 0) return rooms.map((room) => ({ ...room, reserved_quantity: 0 }));
  const order = [...rooms].sort(
    (a, b) => isFloor(b) - isFloor(a) || b.quantity - a.quantity || (a.room_name < b.room_name ? -1 : 1),
  );
  const given = new Map<C, number>();
  for (const room of order) {
    const amount = Math.min(left, Math.max(room.quantity, 0));
    given.set(room, round4(amount));
    left -= amount;
  }
  return rooms.map((room) => ({ ...room, reserved_quantity: given.get(room) ?? 0 }));
}

const isFloor = ({ room_type }: { room_type: RoomType | null }) => Number(room_type === "sales_floor");
