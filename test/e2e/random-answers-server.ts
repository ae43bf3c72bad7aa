import { Hono } from "hono";
import { type Listening, listen } from "../../simulator/http/listen.ts";
import { Random } from "../../simulator/random.ts";
import { type Field, fieldsOf } from "./random-answers-fields.ts";

export type Row = Record<string, unknown>;

/** What a store's Dutchie answers, always the same. */
export interface Answers {
  whoami: Row;
  products: Row[];
  inventory: Row[];
  transactions: Row[];
  rooms: Row[];
}

const DAY_MS = 86_400_000;

/**
 * A Dutchie that sends nonsense of the right types, drawn from one seed. Only the parts that make rows valid are not random:
 * ids are unique in their list and above 0, a room has a name of its own, a sale has a time within the history that is
 * read and as many lines as it counts.
 */
export function randomAnswers(given: { seed: number; size: number; history_days: number; now: number }): Answers {
  const { size, now } = given;
  const random = new Random(given.seed);
  const productIds = uniqueIds(random, size);
  const skus = Array.from({ length: Math.ceil(size / 3) }, () => text(random));
  const roomNames = Array.from({ length: 12 }, (_, index) => `${random.pick(WORDS)} room ${index}`);
  // Texts nearly all differ: some SKUs must meet.
  const products = productIds.map((productId) =>
    row(random, "ProductDetail", { productId, ...(random.chance(0.5) ? { sku: random.pick(skus) } : {}) }),
  );
  const inventory = uniqueIds(random, size).map((inventoryId) => {
    const found = row(random, "ReportingInventoryItem", { inventoryId, productId: random.pick(productIds) });
    const rooms = rowsIn(found.roomQuantities);
    for (const entry of rooms) {
      entry.roomId = random.int(1, 100);
      if (typeof entry.room === "string") entry.room = random.pick(roomNames);
    }
    // The total of all rooms, as Dutchie has it.
    if (rooms.length > 0)
      found.quantityAvailable = rooms.reduce((sum, entry) => sum + Number(entry.quantityAvailable), 0);
    return found;
  });
  const transactions = uniqueIds(random, size).map((transactionId) => {
    const lastModifiedDateUTC = timeText(random, random.int(now - (given.history_days - 1) * DAY_MS, now - 60_000));
    // A sale of the future is stored, but counts as a failed row.
    const transactionDate = timeText(random, random.int(LIFETIME[0], now));
    const found = row(random, "Transaction", { transactionId, transactionDate, lastModifiedDateUTC });
    for (const line of rowsIn(found.items)) {
      line.transactionId = transactionId;
      // Mostly of the catalogue; a few are known by the sale alone.
      if (random.chance(0.99)) line.productId = random.pick(productIds);
    }
    // Lines that are fewer than the sale's own count, or none beside a total, make no statement.
    found.totalItems = rowsIn(found.items).length;
    if (found.totalItems === 0) found.total = 0;
    return found;
  });
  return {
    whoami: row(random, "LocationIdentity", { locationId: random.int(1, 100_000) }),
    products,
    inventory,
    transactions,
    rooms: roomNames.map((roomName) => row(random, "Room", { roomName })),
  };
}

/** A list of rows, empty when there is none. */
export const rowsIn = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

/** A row of a shape. Nullable fields are null in a third to a half of the rows, in some rows all of them, or absent. */
function row(random: Random, shape: string, fixed: Row): Row {
  const nulls = random.weighted([
    [random.decimal(0.3, 0.5, 2), 90],
    [0, 4],
    [1, 6],
  ]);
  const drawn: Row = {};
  for (const field of fieldsOf(shape)) {
    if (field.nullable && random.chance(nulls)) {
      if (random.chance(0.9)) drawn[field.name] = null;
    } else drawn[field.name] = field.list ? list(random, field) : value(random, field);
  }
  return { ...drawn, ...fixed };
}

function list(random: Random, field: Field): unknown[] {
  const length = random.weighted([
    [0, 30],
    [1, 30],
    [random.int(2, 6), 39],
    [random.int(20, 60), 1],
  ]);
  return Array.from({ length }, () => value(random, field));
}

/** No unit or sale costs more, and no package holds more, so a larger amount would be listed and not stored. */
const LARGEST = 10_000_000;
const BOUNDED = /price|cost|quantity|total|discount|tax/i;

function value(random: Random, { name, type, nullable }: Field): unknown {
  switch (type) {
    case "int":
      return int32(random);
    case "number":
      return BOUNDED.test(name) ? number(random) % LARGEST : number(random);
    case "flag":
      return random.chance(0.5);
    case "text":
      return text(random);
    case "amount":
      return Math.abs(number(random)) % 1_000;
    case "potencyUnit":
      return random.pick(["%", "mg", "mg/g", "mg/ml", "Percentage", ""]);
    case "unit":
      return random.int(1, 6);
    case "uuid":
      return `00000000-0000-4000-8000-${random.int(0, 0xffffffff).toString(16).padStart(12, "0")}`;
    case "time":
      return nullable && random.chance(0.1) ? random.pick(NEVER) : timeText(random, random.int(...LIFETIME));
    default:
      return row(random, type, {});
  }
}

const int32 = (random: Random): number =>
  random.weighted([
    [random.int(-0x80000000, 0x7fffffff), 2],
    [random.int(1, 1_000_000), 6],
    [random.pick([0, -1, 1, 0x7fffffff, -0x80000000]), 2],
  ]);

/** Different ones, the ends of the range among them; 0 and below mean none. */
function uniqueIds(random: Random, size: number): number[] {
  const ids = new Set([1, 0x7fffffff]);
  while (ids.size < size) ids.add(Math.max(1, int32(random)));
  return [...ids];
}

const number = (random: Random): number =>
  random.weighted([
    [random.int(0, 100), 20],
    [random.decimal(0, 500, 2), 30],
    [0, 10],
    [-random.decimal(0, 500, 2), 10],
    [random.next() * 100, 10],
    [random.next() / 1e9, 5],
    [random.decimal(0, 1_000_000_000, 2), 10],
    // As far as cents are exact.
    [(random.next() - 0.5) * 1e13, 3],
    [random.pick([12.340000000001, 0.1 + 0.2, 1.00005, -0.00004, 1e-300, Number.MIN_VALUE, -0]), 2],
  ]);

const WORDS = [
  "Blue",
  "Ñandú",
  "東京",
  "Зима",
  "Gélato",
  "n.d.",
  "%",
  "mg",
  "g",
  "mg/g",
  "Flower",
  "Vape",
  "Retail",
  "null",
];
const PIECES = [
  "🌿",
  "👩🏽‍🌾",
  "e\u0301",
  "\u200f",
  "\u00a0",
  "'",
  '"',
  "\\",
  "\n",
  "\t",
  "]",
  "}",
  ",{",
  "\0",
  "\ud83c",
  "$.x",
  "?1",
  "--",
];
const BLANKS = ["", " ", "   ", "\t\n", "\u00a0", "\0"];

function text(random: Random): string {
  const some = (from: readonly string[], most: number) =>
    Array.from({ length: random.int(1, most) }, () => random.pick(from)).join("");
  return random.weighted<() => string>([
    [() => random.pick(BLANKS), 15],
    [() => random.pick(WORDS), 20],
    [() => `${random.pick(WORDS)} ${random.pick(WORDS)} ${random.int(1, 999)} `, 40],
    [() => some(PIECES, 12), 10],
    [() => String(number(random)), 10],
    [() => some([...WORDS, ...PIECES], 8).padEnd(2_000, random.pick(["x", "é", "東", "🌿", " z"])), 1],
  ])();
}

const LIFETIME = [Date.UTC(1995, 0), Date.UTC(2040, 0)] as const;
const NEVER = ["0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999Z", "1900-01-01T00:00:00Z"];

/** A time in one of the forms of ISO 8601: with and without Z, with a fraction of up to seven digits. */
function timeText(random: Random, ms: number): string {
  const [seconds = "", fraction = ""] = new Date(ms).toISOString().replace("Z", "").split(".");
  const digits = random.weighted([
    ["", 1],
    [`.${fraction}`, 1],
    [`.${fraction}4567`, 1],
    [`.${fraction.slice(0, 1)}`, 1],
  ]);
  return `${seconds}${digits}${random.pick(["", "Z", "+00:00"])}`;
}

/** Listens on loopback and answers as the POS API does: bare lists, sales by their last-modified window. */
export async function serveAnswers(answers: Answers): Promise<Listening> {
  const times = new Map(answers.transactions.map((found) => [found, utc(found.lastModifiedDateUTC)]));
  const app = new Hono();
  app.get("/whoami", (c) => c.json(answers.whoami));
  app.get("/room/rooms", (c) => c.json(answers.rooms));
  // Nothing changes here: "changed since" has one answer.
  app.get("/reporting/products", (c) => c.json(c.req.query("fromLastModifiedDateUTC") ? [] : answers.products));
  app.get("/reporting/inventory", (c) => c.json(answers.inventory));
  app.get("/reporting/transactions", (c) => {
    const [from, to] = [utc(c.req.query("FromLastModifiedDateUTC")), utc(c.req.query("ToLastModifiedDateUTC"))];
    const within = ([, at]: [Row, number]) => at >= from && at < to;
    return c.json([...times].filter(within).map(([found]) => found));
  });
  return listen(app.fetch);
}

const utc = (stamp: unknown): number => Date.parse(String(stamp).replace(/(Z|\+00:00)?$/, "Z"));
