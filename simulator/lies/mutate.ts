import type { Row } from "../row.ts";
import { iso } from "../time.ts";
import type { Lie } from "./lies.ts";

/** Applies mutations to values and rows. The result `undefined` means that nothing is left. */

const IDS = ["inventoryId", "transactionId", "id", "productId", "roomId", "locationId"];
const TIME = /^\d{4}-\d{2}-\d{2}T/;

/** The key of a row's id. */
export const idKey = (row: Row): string | undefined => IDS.find((key) => key in row);

export const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** A field's value or a whole row, mutated. `earlier`: its first version. */
function mutate(value: unknown, { op, value: by }: Lie, earlier: unknown): unknown {
  switch (op) {
    case "drop":
      return undefined;
    case "null":
      return null;
    case "type":
      return retyped(value, by);
    case "placeholder":
      return by;
    case "stale":
      return earlier;
    case "double":
      return typeof value === "number"
        ? 2 * value
        : Array.isArray(value)
          ? [...value, ...value]
          : `${text(value)}${text(value)}`;
    case "order":
      return isRow(value) ? reordered(value) : Array.isArray(value) ? [...value].reverse() : value;
    case "case":
      return isRow(value) ? pascal(value) : by === "upper" ? upper(value) : lower(value);
    case "sign":
      return deep(value, (each) => (typeof each === "number" ? -each : each));
    case "scale":
      return typeof value === "number" ? value * Number(by) : value;
    case "shift":
      return deep(value, (each) => (typeof each === "string" && TIME.test(each) ? shifted(each, Number(by)) : each));
    case "cut":
      return cut(value);
    case "dress":
      return typeof value === "string" ? `${value}${by}` : value;
    case "swell":
      return "x".repeat(Number(by));
    default:
      return value;
  }
}

function retyped(value: unknown, to: unknown): unknown {
  switch (to) {
    case "text":
      return typeof value === "string" ? `"${value}"` : text(value);
    case "list":
      return [value];
    case "object":
      return { value };
    case "boolean":
      return true;
    default:
      return typeof value === "number" ? value + 0.5 : 0.5;
  }
}

function cut(value: unknown): unknown {
  if (typeof value === "string" || Array.isArray(value)) return value.slice(0, Math.floor(value.length / 2));
  if (!isRow(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.slice(0, Math.ceil(entries.length / 2)));
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const upper = (value: unknown) => (typeof value === "string" ? value.toUpperCase() : value);
const lower = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

/** Keys and nested lists in reverse order, which means the same. */
function reordered(row: Row): Row {
  const entries = Object.entries(row).map(([key, each]) => [key, Array.isArray(each) ? [...each].reverse() : each]);
  return Object.fromEntries(entries.reverse());
}

export const pascal = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([key, each]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, each]));

/** A time beyond year 9999 cannot be written, so it stays unchanged. */
export function shifted(time: string, ms: number): string {
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`) + ms;
  return at > Date.UTC(9999, 0) || Number.isNaN(at) ? time : iso(at);
}

function deep(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => deep(each, change));
  if (isRow(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each, change)]));
  return change(value);
}

/** The row with one field mutated; unchanged if the row lacks the field. */
export function mutateField(row: Row, lie: Lie, earlier: Row | undefined): Row {
  const keys = Object.keys(row);
  const path =
    typeof lie.field === "number"
      ? (keys[Math.min(keys.length - 1, Math.floor(lie.field * keys.length))] ?? "")
      : (lie.field ?? "");
  const [head = "", ...rest] = path.split(".");
  if (!Object.hasOwn(row, head)) return row;
  if (rest.length > 0) {
    const list = row[head];
    if (!Array.isArray(list)) return row;
    const inner = { ...lie, field: rest.join(".") };
    return { ...row, [head]: list.map((each) => (isRow(each) ? mutateField(each, inner, undefined) : each)) };
  }
  if (lie.op === "rekey") {
    return Object.fromEntries(
      Object.entries(row).map(([key, each]) => [key === head ? `${key}${lie.value}` : key, each]),
    );
  }
  const value = mutate(row[head], lie, earlier === undefined ? row[head] : earlier[head]);
  if (value !== undefined) return { ...row, [head]: value };
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== head));
}

/** What is sent in place of a row: nothing, one or two rows, or something that is no row. */
export function mutateRow(row: Row, lie: Lie, earlier: Row | undefined): unknown[] {
  switch (lie.op) {
    case "double":
      return [row, nudged(row, Number(lie.value))];
    case "rekey":
      return [{ [String(lie.value)]: row }];
    case "withoutId":
      return [Object.fromEntries(Object.entries(row).filter(([key]) => key !== idKey(row)))];
    case "renameRoom":
      return [withRooms(row, (rooms) => rooms.map((room) => ({ ...room, name: lie.value })))];
    case "splitRoom":
      return splitRoom(row, String(lie.value));
    case "mergeRooms":
      return [withRooms(row, merged)];
    default: {
      const value = mutate(row, lie, earlier ?? row);
      return value === undefined ? [] : [value];
    }
  }
}

/** Changes every amount, but no id and no flag. */
function nudged(row: Row, by: number): Row {
  const amount = /quantity|price|total|cost|content/i;
  return Object.fromEntries(
    Object.entries(row).map(([key, each]) => [key, typeof each === "number" && amount.test(key) ? each + by : each]),
  );
}

interface Stock {
  id: unknown;
  name: unknown;
  quantity: number;
}

/** The rooms of a row of the real API; a row of the guide is a single room. */
function withRooms(row: Row, change: (rooms: Stock[]) => Stock[]): Row {
  if (Array.isArray(row.roomQuantities)) {
    const rooms = (row.roomQuantities as Row[]).map(({ roomId, room, quantityAvailable }) => ({
      id: roomId,
      name: room,
      quantity: Number(quantityAvailable),
    }));
    const changed = change(rooms).map(({ id, name, quantity }) => ({
      roomId: id,
      room: name,
      quantityAvailable: quantity,
    }));
    return { ...row, roomQuantities: changed };
  }
  if (!("roomName" in row)) return row;
  const [room] = change([{ id: null, name: row.roomName, quantity: Number(row.quantity) }]);
  return room === undefined ? row : { ...row, roomName: room.name, quantity: room.quantity };
}

function merged(rooms: Stock[]): Stock[] {
  const [first] = rooms;
  return first === undefined ? [] : [{ ...first, quantity: rooms.reduce((sum, room) => sum + room.quantity, 0) }];
}

/** Moves half of each room's stock to a second room name: two rooms in one row, or two rows. */
function splitRoom(row: Row, suffix: string): unknown[] {
  const halves = (rooms: Stock[]) =>
    rooms.flatMap((room) => [
      { ...room, quantity: room.quantity / 2 },
      { ...room, name: `${room.name}${suffix}`, quantity: room.quantity / 2 },
    ]);
  if (Array.isArray(row.roomQuantities)) return [withRooms(row, halves)];
  const half = Number(row.quantity) / 2;
  return "roomName" in row
    ? [
        { ...row, quantity: half },
        { ...row, quantity: half, roomName: `${row.roomName}${suffix}` },
      ]
    : [row];
}
