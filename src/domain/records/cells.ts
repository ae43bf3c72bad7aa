import { round4 } from "../values/number.ts";
import { roomKey } from "../values/text.ts";

/** What of a package lies in one room. */
interface Cell {
  room_name: string;
  quantity: number;
}

/** Where stock lies when Dutchie names no room. */
export const UNASSIGNED_ROOM = "Unassigned";

/** The same room listed twice in one package is one cell. Of two spellings always the same one is shown. */
export function mergeRooms<C extends Cell>(cells: readonly C[]): C[] {
  const merged = new Map<string, C>();
  for (const cell of cells) {
    const key = roomKey(cell.room_name);
    const room_name = cell.room_name.trim();
    const before = merged.get(key);
    const shown = before === undefined || before.room_name < room_name ? room_name : before.room_name;
    merged.set(key, { ...cell, room_name: shown, quantity: round4((before?.quantity ?? 0) + cell.quantity) });
  }
  return [...merged.values()];
}

/**
 * Brings rooms to the package's total, which is Dutchie's word. What they do not account for lies in no room that was
 * named. Where they hold more, each keeps what it must still hold though all that left had left it: what is not known
 * where it lies is unassigned, and never for sale.
 */
export function fitRooms<C extends Cell>(rooms: readonly C[], total: number, unassigned: C): C[] {
  const missing = round4(total - rooms.reduce((sum, room) => sum + room.quantity, 0));
  if (missing === 0) return [...rooms];
  const kept =
    missing > 0 ? rooms : rooms.map((room) => ({ ...room, quantity: Math.max(0, round4(room.quantity + missing)) }));
  const rest = round4(total - kept.reduce((sum, room) => sum + room.quantity, 0));
  return rest === 0 ? [...kept] : mergeRooms([...kept, { ...unassigned, quantity: rest }]);
}

/** Dutchie allocates per package, ReUp counts per room: taken from the fullest room first, then by name, never below 0. */
export function subtractAllocated<C extends Cell>(rooms: readonly C[], allocated: number): C[] {
  if (allocated <= 0) return [...rooms];
  let left = allocated;
  const order = [...rooms].sort((a, b) => b.quantity - a.quantity || (a.room_name < b.room_name ? -1 : 1));
  const taken = new Map<C, number>();
  for (const room of order) {
    const take = Math.min(left, Math.max(room.quantity, 0));
    taken.set(room, take);
    left -= take;
  }
  return rooms.map((room) => ({ ...room, quantity: round4(room.quantity - (taken.get(room) ?? 0)) }));
}
