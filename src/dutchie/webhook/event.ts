import { MAX_FAILURES, MAX_ID } from "../../domain/bounds.ts";
import type { Resource } from "../../domain/records/model.ts";
import { type DecodedRows, decodeRows } from "../decode/decode.ts";
import { id, keyTable, openRow } from "../decode/fields.ts";
import { parseInstant } from "../decode/stamp.ts";
import { LOCATION, SALE } from "../decode/synonyms.ts";

/** The resource of each event type. Events of other types are accepted and recorded, but change nothing. */
export const EVENT_RESOURCES: Readonly<Record<string, Exclude<Resource, "rooms">>> = {
  "inventory.updated": "inventory",
  "product.created": "products",
  "product.updated": "products",
  "sale.completed": "sales",
};

export interface WebhookEvent {
  ok: true;
  type: string;
  known: boolean;
  /** Milliseconds; null when the event states no time. */
  occurred_at: number | null;
  rows: unknown[];
  /** Dutchie's id of the store that the event, or its list, says it is about; null: none. */
  location: string | null;
  /** The event's id in the body. Not to be trusted before the signature is verified. */
  body_id: string | null;
}

const LOCATION_WORDS = LOCATION.split(" ");
const ENVELOPE = {
  type: ["type", "event"],
  id: ["id", "eventid"],
  occurred_at: ["occurredat", "timestamp", "createdat"],
  location: LOCATION_WORDS,
  data: ["data"],
};
export type EventField = keyof typeof ENVELOPE;
export const EVENT_KEYS = keyTable<EventField>(ENVELOPE);
export const LIST_KEYS = keyTable({ items: ["items"], location: LOCATION_WORDS, transaction: SALE.id });

/** An event from its parsed JSON body, under any of the names of the API contract. */
export function parseEvent(body: unknown): WebhookEvent | { ok: false; reason: string } {
  const fields = openRow(body, EVENT_KEYS);
  if (!fields) return { ok: false, reason: "the body must be a JSON object" };
  const type = eventType(body);
  const data = fields.pick("data");
  if (type === null) return { ok: false, reason: "the body names no event type" };
  const rows = rowsOf(data, type);
  const known = resourceOf(type) !== undefined;
  // A row that is alone states its store itself.
  const list = rows[0] === data ? null : openRow(data, LIST_KEYS);
  const location = fields.read("location", id) ?? list?.read("location", id) ?? null;
  return {
    ok: true,
    type,
    known,
    occurred_at: fields.read("occurred_at", parseInstant) ?? null,
    rows,
    location: known ? location : null,
    body_id: fields.read("id", id) ?? null,
  };
}

/** In lower case; null: the body names no type. */
export function eventType(body: unknown): string | null {
  const type = openRow(body, EVENT_KEYS)?.read("type", (value) =>
    typeof value === "string" && value.trim() !== "" ? value : undefined,
  );
  return typeof type === "string" && type.length <= MAX_ID ? type.trim().toLowerCase() : null;
}

/** The resource of this event type; undefined: an unknown type. */
export const resourceOf = (type: string): Exclude<Resource, "rooms"> | undefined =>
  Object.hasOwn(EVENT_RESOURCES, type) ? EVENT_RESOURCES[type] : undefined;

/** The rows of one object, a list, or `{items: [...]}`. A transaction has `items` itself: with an id beside them, the object is the row. */
export function rowsOf(data: unknown, type: string): unknown[] {
  if (data === undefined || data === null) return [];
  if (Array.isArray(data)) return data;
  const fields = openRow(data, LIST_KEYS);
  const items = fields?.pick("items");
  if (!Array.isArray(items)) return [data];
  const isTransaction = resourceOf(type) === "sales" && (fields?.pick("transaction") ?? null) !== null;
  return isTransaction ? [data] : items;
}

/** The rows of an event, decoded. */
export type DecodedEvent =
  | ({ resource: "products" } & DecodedRows<"products">)
  | ({ resource: "inventory" } & DecodedRows<"inventory">)
  | ({ resource: "sales" } & DecodedRows<"sales">);

/** Decodes an event's rows; null for an unknown type. A known event without rows is a failure. `more`: how many failures beyond the first hundred. */
export function decodeEvent(event: WebhookEvent): (DecodedEvent & { more: number }) | null {
  const resource = resourceOf(event.type);
  if (resource === undefined) return null;
  const decoded = withRows(resource, event.rows);
  if (event.rows.length === 0) decoded.failures.push({ resource, dutchie_id: null, reason: "the event has no rows" });
  // A body of 100 KB can have 51,000 rows that fail (F77).
  const more = Math.max(0, decoded.failures.length - MAX_FAILURES);
  return { ...decoded, failures: decoded.failures.slice(0, MAX_FAILURES), more };
}

function withRows(resource: Exclude<Resource, "rooms">, rows: unknown[]): DecodedEvent {
  switch (resource) {
    case "products":
      return { resource, ...decodeRows(resource, rows) };
    case "inventory":
      return { resource, ...decodeRows(resource, rows) };
    case "sales":
      return { resource, ...decodeRows(resource, rows) };
  }
}
