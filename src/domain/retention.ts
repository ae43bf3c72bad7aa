/**
 * How long each table keeps its rows (F66). Every table of D1 and of a store's Location has a line here; a test checks
 * that, and docs/data-model.md shows the same. A nightly sweep deletes what is older, in bounded steps.
 */
export interface Retention {
  /** What a row is. */
  row: string;
  /** null: nothing is deleted by age; `why` says what bounds the table. */
  days: number | null;
  /** What is deleted. */
  what: string;
  why: string;
}

const LEDGER_DAYS = 30;
const LOG_DAYS = 90;
const HISTORY_DAYS = 1_095;

/** Since when the change log of a store is complete, ms. A day less than it is kept: the sweep may be under way. */
export const logBegin = (created_at: number, now: number): number =>
  Math.max(created_at, now - (LOG_DAYS - 1) * 86_400_000);

export const D1_RETENTION = {
  changes: {
    row: "one entry, or several: a change of a record, which fields, before and after, by what",
    days: LOG_DAYS,
    what: "every entry",
    why: "long enough to see last quarter's cause",
  },
  runs: {
    row: "a run, with the whole document that the API shows",
    days: LOG_DAYS,
    what: "every run that ended",
    why: "96 a day; as long as the changes they made",
  },
  inventory: {
    row: "the stock of a package in a room; 0: the tombstone",
    days: LOG_DAYS,
    what: "rows with quantity 0, older than the last complete snapshot",
    why: "three times the ledger: an older event can no longer arrive",
  },
  rooms: {
    row: "a room of the store",
    days: LOG_DAYS,
    what: "rooms in which nothing lies and that no list of Dutchie's has named for so long before the last one",
    why: "a room that comes back has lost its former names, and so perhaps its type",
  },
  products: {
    row: "a product",
    days: HISTORY_DAYS,
    what: "deleted ones without stock or merged products, older than the last complete catalogue",
    why: "sales name them as long as sales are kept",
  },
  sales: {
    row: "a sale, a return or an adjustment, with its lines",
    days: HISTORY_DAYS,
    what:
      "every sale, or after `sales_history_days` where that is longer; its lines after `sales_detail_days`: their sums per day " +
      "and product are in `sales_days`",
    why: "three years: a year against the two before it",
  },
  sales_days: {
    row: "what a product sold on a local day, once the lines are deleted",
    days: HISTORY_DAYS,
    what: "every day",
    why: "as long as the sales",
  },
  roll_ups: {
    row: "up to where the lines of sales are rolled up into days",
    days: null,
    what: "nothing",
    why: "one row a store",
  },
  reviews: {
    row: "a question to a person, and the decision",
    days: LOG_DAYS,
    what: "decided ones whose products are all gone",
    why: "a decision is kept while its products exist",
  },
  alerts: {
    row: "an alert of a rule and a subject",
    days: LOG_DAYS,
    what: "resolved ones",
    why: "as long as the runs that raised them",
  },
  dead_letters: {
    row: "a queue message that failed all its retries",
    days: LEDGER_DAYS,
    what: "every message",
    why: "as long as the ledger that could play it again",
  },
  settled_items: {
    row: "what a person decided about a failed message or an edit that did not reach Dutchie",
    days: LOG_DAYS,
    what: "every decision",
    why: "as long as the alerts that were about them",
  },
  insights: {
    row: "an answer of the insights, computed once a local day",
    days: 2,
    what: "every answer",
    why: "an answer is of one local day",
  },
  locations: {
    row: "a store: its connection, settings and summary",
    days: null,
    what: "nothing",
    why: "one row a store",
  },
  alert_channels: {
    row: "where a retailer's alerts are sent",
    days: null,
    what: "nothing",
    why: "a retailer's own list",
  },
  subscriptions: {
    row: "who is told of the changes of a retailer's stores",
    days: null,
    what: "nothing",
    why: "a retailer's own list",
  },
  subscription_failures: {
    row: "a store whose changes a receiver does not take",
    days: null,
    what: "nothing",
    why: "until it takes them, or the subscription ends",
  },
  email_consents: {
    row: "an address that was asked whether alerts may come",
    days: null,
    what: "nothing",
    why: "an address that has said yes is not asked again",
  },
  shards: { row: "a database of records, and its size", days: null, what: "nothing", why: "one row a database" },
  dead_letter_counts: {
    row: "how many dead letters of a store need somebody",
    days: null,
    what: "nothing",
    why: "one row a store",
  },
  counts: { row: "how many records of a kind a store has", days: null, what: "nothing", why: "four rows a store" },
} as const satisfies Record<string, Retention>;

export const LOCATION_RETENTION = {
  events: {
    row: "a webhook: its body, and what became of it",
    days: LEDGER_DAYS,
    what: "every event that is not pending; one pending for two days is ended first",
    why: "a rebuild plays them again, and an id is a duplicate this long",
  },
  arrivals: {
    row: "a batch of webhooks, in the order of arrival",
    days: LEDGER_DAYS,
    what: "every batch of events, unless one of them is pending",
    why: "the order of the events, one row a batch",
  },
  pushes: {
    row: "an edit on its way to Dutchie",
    days: LEDGER_DAYS,
    what: "done and cancelled ones",
    why: "as long as the ledger; of the others a product has one",
  },
  creations: {
    row: "which product a call with an Idempotency-Key added",
    days: 1,
    what: "every key",
    why: "a call whose answer was lost is repeated within minutes",
  },
  hourly: { row: "the figures of an hour", days: 2, what: "every hour", why: "the status looks back 24 hours" },
  seen: {
    row: "ids that the snapshot under way has listed",
    days: null,
    what: "nothing",
    why: "emptied at the beginning of the next step, and at the end of the run",
  },
  collected: {
    row: "a part of a list that is read whole, up to where its read broke off",
    days: null,
    what: "nothing",
    why: "emptied with the ids that were listed",
  },
  absences: {
    row: "ids that complete snapshots left out and that wait for a decision, or are kept by one",
    days: null,
    what: "nothing",
    why: "written anew by each complete snapshot, at most the ids of what is in stock",
  },
  losses: {
    row: "a record that lost a value lately, or changed it beyond belief",
    days: null,
    what: "nothing",
    why: "an hour after a read has counted them, or when their alert is over; one row a record and value",
  },
  deliveries: {
    row: "what a receiver got of the store's changes",
    days: null,
    what: "nothing",
    why: "one row a subscription",
  },
  kv: {
    row: "a single value: the run, cursors, floors, the rate budget",
    days: null,
    what: "nothing",
    why: "one row a key",
  },
  counts: { row: "how many rows of a kind there are", days: null, what: "nothing", why: "three rows" },
  migrations: { row: "a migration that has run", days: null, what: "nothing", why: "one row a migration" },
} as const satisfies Record<string, Retention>;

const DAY_MS = 86_400_000;

/** A room that Dutchie lists is stamped anew when its row is older, ms: a third of its retention, so not with each list. */
export const ROOM_STAMP_MS = (LOG_DAYS / 3) * DAY_MS;

/** Rows from before this time are deleted, ms. */
export const endsBefore = (days: number, now: number): number => now - days * DAY_MS;

/** An event that has been pending for longer is not applied any more, ms: all retries last 28 hours. */
export const PENDING_MS = 2 * DAY_MS;
