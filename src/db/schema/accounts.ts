import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ChannelKind } from "../../contract/http/alert-channels.ts";
import type { ProblemJson } from "../../contract/http/common.ts";
import type { DeadLetterJson } from "../../contract/http/dead-letters.ts";
import type { AuthScheme, LocationState, ProfileName, WebhookScheme } from "../../contract/http/locations.ts";
import type { AlertJson } from "../../contract/http/status.ts";
import type { Standing } from "../../domain/alerts/health.ts";
import type { InboxAction, SettledKind } from "../../domain/alerts/inbox.ts";
import type { LastNotice } from "../../domain/alerts/notices.ts";
import type { AlertRule } from "../../domain/alerts/rules.ts";
import type { ToldEvent } from "../../domain/feed/change-messages.ts";
import type { SealedPepper } from "../../domain/insights/pseudonym.ts";
import type { Settings } from "../../domain/records/model.ts";

/**
 * The database of accounts, one for all: stores, alerts and where they are sent, dead letters, and the sizes of the others.
 * Tables are WITHOUT ROWID (written by hand into the migration: drizzle-kit does not know it), and secondary indexes are few:
 * each costs a written row with every write. Times are ms since 1970 UTC.
 */

export const locations = sqliteTable(
  "locations",
  {
    location_id: text().primaryKey(),
    retailer_id: text().notNull(),
    name: text().notNull(),
    time_zone: text().notNull(),
    endpoint: text().notNull(),
    dutchie_location_id: text(),
    profile: text().$type<ProfileName>().notNull(),
    auth: text({ mode: "json" }).$type<AuthScheme>().notNull(),
    api_key_hint: text().notNull(),
    /** API key and integrator key, sealed. */
    credentials: text().notNull(),
    settings: text({ mode: "json" }).$type<Settings>().notNull(),
    webhook_scheme: text({ mode: "json" }).$type<WebhookScheme>().notNull(),
    /** Sealed secrets; the second, if any, holds until `until` (rotation). */
    webhook_secrets: text({ mode: "json" }).$type<WebhookSecret[]>().notNull(),
    webhook_secret_hint: text().notNull(),
    /** The database of the store's records: `RECORDS_<shard>`. */
    shard: text().notNull(),
    /** Another database that may have rows of the store: the one to which it moves, or from which it came. */
    other_shard: text(),
    /** What makes the pseudonyms of customers, sealed; there only while the data type is on. */
    customer_pepper: text({ mode: "json" }).$type<SealedPepper>(),
    /** Summary that the store's Location writes after each run, for lists and for cron. */
    state: text().$type<LocationState>().notNull(),
    last_sync_at: integer(),
    last_success_at: integer(),
    next_sync_at: integer(),
    next_full_at: integer(),
    /** When cron calls the store's Location next, to start a run or to evaluate alerts. null: never by itself. */
    wake_at: integer().default(0),
    error_rate_24h: real().notNull().default(0),
    /** What the Location knows of how the store fares; null: it has not said so yet. */
    standing: text({ mode: "json" }).$type<Standing>(),
    created_at: integer().notNull(),
    /** Set when the store is disconnected: everything stops. */
    deleted_at: integer(),
  },
  (table) => [
    index("locations_retailer").on(table.retailer_id),
    index("locations_wake").on(table.wake_at).where(sql`deleted_at is null`),
  ],
);

export interface WebhookSecret {
  sealed: string;
  /** ms; null: the current one. */
  until: number | null;
  /** The scheme it was made for, while a rotation changes the scheme; absent: the store's. */
  scheme?: WebhookScheme;
}

export type LocationRow = typeof locations.$inferSelect;

export const alerts = sqliteTable(
  "alerts",
  {
    location_id: text().notNull(),
    alert_id: text().notNull(),
    retailer_id: text().notNull(),
    rule: text().$type<AlertRule>().notNull(),
    state: text().$type<AlertJson["state"]>().notNull(),
    severity: text().$type<AlertJson["severity"]>().notNull(),
    message: text().notNull(),
    started_at: integer().notNull(),
    resolved_at: integer(),
    acknowledged_at: integer(),
    acknowledged_by: text(),
    acknowledged_reason: text(),
    /** The last notice that was sent to the retailer's channels. */
    last_notice: text({ mode: "json" }).$type<LastNotice>(),
    /** When to see whether a notice is due; null: not while the alert stays as it is. */
    notice_at: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.alert_id] }),
    index("alerts_retailer").on(table.retailer_id, table.state),
    index("alerts_notice").on(table.notice_at).where(sql`notice_at is not null`),
  ],
);

export type AlertRow = typeof alerts.$inferSelect;

/** Where a retailer's alerts are sent. */
export const alertChannels = sqliteTable(
  "alert_channels",
  {
    channel_id: text().primaryKey(),
    retailer_id: text().notNull(),
    kind: text().$type<ChannelKind>().notNull(),
    /** Target and, of a webhook, its secret; sealed: a Slack address is a credential. */
    sealed: text().notNull(),
    target_hint: text().notNull(),
    secret_hint: text(),
    /** The rules whose alerts it gets; null: all. */
    rules: text({ mode: "json" }).$type<AlertRule[]>(),
    enabled: integer({ mode: "boolean" }).notNull(),
    /** Its place in the retailer's list. */
    position: integer().notNull(),
    /** When it was created or got another target. */
    created_at: integer().notNull(),
    last_sent_at: integer(),
    /** Set while the last attempt failed. */
    failed_at: integer(),
    last_error: text({ mode: "json" }).$type<ProblemJson>(),
  },
  (table) => [index("alert_channels_retailer").on(table.retailer_id)],
);

export type AlertChannelRow = typeof alertChannels.$inferSelect;

/** Who is told of the changes of a retailer's stores. */
export const subscriptions = sqliteTable(
  "subscriptions",
  {
    subscription_id: text().primaryKey(),
    retailer_id: text().notNull(),
    /** Address and secret. */
    sealed: text().notNull(),
    url_hint: text().notNull(),
    secret_hint: text().notNull(),
    events: text({ mode: "json" }).$type<ToldEvent[]>().notNull(),
    /** null: all stores. */
    location_ids: text({ mode: "json" }).$type<string[]>(),
    enabled: integer({ mode: "boolean" }).notNull(),
    /** Its place in the retailer's list. */
    position: integer().notNull(),
    created_at: integer().notNull(),
    /** When address, events, stores or `enabled` were changed last. */
    changed_at: integer().notNull(),
  },
  (table) => [index("subscriptions_retailer").on(table.retailer_id)],
);

export type SubscriptionRow = typeof subscriptions.$inferSelect;

/** Stores whose changes a receiver does not take. Of those that it takes, D1 knows nothing. */
export const subscriptionFailures = sqliteTable(
  "subscription_failures",
  {
    subscription_id: text().notNull(),
    location_id: text().notNull(),
    retailer_id: text().notNull(),
    /** Of the last change that was accepted. */
    sequence: integer().notNull(),
    /** How many wait, as of the last attempt. */
    waiting: integer().notNull(),
    failures: integer().notNull(),
    failing_since: integer().notNull(),
    /** null: parked. */
    next_at: integer(),
    parked_at: integer(),
    error: text({ mode: "json" }).$type<ProblemJson>().notNull(),
    /** This store's alert fires, for all stores of the subscription. */
    alerted: integer({ mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.subscription_id, table.location_id] }),
    index("subscription_failures_location").on(table.location_id),
  ],
);

/** Addresses that were asked whether a retailer's alerts may come, and whether they agreed. Only a hash is stored. */
export const emailConsents = sqliteTable(
  "email_consents",
  {
    retailer_id: text().notNull(),
    address_hash: text().notNull(),
    /** When the address was last asked, ms; the latest few. */
    asked: text({ mode: "json" }).$type<number[]>().notNull(),
    confirmed_at: integer(),
  },
  (table) => [primaryKey({ columns: [table.retailer_id, table.address_hash] })],
);

export const deadLetters = sqliteTable(
  "dead_letters",
  {
    dead_letter_id: text().primaryKey(),
    retailer_id: text().notNull(),
    location_id: text().notNull(),
    queue: text().notNull(),
    kind: text().$type<DeadLetterJson["kind"]>().notNull(),
    reason: text().notNull(),
    body: text({ mode: "json" }).$type<unknown>().notNull(),
    at: integer().notNull(),
    /** When a later sync had read what the message was about; null: it still needs somebody. */
    healed_at: integer(),
  },
  (table) => [
    index("dead_letters_retailer").on(table.retailer_id),
    index("dead_letters_location").on(table.location_id, table.at),
  ],
);

/** How many dead letters of a store need somebody. Triggers keep the numbers (written by hand into the migration). */
export const deadLetterCounts = sqliteTable("dead_letter_counts", {
  location_id: text().primaryKey(),
  n: integer().notNull(),
});

/**
 * What a person decided about a failed message or an edit that did not reach Dutchie: the latest decision about each. The
 * message is gone by then, and the edit may be.
 */
export const settledItems = sqliteTable(
  "settled_items",
  {
    location_id: text().notNull(),
    kind: text().$type<SettledKind>().notNull(),
    /** Of the dead letter, or of the push. */
    id: text().notNull(),
    retailer_id: text().notNull(),
    /** Of a message its queue, of an edit its product. */
    subject: text().notNull(),
    /** Why it had failed; null: it had not failed yet. */
    failure: text(),
    since: integer().notNull(),
    action: text().$type<InboxAction>().notNull(),
    settled_at: integer().notNull(),
    settled_by: text().notNull(),
    settled_reason: text(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.kind, table.id] }),
    index("settled_items_retailer").on(table.retailer_id, table.settled_at),
  ],
);

/** The databases of records, as they were last measured. One that was never measured is new and empty. */
export const shards = sqliteTable("shards", {
  /** "00": the database is bound as `RECORDS_00`. */
  shard: text().primaryKey(),
  /** Size of the database. */
  bytes: integer().notNull(),
  checked_at: integer().notNull(),
});
