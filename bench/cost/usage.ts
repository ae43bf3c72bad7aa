import type { Counts } from "../contract.ts";
import { METER_NAMES, type Meter, PER_MILLION, PER_MILLION_LOGS } from "./prices.ts";

/** What has no price here, but an end, by name: entries of the log, and the time of databases that do one thing at a time. */
const UNPRICED_NAMES = {
  log_entries: "log entries",
  accounts_queries: "D1 calls, accounts",
  records_queries: "D1 calls, records",
};
type Unpriced = keyof typeof UNPRICED_NAMES;
const UNPRICED = Object.keys(UNPRICED_NAMES) as Unpriced[];

/** How much of what Cloudflare meters, and of what ends. */
export type Usage = Record<Meter | Unpriced, number>;

export const METERS = Object.keys(PER_MILLION) as Meter[];

/** All that is counted, and what it is called. */
export const COUNTED: readonly [keyof Usage, string][] = [
  ...METERS.map((meter): [Meter, string] => [meter, METER_NAMES[meter]]),
  ...UNPRICED.map((key): [Unpriced, string] => [key, UNPRICED_NAMES[key]]),
];

/** A message is written, read and deleted, each an operation per 64 KB; ours are smaller, but for the largest webhooks. */
export const OPERATIONS_A_MESSAGE = 3;
/** What a Durable Object is charged with while it runs, GB. */
const LOCATION_GB = 0.128;

/** Each invocation counts as a request, of a queue or cron too; each call to a Location as one of its requests. */
export function usageOf(counts: Counts, cpu_ms: number): Usage {
  const { requests, d1, queues, location } = counts;
  return {
    worker_requests: requests.fetch + requests.queue + requests.scheduled,
    cpu_ms,
    d1_rows_read: d1.rows_read,
    d1_rows_written: d1.rows_written,
    queue_operations: OPERATIONS_A_MESSAGE * queues.messages,
    location_requests: location.calls + location.alarms,
    location_gb_s: (location.ms / 1_000) * LOCATION_GB,
    location_rows_read: location.rows_read,
    location_rows_written: location.rows_written + location.alarms_set,
    accounts_queries: d1.accounts,
    records_queries: d1.queries - d1.accounts,
    // Each invocation has an entry of its own.
    log_entries: counts.logs + requests.fetch + requests.queue + requests.scheduled + location.calls + location.alarms,
  };
}

const each = (amount: (key: keyof Usage) => number): Usage =>
  Object.fromEntries([...METERS, ...UNPRICED].map((key) => [key, amount(key)])) as Usage;

export const times = (usage: Usage, factor: number): Usage => each((key) => usage[key] * factor);

export const sum = (usages: readonly Usage[]): Usage =>
  each((key) => usages.reduce((total, usage) => total + usage[key], 0));

/** Dollars of one meter. */
export const dollarsOf = (usage: Usage, meter: Meter): number => (usage[meter] * PER_MILLION[meter]) / 1_000_000;

/** Dollars of all of them, without the log. */
export const dollars = (usage: Usage): number => METERS.reduce((total, meter) => total + dollarsOf(usage, meter), 0);

export const logDollars = (usage: Usage): number => (usage.log_entries * PER_MILLION_LOGS) / 1_000_000;
