import { z } from "zod";
import type { Random } from "../random.ts";

/**
 * The grammar of lies: each is a mutation of an answer, of rows or of a field, repeated over some calls. A grammar, unlike
 * a list, also makes lies that nobody thought of. All odds are in this file; `npm run simulator -- --grammar` prints them.
 */
export const LIE_RESOURCES = ["products", "inventory", "sales", "rooms", "location"] as const;
export type LieResource = (typeof LIE_RESOURCES)[number];

const PATHS: Record<string, LieResource> = {
  "/reporting/products": "products",
  "/products": "products",
  "/reporting/inventory": "inventory",
  "/inventory": "inventory",
  "/reporting/transactions": "sales",
  "/transactions": "sales",
  "/room/rooms": "rooms",
  "/rooms": "rooms",
  "/whoami": "location",
};
/** The resource that a read of this path returns; null: the simulator never lies about it. */
export const resourceOf = (path: string): LieResource | null =>
  Object.hasOwn(PATHS, path) ? (PATHS[path] ?? null) : null;

type LieTarget = "answer" | "row" | "field";
export type Via = "read" | "webhook";

const DAY_MS = 86_400_000;

/** What a lie changes: a whole answer, some rows, or one field of rows. In percent. */
const TARGETS: readonly (readonly [LieTarget, number])[] = [
  ["answer", 25],
  ["row", 25],
  ["field", 50],
];

/** Values that replace a value: words for "none", zeros, a mistyped year, a key that every object has. */
const PLACEHOLDERS = ["N/A", "-", "TBD", "", "000000000000", 0, -1, 0.001, 9_999, "0001-01-01T00:00:00", "constructor"];
const ODD_SPANS = [
  -3650 * DAY_MS,
  -7 * DAY_MS,
  -3_600_000,
  -720_000,
  -60_000,
  60_000,
  240_000,
  720_000,
  7 * DAY_MS,
  27_000 * DAY_MS,
];

/** A mutation: its weight for each target, and the values to draw from. */
interface Mutation {
  answer?: number;
  row?: number;
  field?: number;
  values?: readonly unknown[];
}

export const MUTATIONS = {
  /** The key, the row or every row is left out. */
  drop: { answer: 8, row: 12, field: 14 },
  null: { answer: 4, row: 4, field: 12 },
  /** The same value as another type. */
  type: { answer: 6, row: 4, field: 10, values: ["text", "list", "object", "boolean", "fraction"] },
  /** A placeholder for a value; for a row, something that is no row. */
  placeholder: { row: 3, field: 12, values: PLACEHOLDERS },
  /** A web page or an error object with 200. */
  page: {
    answer: 10,
    values: [
      "<!DOCTYPE html><html><body>We are back soon</body></html>",
      { Message: "Too many requests - only 60 per minute allowed", TraceId: "00-1" },
      { Result: false, Message: "Too many requests" },
      { message: "An error occurred" },
      "",
    ],
  },
  /** An absurd wait: 429 with this `Retry-After`. */
  wait: { answer: 6, values: ["0", "-5", "86400", "999999999", "soon", "1e99"] },
  /** An earlier state: an answer of some minutes ago, or the first version of a row or field. */
  stale: { answer: 8, row: 8, field: 4, values: [60_000, 300_000, 600_000] },
  /** A row twice, the second with other content; an answer with every row twice. */
  double: { answer: 4, row: 10, field: 4, values: [1, -1, 0.5] },
  /** Rows, keys or lists in reverse order. */
  order: { answer: 8, row: 4, field: 2 },
  /** Other case: of the keys of an answer or row, of the text of a field. */
  case: { answer: 4, row: 3, field: 8, values: ["upper", "lower"] },
  sign: { row: 3, field: 6 },
  scale: { field: 5, values: [100, 0.01, 1e12] },
  /** A shifted clock: the `Date` of an answer, the `occurred_at` of a webhook, the times of rows. */
  shift: { answer: 10, row: 6, field: 5, values: ODD_SPANS },
  /** Half of the rows, keys, text or list; still valid JSON. */
  cut: { answer: 10, row: 4, field: 5 },
  /** The list, row or value under another key. */
  rekey: { answer: 8, row: 3, field: 5, values: ["Products", "items", "result", "Value"] },
  /** Blanks, signs and escapes after a text. */
  dress: { field: 6, values: [" |", "&amp;amp;", "\u00a0", "  "] },
  /** A text of this many characters. */
  swell: { field: 3, values: [2_000, 20_000] },
  /** A room under another name; a room's stock under two names; all rooms as one. */
  renameRoom: { row: 6, values: ["Room", "VAULT ", "vault", ""] },
  splitRoom: { row: 6, values: [" B", " "] },
  mergeRooms: { row: 6 },
  withoutId: { row: 10 },
} as const satisfies Record<string, Mutation>;

export type Op = keyof typeof MUTATIONS;
const OPS = Object.keys(MUTATIONS) as Op[];
const of = (op: Op): Mutation => MUTATIONS[op];

/** Webhooks have no status, no pages and no waits. */
const READ_ONLY: readonly Op[] = ["page", "wait"];
/** These replace the answer. They must end: otherwise ReUp could only wait. */
const REFUSALS: readonly Op[] = ["page", "wait"];
const OF_ROOMS: readonly Op[] = ["renameRoom", "splitRoom", "mergeRooms"];

/** The fields that ReUp reads, under both profiles' names; a dot leads into a list's rows. */
const FIELDS: Record<LieResource, readonly string[]> = {
  products: [
    ...[
      "productId",
      "id",
      "sku",
      "upc",
      "productName",
      "name",
      "brandName",
      "category",
      "masterCategory",
      "strainType",
    ],
    ...["price", "recPrice", "unitCost", "isActive", "netWeight", "netWeightUnit", "lastModifiedDateUTC", "updatedAt"],
    ...["thcContent", "thcContentUnit", "cbdContent", "cbdContentUnit", "potencyThc", "potencyCbd"],
  ],
  inventory: [
    ...["inventoryId", "id", "productId", "sku", "packageId", "quantityAvailable", "quantity", "allocatedQuantity"],
    ...["unitCost", "unitPrice", "price", "lastModifiedDateUtc", "updatedAt", "roomName", "roomQuantities"],
    ...["roomQuantities.roomId", "roomQuantities.room", "roomQuantities.quantityAvailable"],
  ],
  sales: [
    ...["transactionId", "id", "transactionDate", "completedAt", "lastModifiedDateUTC", "updatedAt", "transactionType"],
    ...["type", "subtotal", "totalDiscount", "discount", "tax", "total", "totalItems", "isVoid", "isReturn", "items"],
    ...[
      "returnOnTransactionId",
      "returnOf",
      "items.transactionItemId",
      "items.id",
      "items.productId",
      "items.quantity",
    ],
    ...[
      "items.unitPrice",
      "items.totalPrice",
      "items.total",
      "items.totalDiscount",
      "items.unitCost",
      "items.isReturned",
    ],
  ],
  rooms: ["roomId", "id", "roomName", "name", "isSalesFloor", "isQuarantineRoom"],
  location: ["locationId", "locationName"],
};

/** How often each resource is lied about, relative to the rate. */
const SHARES: Record<LieResource, number> = { products: 1, inventory: 1, sales: 1, rooms: 0.5, location: 0.25 };

/** Which rows: all, every nth, or one. Each with its weight. */
const EVERY: readonly (readonly [number, number])[] = [
  [1, 25],
  [2, 20],
  [7, 25],
  [100_000, 30],
];
/** For how many answers a lie is repeated; null: until the lies stop. A repeated lie looks confirmed. */
const TIMES: readonly (readonly [number | null, number])[] = [
  [1, 50],
  [2, 20],
  [4, 15],
  [null, 15],
];

export const lieSchema = z.strictObject({
  on: z.enum(LIE_RESOURCES),
  via: z.enum(["read", "webhook"]).default("read"),
  target: z.enum(["answer", "row", "field"]),
  op: z.enum(OPS as [Op, ...Op[]]),
  value: z.unknown().optional(),
  /** A name (`items.quantity` leads into lists), or a position among the row's keys, from 0 to 1. */
  field: z.union([z.string(), z.number().min(0).max(1)]).optional(),
  /** The rows whose index in the answer is `from` modulo `every`. */
  every: z.int().positive().default(1),
  from: z.int().nonnegative().default(0),
  /** Answers of this kind that pass before it begins. */
  after: z.int().nonnegative().default(0),
  /** How many answers it spoils; absent: all. */
  times: z.int().positive().optional(),
});
export type LieInput = z.input<typeof lieSchema>;
export type Lie = z.output<typeof lieSchema>;

/** The probability that an answer of this kind begins a new lie, at this rate. */
export const likelihood = (on: LieResource, rate: number): number => rate * SHARES[on];

/** One lie that begins with the answer `after`. */
export function drawLie(random: Random, on: LieResource, via: Via, after: number): Lie {
  const target = on === "location" && via === "read" ? "field" : random.weighted(TARGETS);
  const allowed = OPS.filter(
    (op) =>
      (of(op)[target] ?? 0) > 0 &&
      (via === "read" || !READ_ONLY.includes(op)) &&
      (on === "inventory" || !OF_ROOMS.includes(op)),
  );
  const op = random.weighted(allowed.map((each) => [each, of(each)[target] ?? 0] as const));
  const { values } = of(op);
  const every = random.weighted(EVERY);
  const times = random.weighted(TIMES) ?? undefined;
  // In a third of the cases any key: a lie about a key that means nothing must change nothing.
  const field = random.chance(0.67) ? random.pick(FIELDS[on]) : Math.round(random.next() * 1000) / 1000;
  return {
    on,
    via,
    target,
    op,
    ...(values === undefined ? {} : { value: random.pick<unknown>(values) }),
    ...(target === "field" ? { field } : {}),
    every: target === "answer" ? 1 : every,
    from: target === "answer" || every === 1 ? 0 : random.int(0, Math.min(every, 40) - 1),
    after,
    ...(times === undefined ? (REFUSALS.includes(op) ? { times: 3 } : {}) : { times }),
  };
}

/** All odds, for people. */
export function grammar(): object {
  return {
    targets: Object.fromEntries(TARGETS),
    mutations: MUTATIONS,
    rows_every: Object.fromEntries(EVERY),
    times: Object.fromEntries(TIMES.map(([times, weight]) => [times ?? "all", weight])),
    resources: SHARES,
    fields: { named: 0.67, any: 0.33, names: FIELDS },
  };
}

/** Lies drawn from a seed: each answer begins a new one with the probability `rate`, for `forMs`. */
export interface Drawn {
  seed: number;
  rate: number;
  forMs?: number | undefined;
}
