/**
 * How long each table keeps its rows (F66). Every table of D1 and of a store's Location has a line here; a test checks
 * that, and docs/architecture.md shows the same. A nightly sweep deletes what is older, in bounded steps.
 */
export interface Retention {
  /** null: nothing is deleted by age; `why` says what bounds the table. */
  days: number | null;
  /** What is deleted. */
  what: string;
  why: string;
}

const LEDGER_DAYS = 30;
const LOG_DAYS = 90;
const HISTORY_DAYS = 1_095;

export const D1_RETENTION = {
  changes: { days: LOG_DAYS, what: "every entry", why: "long enough to see last quarter's cause" },
  runs: { days: LOG_DAYS, what: "every run that ended", why: "96 a day; as long as the changes they made" },
  inventory: {
    days: LOG_DAYS,
    what: "rows with quantity 0, older than the last complete snapshot",
    why: "three times the ledger: an older event can no longer arrive",
  },
  rooms: {
    days: LOG_DAYS,
    what: "rooms in which nothing lies",
    why: "the next sync writes a room again that Dutchie still lists",
  },
  products: {
    days: HISTORY_DAYS,
    what: "deleted ones without stock or merged products, older than the last complete catalogue",
    why: "sales name them as long as sales are kept",
  },
  sales: {
    days: HISTORY_DAYS,
    what: "every sale, or after `sales_history_days` where that is longer",
    why: "three years: a year against the two before it",
  },
  sale_items: { days: HISTORY_DAYS, what: "with their sale", why: "they are part of it" },
  reviews: {
    days: LOG_DAYS,
    what: "decided ones whose products are all gone",
    why: "a decision is kept while its products exist",
  },
  alerts: { days: LOG_DAYS, what: "resolved ones", why: "as long as the runs that raised them" },
  dead_letters: { days: LEDGER_DAYS, what: "every message", why: "as long as the ledger that could play it again" },
  insights: { days: 2, what: "every answer", why: "an answer is of one local day" },
  locations: { days: null, what: "nothing", why: "one row a store" },
  alert_channels: { days: null, what: "nothing", why: "a retailer's own list" },
  email_consents: { days: null, what: "nothing", why: "an address that has said yes is not asked again" },
  shards: { days: null, what: "nothing", why: "one row a database" },
  dead_letter_counts: { days: null, what: "nothing", why: "one row a store" },
  counts: { days: null, what: "nothing", why: "four rows a store" },
} as const satisfies Record<string, Retention>;

export const LOCATION_RETENTION = {
  events: {
    days: LEDGER_DAYS,
    what: "every event that is not pending; one pending for two days is ended first",
    why: "a rebuild plays them again, and an id is a duplicate this long",
  },
  arrivals: {
    days: LEDGER_DAYS,
    what: "every batch of events, unless one of them is pending",
    why: "the order of the events, one row a batch",
  },
  pushes: {
    days: LEDGER_DAYS,
    what: "done and cancelled ones",
    why: "as long as the ledger; of the others a product has one",
  },
  hourly: { days: 2, what: "every hour", why: "the status looks back 24 hours" },
  seen: { days: null, what: "nothing", why: "emptied at the end of each step" },
  absences: {
    days: null,
    what: "nothing",
    why: "written anew by each complete snapshot, at most the ids of what is in stock",
  },
  losses: {
    days: null,
    what: "nothing",
    why: "an hour after a read has counted them, or when their alert is over; one row a record and value",
  },
  kv: { days: null, what: "nothing", why: "one row a key" },
  counts: { days: null, what: "nothing", why: "three rows" },
  migrations: { days: null, what: "nothing", why: "one row a migration" },
} as const satisfies Record<string, Retention>;

const DAY_MS = 86_400_000;

/** Rows from before this time are deleted, ms. */
export const endsBefore = (days: number, now: number): number => now - days * DAY_MS;

/** An event that has been pending for longer is not applied any more, ms: all retries last 28 hours. */
export const PENDING_MS = 2 * DAY_MS;
