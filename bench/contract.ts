/** What the bench and its Worker say to each other. */

/** What the Worker and its Locations asked of the platform since the counts were last taken. */
export interface Counts {
  /** Requests over HTTP, batches of queues, cron calls and alarms. */
  requests: { fetch: number; queue: number; scheduled: number };
  /** `queries`: calls, of which `accounts` went to the database of accounts. A batch is one, and has several `statements`. */
  d1: { queries: number; accounts: number; statements: number; rows_read: number; rows_written: number; ms: number };
  /** `ms`: how long its callers waited, all calls together. `alarms_set` are rows written too, and not among them. */
  location: {
    calls: number;
    ms: number;
    alarms: number;
    alarms_set: number;
    rows_read: number;
    rows_written: number;
  };
  /** Entries of the log. */
  logs: number;
  queues: { sends: number; messages: number; received: number };
  /** By the first words of a statement: where the rows come from. */
  by_statement: Record<string, { times: number; rows_read: number; rows_written: number }>;
}

/**
 * Whether a queue's messages are handled. `hold`: they wait in the queue, behind one batch that waits here. `drop`: they are
 * acknowledged unseen, where only the sending is measured.
 */
export type Gate = "open" | "hold" | "drop";

export interface Handled {
  messages: number;
  /** ms since 1970. */
  last_at: number;
}

export const RAW_TABLES = ["products", "inventory", "sales"] as const;

/** Per table, how many rows to write at most; left out: all. Tables that are not named are left alone. */
export type RawAsk = Partial<Record<(typeof RAW_TABLES)[number], number>>;

export interface RawResult {
  rows: number;
  ms: number;
  by_table: Record<string, { rows: number; ms: number }>;
}
