import { MAX_CHANGE_MESSAGE_BYTES } from "../bounds.ts";
import type { FeedEntry, FeedResource } from "./entries.ts";

/** What a receiver can subscribe to. */
export const TOLD_EVENTS = [
  "inventory.changed",
  "product.changed",
  "sale.recorded",
  "sync.completed",
  "sync.failed",
] as const;
export type ToldEvent = (typeof TOLD_EVENTS)[number];

const EVENT_OF = {
  inventory: "inventory.changed",
  products: "product.changed",
  sales: "sale.recorded",
} as const satisfies Record<FeedResource, ToldEvent>;

/** How the log names the end of a run: an entry like that of a record, if the store has a receiver. */
export const RUNS = "runs";

/** The resources of the log in which these events appear. */
export function resourcesOf(events: readonly ToldEvent[]): (FeedResource | typeof RUNS)[] {
  const records = (Object.keys(EVENT_OF) as FeedResource[]).filter((resource) => events.includes(EVENT_OF[resource]));
  return events.includes("sync.completed") || events.includes("sync.failed") ? [...records, RUNS] : records;
}

/** An entry of the log: of a record, or of the end of a run. */
export type ToldEntry = FeedEntry<FeedResource | typeof RUNS>;

function eventOf({ resource, fields }: Pick<ToldEntry, "resource" | "fields">): ToldEvent {
  if (resource !== RUNS) return EVENT_OF[resource];
  return fields.state?.[1] === "failed" ? "sync.failed" : "sync.completed";
}

/** A record in a message. `omitted`: it was too large, read it; `gone`: it is not there any more. */
interface ToldRecord {
  sequence: number;
  record_id: string;
  state: "present" | "gone" | "omitted";
  record: unknown;
}

/** One message to a receiver. */
export interface ChangeMessage {
  type: ToldEvent;
  /** Of its last entry. No two messages of a store have the same, and they are sent in this order. */
  sequence: number;
  records: ToldRecord[];
}

/**
 * The messages for a window of entries, in the order of their numbers. A record that changed several times is in its message
 * once, as it is now. They depend on the entries alone, so a window that is sent again has the same messages with the same numbers.
 */
export function changeMessagesOf(
  entries: readonly ToldEntry[],
  events: readonly ToldEvent[],
  recordOf: (entry: ToldEntry) => unknown,
): ChangeMessage[] {
  const byType = new Map<ToldEvent, Map<string, ToldEntry>>();
  for (const entry of entries) {
    const type = eventOf(entry);
    if (!events.includes(type)) continue;
    const records = byType.get(type) ?? new Map<string, ToldEntry>();
    // Behind the others, where its last change was.
    records.delete(entry.record_id);
    byType.set(type, records.set(entry.record_id, entry));
  }
  return [...byType]
    .map(([type, found]) => {
      const records = [...found.values()].map((entry) => asRecord(entry, recordOf(entry)));
      return { type, sequence: records.at(-1)?.sequence ?? 0, records: fitting(records) };
    })
    .sort((a, b) => a.sequence - b.sequence);
}

const asRecord = ({ sequence, record_id }: ToldEntry, record: unknown): ToldRecord => ({
  sequence,
  record_id,
  state: record === null ? "gone" : "present",
  record,
});

/** The largest records are left out until the message is small enough; their ids stay. */
function fitting(records: ToldRecord[]): ToldRecord[] {
  const sizes = records.map((each, index) => ({ index, bytes: bytesOf(each) }));
  let left = sizes.reduce((sum, { bytes }) => sum + bytes, 0) - MAX_CHANGE_MESSAGE_BYTES;
  const omitted = new Set<number>();
  for (const { index, bytes } of sizes.sort((a, b) => b.bytes - a.bytes)) {
    if (left <= 0) break;
    left -= bytes;
    omitted.add(index);
  }
  return records.map((each, index) => (omitted.has(index) ? { ...each, state: "omitted", record: null } : each));
}

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength;
