/**
 * What Cloudflare charges beyond what the Workers Paid plan includes, in dollars. The plan itself (5 dollars a month for all
 * stores) and the included amounts are left out: with many stores they vanish.
 */
export const PRICES_READ_ON = "2026-11-26";

export const SOURCES = [
  "https://developers.cloudflare.com/workers/platform/pricing/",
  "https://developers.cloudflare.com/d1/platform/pricing/",
  "https://developers.cloudflare.com/durable-objects/platform/pricing/",
  "https://developers.cloudflare.com/queues/platform/pricing/",
  "https://developers.cloudflare.com/workers/observability/logs/workers-logs/",
] as const;

/** Dollars for a million of each. */
export const PER_MILLION = {
  worker_requests: 0.3,
  cpu_ms: 0.02,
  d1_rows_read: 0.001,
  d1_rows_written: 1,
  queue_operations: 0.4,
  location_requests: 0.15,
  location_gb_s: 12.5,
  location_rows_read: 0.001,
  location_rows_written: 1,
} as const;
/** Dollars for a million entries of Workers Logs. Not part of a store's cost: how many are kept is a setting (`head_sampling_rate`). */
export const PER_MILLION_LOGS = 0.6;
export type Meter = keyof typeof PER_MILLION;

/** Dollars for a GB kept for a month. */
export const PER_GB_MONTH = { d1: 0.75, location: 0.2 } as const;

export const METER_NAMES: Record<Meter, string> = {
  worker_requests: "Worker requests",
  cpu_ms: "CPU, ms",
  d1_rows_read: "D1 rows read",
  d1_rows_written: "D1 rows written",
  queue_operations: "queue operations",
  location_requests: "Location requests",
  location_gb_s: "Location duration, GB-s",
  location_rows_read: "Location rows read",
  location_rows_written: "Location rows written",
};
