/** Every queue that a message is sent to, by its binding. A test holds wrangler.toml to it. */
export const QUEUES = ["WEBHOOKS", "SYNC", "IMPORTS", "SLOW", "CHORES", "ALERTS", "NOTICES"] as const;

/** How the service as a whole fares; nothing of a single store or retailer. Times in ms. */
export interface ReadinessFacts {
  /** Only where others reach the Worker do schedules run by themselves, and does its address matter. */
  is_deployed: boolean;
  is_configured: boolean;
  /** null: the database of accounts does not answer. */
  work: {
    /** The last sign of the schedules; null: none yet. */
    last_tick_at: number | null;
    /** When the first store that waits for a schedule was due; null: none waits. */
    next_due_at: number | null;
  } | null;
  /** The host that was asked for, and the one that webhook addresses begin with. */
  host: string;
  public_host: string | null;
}

export type NotReady = "config" | "database" | "schedule" | "overdue" | "host";

/** The databases are measured every 15 minutes: two in a row are missing, and some minutes more, ms. */
const TICK_LATE_MS = 35 * 60_000;
/** Due stores are called every 5 minutes: three calls in a row did not reach this one, ms. */
const OVERDUE_MS = 15 * 60_000;

/** Since when a store has been due that no schedule has called; null: none is. */
export const overdueSince = (next_due_at: number | null, now: number): number | null =>
  next_due_at !== null && next_due_at <= now ? next_due_at : null;

/** Why the service cannot do its work; empty: it can. */
export function notReady(facts: ReadinessFacts, now: number): NotReady[] {
  const { work, is_deployed } = facts;
  const reasons: NotReady[] = [];
  if (!facts.is_configured) reasons.push("config");
  if (work === null) reasons.push("database");
  if (!is_deployed) return reasons;
  if (work !== null) {
    if (now - (work.last_tick_at ?? 0) > TICK_LATE_MS) reasons.push("schedule");
    const since = overdueSince(work.next_due_at, now);
    if (since !== null && now - since > OVERDUE_MS) reasons.push("overdue");
  }
  if (facts.public_host !== null && facts.host !== facts.public_host) reasons.push("host");
  return reasons;
}
