// Made from the OpenAPI document by `npm run docs:api`; a test fails when it is stale. Do not edit it: edit the schemas in
// `src/contract/http` and the routes in `src/api/routes`.

import type { Answer } from "./answer.ts";

export interface Health {
  status: "ok" | "failing";
  version: string;
  checks: {
    d1: "ok" | "failing";
    config: "ok" | "failing";
    /** The worst of the databases of records. `full`: no store can be connected */
    shards: "ok" | "filling" | "full" | "failing";
  };
  /** The databases of records that need an operator */
  shards?: Record<string, "filling" | "full" | "failing">;
  /** Names of the variables that are wrong, if `config` fails */
  wrong_variables?: string[];
}

export interface Readiness {
  status: "ok" | "failing";
  /** What is failing: variables, the database of accounts, schedules that do not run, stores that no schedule calls, or an address other than PUBLIC_URL */
  not_ready: Array<"config" | "database" | "schedule" | "overdue" | "host">;
  version: string;
  /** The commit that was deployed; null: not known */
  commit: string | null;
  /** The last sign of the schedules, which comes every 15 minutes */
  last_tick_at: string | null;
  /** Since when a store waits for a schedule to call it; null: none waits */
  overdue_since: string | null;
  /** What waits in each queue, and since when the oldest; null: the queue did not say */
  queues: Record<string, { waiting: number; oldest_at: string | null } | null>;
  /** The size of each database, and how much it still takes */
  databases: Record<string, { bytes: number; free_bytes: number }>;
  /** Whether alerts can go out by e-mail */
  mail: "set_up" | "not_set_up";
}

export interface ConnectionTest {
  ok: boolean;
  profile: "pos" | "guide" | null;
  auth: "basic" | "bearer" | { header: string } | null;
  location: { dutchie_location_id: string; name: string | null } | null;
  latency_ms: number;
  checks: Array<{
    name: "reachable" | "authenticated" | "location" | "products" | "inventory" | "transactions" | "rooms" | "clock";
    ok: boolean;
    detail: string;
    hint?: string;
  }>;
  error: { code: string; message: string; hint: string } | null;
}

export interface DutchieConnection {
  endpoint: string;
  api_key: string;
  integrator_key?: string;
  location_id?: string;
  profile?: "auto" | "pos" | "guide";
  auth?: "basic" | "bearer" | { header: string };
}

export interface Reseal {
  /** Stores and alert channels that this request sealed with the newest key */
  resealed: number;
  /** Stores that still have something sealed with another key; with the last store, alert channels count too */
  remaining: number;
  /** Stores and alert channels of this request that no key in CREDENTIAL_KEYS opens */
  unopened: string[];
  next_cursor: string | null;
}

export interface Location {
  location_id: string;
  name: string;
  time_zone: string;
  dutchie: {
    endpoint: string;
    location_id: string | null;
    profile: "pos" | "guide";
    auth: "basic" | "bearer" | { header: string };
    api_key_hint: string;
  };
  settings: Settings;
  webhook: { url: string; scheme: WebhookScheme; secret_hint: string };
  status_summary: {
    state: "never_synced" | "idle" | "syncing" | "degraded" | "failing" | "disconnected";
    last_sync_at: string | null;
    last_success_at: string | null;
    next_sync_at: string | null;
    error_rate_24h: number;
  };
  created_at: string;
}

export interface Settings {
  frequency: "realtime" | "every_15_minutes" | "hourly" | "daily";
  direction: "dutchie_to_reup" | "bidirectional";
  /** For bidirectional stores: which side decides about a field. Default: ask */
  field_authority: {
    product_name?: "ask" | "dutchie" | "reup";
    brand?: "ask" | "dutchie" | "reup";
    category?: "ask" | "dutchie" | "reup";
    subcategory?: "ask" | "dutchie" | "reup";
    thc_percentage?: "ask" | "dutchie" | "reup";
    cbd_percentage?: "ask" | "dutchie" | "reup";
    unit_price?: "ask" | "dutchie" | "reup";
    unit_cost?: "ask" | "dutchie" | "reup";
  };
  duplicate_sku: "auto" | "merge" | "review";
  /** Dutchie's name of a room → ReUp's room type, before Dutchie's flags and the words of the name */
  room_types: Record<string, "sales_floor" | "vault" | "quarantine" | "secret_menu">;
  /** Dutchie's word for a category → ReUp's category, before the default table */
  categories: Record<
    string,
    {
      category: "flower" | "concentrates" | "edibles" | "vapes" | "topicals" | "accessories";
      subcategory?:
        | "indica"
        | "sativa"
        | "hybrid"
        | "shatter"
        | "wax"
        | "live_resin"
        | "rosin"
        | "gummies"
        | "chocolates"
        | "beverages"
        | "cartridges"
        | "disposables"
        | "lotions"
        | "balms"
        | "papers"
        | "pipes"
        | "grinders"
        | null;
    }
  >;
  low_stock_threshold: number;
  quantity_basis: "available" | "available_minus_allocated";
  sales_history_days: number;
  /** After so many days (at least `sales_history_days`) the lines of sales are replaced by their sums per day and product. Sales and sales insights stay; such sales show no items, and insights of customers begin later */
  sales_detail_days: number;
  /** The nightly full sync begins within three hours from this hour on, in the store's time zone */
  overnight_hour: number;
  data_types: { products: boolean; inventory: boolean; sales: boolean; customers: boolean };
  alerts: { on_failure: boolean; max_duration_seconds: number; max_error_rate: number; max_staleness_minutes: number };
}

export type WebhookScheme =
  | { kind: "standard" }
  | { kind: "hmac"; header: string; encoding: "hex" | "base64"; prefix?: string };

export interface WebhookSecret {
  url: string;
  secret: string;
}

/** Of a store that is reconnected: merged into its settings */
export interface SettingsPatch {
  frequency?: "realtime" | "every_15_minutes" | "hourly" | "daily";
  direction?: "dutchie_to_reup" | "bidirectional";
  /** For bidirectional stores: which side decides about a field. Default: ask */
  field_authority?: {
    product_name?: "ask" | "dutchie" | "reup";
    brand?: "ask" | "dutchie" | "reup";
    category?: "ask" | "dutchie" | "reup";
    subcategory?: "ask" | "dutchie" | "reup";
    thc_percentage?: "ask" | "dutchie" | "reup";
    cbd_percentage?: "ask" | "dutchie" | "reup";
    unit_price?: "ask" | "dutchie" | "reup";
    unit_cost?: "ask" | "dutchie" | "reup";
  };
  duplicate_sku?: "auto" | "merge" | "review";
  /** Dutchie's name of a room → ReUp's room type, before Dutchie's flags and the words of the name */
  room_types?: Record<string, "sales_floor" | "vault" | "quarantine" | "secret_menu">;
  /** Dutchie's word for a category → ReUp's category, before the default table */
  categories?: Record<
    string,
    {
      category: "flower" | "concentrates" | "edibles" | "vapes" | "topicals" | "accessories";
      subcategory?:
        | "indica"
        | "sativa"
        | "hybrid"
        | "shatter"
        | "wax"
        | "live_resin"
        | "rosin"
        | "gummies"
        | "chocolates"
        | "beverages"
        | "cartridges"
        | "disposables"
        | "lotions"
        | "balms"
        | "papers"
        | "pipes"
        | "grinders"
        | null;
    }
  >;
  low_stock_threshold?: number;
  quantity_basis?: "available" | "available_minus_allocated";
  sales_history_days?: number;
  /** After so many days (at least `sales_history_days`) the lines of sales are replaced by their sums per day and product. Sales and sales insights stay; such sales show no items, and insights of customers begin later */
  sales_detail_days?: number;
  /** The nightly full sync begins within three hours from this hour on, in the store's time zone */
  overnight_hour?: number;
  data_types?: { products?: boolean; inventory?: boolean; sales?: boolean; customers?: boolean };
  alerts?: {
    on_failure?: boolean;
    max_duration_seconds?: number;
    max_error_rate?: number;
    max_staleness_minutes?: number;
  };
}

export interface DutchieConnectionPatch {
  endpoint?: string;
  api_key?: string;
  integrator_key?: string | null;
  location_id?: string;
  profile?: "auto" | "pos" | "guide";
  auth?: "basic" | "bearer" | { header: string };
}

export interface Run {
  run_id: string;
  location_id: string;
  mode: "initial" | "incremental" | "full" | "verify";
  trigger: "schedule" | "manual" | "webhook" | "replay";
  state: "queued" | "running" | "waiting" | "completed" | "completed_with_errors" | "failed" | "cancelled";
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  waiting_until: string | null;
  phases: Array<{
    resource: "products" | "inventory" | "sales" | "rooms" | "verify";
    state: "pending" | "running" | "waiting" | "completed" | "failed";
    processed: number;
    total: number | null;
    created: number;
    updated: number;
    unchanged: number;
    deleted: number;
    failed: number;
    /** Why the data could not be read completely */
    error: { code: string; message: string; hint: string } | null;
  }>;
  percent: number;
  eta_seconds: number | null;
  records_processed: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  error_rate: number;
  error: { code: string; message: string; hint: string } | null;
  failures: Array<{
    resource: "products" | "inventory" | "sales" | "rooms";
    dutchie_id: string | null;
    reason: string;
  }>;
  verification: Verification;
}

export type Verification = {
  checked_at: string;
  resources: Array<{
    resource: "products" | "inventory" | "sales" | "rooms";
    dutchie_count: number;
    reup_count: number;
    matching: number;
    mismatching: number;
    /** Of `mismatching`: rows that could not be read */
    unreadable?: number;
    missing: number;
    extra: number;
    /** Records that differ but changed so recently that one side may not know yet; neither matching nor mismatching */
    in_flight?: number;
  }>;
  accuracy: number;
  value_at_stake: number;
  examples: Array<{
    resource: "products" | "inventory" | "sales" | "rooms";
    dutchie_id: string;
    field: string;
    dutchie_value?: unknown;
    reup_value?: unknown;
    likely_cause: string;
  }>;
  healed: number;
} | null;

export interface Move {
  from: string;
  to: string;
  /** `checking`: nothing is applied to the store for a moment; `clearing`: the old rows, or those of a move that failed, are deleted after a while */
  state: "copying" | "checking" | "clearing" | "done" | "failed";
  /** True: the store's records are those on `to`. False: the move was given up. null: neither yet */
  switched: boolean | null;
  rows_copied: number;
  started_at: string;
  finished_at: string | null;
  /** Why the last step failed */
  error: string | null;
}

export interface StartMove {
  to: string;
}

export interface Status {
  location_id: string;
  name: string;
  state: "never_synced" | "idle" | "syncing" | "degraded" | "failing" | "disconnected";
  frequency: string;
  last_sync_at: string | null;
  last_success_at: string | null;
  next_sync_at: string | null;
  current_run: Run | null;
  last_run: Run | null;
  /** The worst that holds now: `failing` (the last read of something failed), `stale` (too old), `needs_decision` (a person must decide), else `healthy`. A run that tries again does not change it */
  health: "healthy" | "needs_decision" | "stale" | "failing" | "never_synced" | "disconnected";
  /** `waiting`: a run waits for Dutchie */
  activity: "idle" | "syncing" | "waiting";
  problem: {
    code: string;
    message: string;
    /** What a person can do about it */
    action: "enter_key" | "review" | "run_sync" | "wait" | "contact_dutchie";
    since: string | null;
  } | null;
  /** Since the oldest last success of the data types; null: one was never read */
  data_age_seconds: number | null;
  /** From the last completed verification; a sync does not change it */
  accuracy: {
    value: number;
    checked_at: string;
    healed: number;
    /** Records that a verification with `heal` would correct; rows that could not be read are none */
    correctable?: number;
  } | null;
  data_types: {
    /** The state of this data type; null: the store does not sync it */
    products: {
      last_success_at: string | null;
      error: { code: string; message: string; hint: string; at: string } | null;
      next_sync_at: string | null;
    } | null;
    /** The state of this data type; null: the store does not sync it */
    inventory: {
      last_success_at: string | null;
      error: { code: string; message: string; hint: string; at: string } | null;
      next_sync_at: string | null;
    } | null;
    /** The state of this data type; null: the store does not sync it */
    sales: {
      last_success_at: string | null;
      error: { code: string; message: string; hint: string; at: string } | null;
      next_sync_at: string | null;
    } | null;
  };
  /** Words of Dutchie's that no rule maps into ReUp's: see `GET …/mapping` */
  unmapped: number;
  /** Sums of this hour of the clock and the 23 before it, so of 23 to 24 hours */
  last_24h: {
    runs: number;
    failed_runs: number;
    records_processed: number;
    records_failed: number;
    error_rate: number;
    avg_duration_ms: number | null;
    webhooks: {
      /** Different events that came. A repeat counts as `duplicate` alone, a replay in its outcome alone */
      received: number;
      applied: number;
      duplicate: number;
      stale: number;
      invalid: number;
      ignored: number;
      lag_ms_p50: number | null;
      lag_ms_p95: number | null;
      missed: number;
    };
  };
  records: { products: number; inventory: number; sales: number };
  queue: {
    pending_events: number;
    dead_letters: number;
    /** Edits that Dutchie does not have yet, parked ones included */
    pending_pushes: number;
  };
  held_snapshot: {
    resource: "products" | "inventory" | "sales" | "rooms";
    /** Packages or products that the list leaves out */
    rows: number;
    held_at: string;
    /** Quantity × price of these packages */
    value_at_stake: number;
  } | null;
  /** Packages or products that Dutchie does not list, but that a person decided are there */
  kept_absences: Array<{ resource: "products" | "inventory"; rows: number; kept_by: string; kept_at: string }>;
  open_reviews: number;
  active_alerts: Alert[];
  last_error: { code: string; message: string; hint: string; at: string } | null;
  updated_at: string;
}

export interface Alert {
  alert_id: string;
  location_id: string;
  rule: string;
  state: "firing" | "resolved";
  severity: "warning" | "critical";
  message: string;
  started_at: string;
  resolved_at: string | null;
  acknowledged_at: string | null;
  /** A person's id */
  acknowledged_by: string | null;
  /** Why, in the person's words */
  acknowledged_reason: string | null;
}

export interface LocationSummary {
  location_id: string;
  name: string;
  state: "never_synced" | "idle" | "syncing" | "degraded" | "failing" | "disconnected";
  /** The worst that holds now: `failing` (the last read of something failed), `stale` (too old), `needs_decision` (a person must decide), else `healthy`. A run that tries again does not change it */
  health: "healthy" | "needs_decision" | "stale" | "failing" | "never_synced" | "disconnected";
  /** `waiting`: a run waits for Dutchie */
  activity: "idle" | "syncing" | "waiting";
  problem: {
    code: string;
    message: string;
    /** What a person can do about it */
    action: "enter_key" | "review" | "run_sync" | "wait" | "contact_dutchie";
    since: string | null;
  } | null;
  /** Since the oldest last success of the data types; null: one was never read */
  data_age_seconds: number | null;
  /** From the last completed verification; a sync does not change it */
  accuracy: {
    value: number;
    checked_at: string;
    healed: number;
    /** Records that a verification with `heal` would correct; rows that could not be read are none */
    correctable?: number;
  } | null;
  data_types: {
    /** The state of this data type; null: the store does not sync it */
    products: {
      last_success_at: string | null;
      error: { code: string; message: string; hint: string; at: string } | null;
    } | null;
    /** The state of this data type; null: the store does not sync it */
    inventory: {
      last_success_at: string | null;
      error: { code: string; message: string; hint: string; at: string } | null;
    } | null;
    /** The state of this data type; null: the store does not sync it */
    sales: {
      last_success_at: string | null;
      error: { code: string; message: string; hint: string; at: string } | null;
    } | null;
  };
  /** Words of Dutchie's that no rule maps into ReUp's: see `GET …/mapping` */
  unmapped: number;
  last_success_at: string | null;
  /** null: the store is connected */
  disconnected_at: string | null;
  error_rate_24h: number;
  /** null: the database with this store's records does not answer */
  open_reviews: number | null;
  active_alerts: number;
  /** The 24 hours up to this one, the oldest first: whether a sync failed in it; null: none ended */
  hours: Array<"good" | "failed" | null>;
}

/** Over all stores of the caller, whatever the filter */
export interface FleetSummary {
  /** Those that are connected */
  stores: number;
  healthy: number;
  needs_decision: number;
  stale: number;
  failing: number;
  never_synced: number;
  disconnected: number;
}

/** Only if `page` or `limit` was given */
export interface Pagination {
  page: number;
  limit: number;
  /** Counted up to 100000 */
  total: number;
}

export interface Product {
  product_id: string;
  id: string;
  name: string;
  active: boolean;
  variants: Array<{
    id: string;
    name: string;
    sku: string | null;
    weight: number | null;
    weight_unit: "g" | null;
    price: number | null;
    /** What the store pays: `unit_cost` */
    wholesale_price: number | null;
  }>;
  description: null;
  /** Always empty: images are not read from Dutchie */
  images: string[];
  test_results: null;
  /** Only if the import that created it is known */
  created_at?: string;
  dutchie_product_id: string | null;
  sku: string | null;
  upc: string | null;
  product_name: string;
  brand: string | null;
  /** ReUp's category; null: no rule maps Dutchie's word (`GET …/mapping`) */
  category: "flower" | "concentrates" | "edibles" | "vapes" | "topicals" | "accessories" | null;
  /** ReUp's subcategory, of flower the strain type; null: none is told */
  subcategory:
    | "indica"
    | "sativa"
    | "hybrid"
    | "shatter"
    | "wax"
    | "live_resin"
    | "rosin"
    | "gummies"
    | "chocolates"
    | "beverages"
    | "cartridges"
    | "disposables"
    | "lotions"
    | "balms"
    | "papers"
    | "pipes"
    | "grinders"
    | null;
  thc_percentage: number | null;
  cbd_percentage: number | null;
  thc_mg: number | null;
  cbd_mg: number | null;
  unit_price: number | null;
  unit_cost: number | null;
  /** Of one unit, as Dutchie states it; null: it states none */
  weight: number | null;
  weight_unit: "g" | null;
  /** The category as Dutchie wrote it */
  dutchie_category: string | null;
  /** The strain type as Dutchie wrote it */
  strain_type: string | null;
  quantity: number;
  /** ReUp's own note; not sent to Dutchie */
  notes: string | null;
  /** Edits on their way to Dutchie, with Dutchie's current values */
  pending: Array<{
    field:
      | "product_name"
      | "brand"
      | "category"
      | "subcategory"
      | "thc_percentage"
      | "cbd_percentage"
      | "unit_price"
      | "unit_cost";
    dutchie_value: string | number | null;
  }>;
  status: "active" | "inactive" | "deleted" | "provisional";
  merged_into: string | null;
  source: "dutchie" | "reup";
  source_updated_at: string | null;
  updated_at: string;
}

export type ProductDetail = Product & { inventory: InventoryItem[] };

export interface InventoryItem {
  /** The same as `inventory_id` */
  id: string;
  inventory_id: string;
  dutchie_inventory_id: string;
  location_id: string;
  product_id: string | null;
  product_name: string | null;
  sku: string | null;
  package_id: string | null;
  /** Dutchie's, with what orders reserve; without it in a store that counts available_minus_allocated */
  quantity: number;
  /** Allocated to orders, taken from the fullest sales floor first */
  reserved_quantity: number;
  /** quantity − reserved_quantity */
  available_quantity: number;
  /** ReUp's room type; null: no rule maps Dutchie's word (`GET …/mapping`) */
  room_type: "sales_floor" | "vault" | "quarantine" | "secret_menu" | null;
  /** The room as Dutchie names it */
  room_name: string;
  unit_cost: number | null;
  unit_price: number | null;
  /** The store's last successful sync, or this package's change after it */
  last_sync: string | null;
  source_updated_at: string | null;
  updated_at: string;
}

export interface NewProduct {
  sku?: string | null;
  upc?: string | null;
  product_name: string;
  brand?: string | null;
  /** ReUp's category, or Dutchie's word. Of a product of Dutchie's, it goes out as a word that the store's Dutchie uses */
  category?: string | null;
  /** ReUp's subcategory, or Dutchie's strain type */
  subcategory?: string | null;
  thc_percentage?: number | null;
  cbd_percentage?: number | null;
  thc_mg?: number | null;
  cbd_mg?: number | null;
  unit_price?: number | null;
  unit_cost?: number | null;
  notes?: string | null;
  status?: "active" | "inactive";
}

export interface ProductPatch {
  sku?: string | null;
  upc?: string | null;
  product_name?: string;
  brand?: string | null;
  /** ReUp's category, or Dutchie's word. Of a product of Dutchie's, it goes out as a word that the store's Dutchie uses */
  category?: string | null;
  /** ReUp's subcategory, or Dutchie's strain type */
  subcategory?: string | null;
  thc_percentage?: number | null;
  cbd_percentage?: number | null;
  thc_mg?: number | null;
  cbd_mg?: number | null;
  unit_price?: number | null;
  unit_cost?: number | null;
  notes?: string | null;
  status?: "active" | "inactive";
  /** A category word that the store's Dutchie uses */
  dutchie_category?: string | null;
  /** A strain type that the store's Dutchie uses */
  strain_type?: string | null;
  /** Always refused: quantities come from Dutchie */
  quantity?: number;
}

export interface Change {
  change_id: string;
  resource: string;
  record_id: string;
  /** The product, or the package and its product, as ReUp has it now; null: neither */
  subject: {
    product_id: string | null;
    product_name: string | null;
    package_id: string | null;
    room_name: string | null;
  } | null;
  fields: Record<string, { before?: unknown; after?: unknown }>;
  cause: string;
  /** Id of the event, run or review */
  ref: string | null;
  /** Of a person's decision: who, and why in their words */
  decided: { by: string; reason: string | null } | null;
  at: string;
}

export interface InventorySnapshot {
  date: string;
  time_zone: string;
  /** The end of that day in the store; of today, now */
  as_of: string;
  data: Array<{
    /** The same as `inventory_id` */
    id: string;
    inventory_id: string;
    dutchie_inventory_id: string;
    location_id: string;
    product_id: string | null;
    product_name: string | null;
    sku: string | null;
    package_id: string | null;
    /** Dutchie's, with what orders reserve; without it in a store that counts available_minus_allocated */
    quantity: number;
    /** Allocated to orders, taken from the fullest sales floor first */
    reserved_quantity: number;
    /** quantity − reserved_quantity */
    available_quantity: number;
    /** ReUp's room type; null: no rule maps Dutchie's word (`GET …/mapping`) */
    room_type: "sales_floor" | "vault" | "quarantine" | "secret_menu" | null;
    /** The room as Dutchie names it */
    room_name: string;
    unit_cost: number | null;
    unit_price: number | null;
  }>;
  next_cursor: string | null;
}

export interface Sale {
  sale_id: string;
  dutchie_transaction_id: string;
  completed_at: string;
  type: string;
  subtotal: number | null;
  discount: number | null;
  tax: number | null;
  total: number | null;
  is_void: boolean;
  is_return: boolean;
  return_of: string | null;
  item_count: number;
  adjustment_of: string | null;
  items: Array<{
    product_id: string | null;
    quantity: number;
    unit_price: number | null;
    unit_cost: number | null;
    discount: number | null;
    total: number | null;
    is_returned: boolean;
    /** A coupon, and no goods: no unit of it counts as sold */
    is_coupon: boolean;
  }>;
}

export interface Room {
  room_name: string;
  room_type: "sales_floor" | "vault" | "quarantine" | "secret_menu" | null;
  dutchie_room_id: string | null;
}

export interface Category {
  category: "flower" | "concentrates" | "edibles" | "vapes" | "topicals" | "accessories";
  products: number;
}

export interface LinkProduct {
  /** Dutchie's id of the product that it is; null: it is none of Dutchie's */
  dutchie_product_id: string | null;
  /** Why, in the person's words; it is kept and shown with the decision */
  reason?: string;
}

export interface Mapping {
  data: MappedWord[];
  pagination: Pagination;
  /** All words, the mapped ones, too. An entry without a word is none */
  words: number;
  /** Words that no rule maps; map them in the settings */
  unmapped: number;
  /** The store uses more words than are shown: the rooms with the most stock and the words of the most products are, up to 5000 of each, and rooms without stock up to 2000 in all */
  is_cut: boolean;
}

export interface MappedWord {
  kind: "room" | "category";
  /** As Dutchie writes it; null: Dutchie names none */
  word: string | null;
  /** Packages in the room, or products of the category */
  count: number;
  /** Quantity × price of their stock */
  value: number;
  room_type: "sales_floor" | "vault" | "quarantine" | "secret_menu" | null;
  category: "flower" | "concentrates" | "edibles" | "vapes" | "topicals" | "accessories" | null;
  subcategory:
    | "indica"
    | "sativa"
    | "hybrid"
    | "shatter"
    | "wax"
    | "live_resin"
    | "rosin"
    | "gummies"
    | "chocolates"
    | "beverages"
    | "cartridges"
    | "disposables"
    | "lotions"
    | "balms"
    | "papers"
    | "pipes"
    | "grinders"
    | null;
  /** What mapped it; null: nothing did */
  rule: "setting" | "flags" | "name" | "default" | "master_category" | "subcategory" | null;
}

export interface LedgerEntry {
  at: string;
  inventory_id: string;
  package_id: string | null;
  room_type: "sales_floor" | "vault" | "quarantine" | "secret_menu" | null;
  room_name: string;
  change: number;
  /** Of the product, after the change */
  balance: number;
  reason: "first_seen" | "received" | "sale" | "moved" | "sold_out" | "adjusted";
  /** What told or explains it */
  ref: { kind: "sale" | "event" | "run" | "review"; id: string; label: string } | null;
}

export interface SalesInsights {
  from: string;
  to: string;
  time_zone: string;
  /** When the figures were computed: once per day for the same parameters, and again after a full sync */
  computed_at: string;
  totals: {
    /** Retail sales, without void ones and returns */
    sales: number;
    /** Units (grams for weighed goods) that were sold and not returned */
    units: number;
    /** What they cost after discounts, before tax */
    revenue: number;
    /** Products that were sold; merged products count as one */
    products_sold: number;
    /** Stock of all products in all rooms at the time of computing */
    on_hand: number;
    /** Units sold ÷ (units sold + on hand), for all products together */
    sell_through: number | null;
  };
  /** Every day of the period, also days without a sale */
  days: Array<{
    day: string;
    /** Sales, as in the totals */
    sales: number;
    /** Units (grams for weighed goods) that were sold and not returned */
    units: number;
    /** What they cost after discounts, before tax */
    revenue: number;
  }>;
  /** Products by revenue, highest first, with the days on which they sold */
  top: Array<{
    product_id: string;
    product_name: string;
    sku: string | null;
    brand: string | null;
    category: string | null;
    /** Units (grams for weighed goods) that were sold and not returned */
    units: number;
    /** What they cost after discounts, before tax */
    revenue: number;
    /** Stock in all rooms at the time of computing; merged products count together */
    on_hand: number;
    /** Units sold ÷ (units sold + on hand); null if both are 0 */
    sell_through: number | null;
    /** On hand ÷ average units per day of the period; null if nothing was sold */
    days_of_stock: number | null;
    days: Array<{
      day: string;
      /** Units (grams for weighed goods) that were sold and not returned */
      units: number;
      /** What they cost after discounts, before tax */
      revenue: number;
    }>;
  }>;
  /** Products in stock by sell-through, lowest first; at equal sell-through by stock, highest first */
  slow: Array<{
    product_id: string;
    product_name: string;
    sku: string | null;
    brand: string | null;
    category: string | null;
    /** Units (grams for weighed goods) that were sold and not returned */
    units: number;
    /** What they cost after discounts, before tax */
    revenue: number;
    /** Stock in all rooms at the time of computing; merged products count together */
    on_hand: number;
    /** Units sold ÷ (units sold + on hand); null if both are 0 */
    sell_through: number | null;
    /** On hand ÷ average units per day of the period; null if nothing was sold */
    days_of_stock: number | null;
  }>;
}

export interface CustomerInsights {
  from: string;
  to: string;
  time_zone: string;
  /** When the figures were computed: once per day for the same parameters, and again after a full sync */
  computed_at: string;
  /** The first visit of a known customer in ReUp. A customer who came before that counts as new later */
  known_since: string | null;
  customers: {
    /** Known customers with a visit in the period */
    total: number;
    /** Those whose first known visit is in the period */
    new: number;
    /** Those with a visit before the period, too */
    returning: number;
  };
  visits: {
    /** Visits of known customers. A visit is a retail sale that is not void and no return */
    known: number;
    /** Visits without a customer */
    anonymous: number;
    /** Visits of each known customer in the period */
    per_customer: {
      /** How many values there are */
      count: number;
      /** Half of the values are not above it */
      median: number | null;
      /** Nine in ten values are not above it */
      p90: number | null;
      /** How many values are at least `from` and below `to`; `to` null: no upper limit */
      buckets: Array<{ from: number; to: number | null; count: number }>;
    };
  };
  spend: {
    /** What known customers paid, after discounts, before tax, without what they returned */
    total: number;
    /** The same per customer */
    per_customer: {
      /** How many values there are */
      count: number;
      /** Half of the values are not above it */
      median: number | null;
      /** Nine in ten values are not above it */
      p90: number | null;
      /** How many values are at least `from` and below `to`; `to` null: no upper limit */
      buckets: Array<{ from: number; to: number | null; count: number }>;
    };
  };
  basket: {
    /** Units per visit, anonymous visits included, without what was returned; visits returned in full are left out */
    items: {
      /** How many values there are */
      count: number;
      /** Half of the values are not above it */
      median: number | null;
      /** Nine in ten values are not above it */
      p90: number | null;
      /** How many values are at least `from` and below `to`; `to` null: no upper limit */
      buckets: Array<{ from: number; to: number | null; count: number }>;
    };
    /** What these visits cost, after discounts, before tax */
    money: {
      /** How many values there are */
      count: number;
      /** Half of the values are not above it */
      median: number | null;
      /** Nine in ten values are not above it */
      p90: number | null;
      /** How many values are at least `from` and below `to`; `to` null: no upper limit */
      buckets: Array<{ from: number; to: number | null; count: number }>;
    };
  };
  /** Days (of 24 hours) between a customer's visit in the period and their visit before it, in the period or earlier */
  repeat_interval_days: {
    /** How many values there are */
    count: number;
    /** Half of the values are not above it */
    median: number | null;
    /** Nine in ten values are not above it */
    p90: number | null;
    /** How many values are at least `from` and below `to`; `to` null: no upper limit */
    buckets: Array<{ from: number; to: number | null; count: number }>;
  };
  /** The ten with the most revenue from known customers. Spellings that differ only in case or blanks count as one, and so do a category's singular and plural */
  categories: Array<{
    /** null: products without a category */
    name: string | null;
    /** Known customers who bought products of it */
    customers: number;
    /** Units (grams for weighed goods) that were sold and not returned */
    units: number;
    /** What they cost after discounts, before tax */
    revenue: number;
  }>;
  /** The ten with the most revenue from known customers. Spellings that differ only in case or blanks count as one, and so do a category's singular and plural */
  brands: Array<{
    /** null: products without a brand */
    name: string | null;
    /** Known customers who bought products of it */
    customers: number;
    /** Units (grams for weighed goods) that were sold and not returned */
    units: number;
    /** What they cost after discounts, before tax */
    revenue: number;
  }>;
  /** The twelve months up to `to`, whatever `from` is */
  cohorts: Array<{
    month: string;
    /** Known customers whose first known visit was in this month */
    customers: number;
    /** How many of them came in that month, in the next month, and so on; the first number is all of them */
    active: number[];
  }>;
}

export interface FeedPage {
  data: FeedEntry[];
  /** The next `after`: of the last entry here, or later in a quiet store */
  sequence: number;
  /** The newest number of the store's log; 0: it has none yet */
  head: number;
  has_more: boolean;
}

export interface FeedEntry {
  resource: "products" | "inventory" | "sales";
  record_id: string;
  /** What changed; empty for a record that an import created, a new sale, and what moved to another product */
  fields: Record<string, { before?: unknown; after?: unknown }>;
  cause: string;
  /** Id of the event, run or review */
  ref: string | null;
  at: string;
  sequence: number;
  /** The record as it is now: store it under `record_id`. null: it is gone, so delete it. A product's `quantity` and `pending`, and a package's `product_name` and `last_sync`, follow from other records and have no entry of their own */
  record: Product | InventoryItem | Sale | null;
}

export interface Push {
  push_id: string;
  product_id: string;
  /** null: the product no longer exists */
  product_name: string | null;
  dutchie_product_id: string;
  /** parked: it failed repeatedly and waits until a person sends it again; conflict: a person decides in a review */
  state: "waiting" | "sending" | "done" | "parked" | "conflict" | "cancelled";
  /** What is written (`value`), and Dutchie's value at the time of the edit (`base`) */
  fields: Array<{
    field:
      | "product_name"
      | "brand"
      | "category"
      | "subcategory"
      | "thc_percentage"
      | "cbd_percentage"
      | "unit_price"
      | "unit_cost";
    value: string | number | null;
    base: string | number | null;
  }>;
  /** Failed attempts */
  attempts: number;
  next_attempt_at: string | null;
  error: { code: string; message: string; hint: string } | null;
  /** Why it ended, if it was not simply written */
  reason: string | null;
  edited_by: string;
  created_at: string;
  updated_at: string;
  sent_at: string | null;
}

export interface Review {
  review_id: string;
  kind: "duplicate_sku" | "ambiguous_match" | "edit_conflict" | "held_snapshot";
  state: "open" | "resolved";
  /** The SKU as one product spells it, the product's id (in an ambiguous match: Dutchie's), or the resource */
  subject: string;
  reason: string;
  opened_at: string;
  resolved_at: string | null;
  /** A person's id, `auto` or `snapshot` */
  resolved_by: string | null;
  /** Why, in the person's words */
  resolved_reason: string | null;
  /** Who took back the decision before, and why, in the person's words */
  undone: { by: string; reason: string | null; at: string } | null;
  action: "merge" | "keep_both" | "keep_dutchie" | "keep_reup" | "confirm" | "discard" | null;
  into: string | null;
  candidates: Array<
    | (Product & {
        /** Packages in stock, with those of merged products */
        packages: number;
      })
    | {
        record_id: string;
        product_name: string | null;
        package_id: string | null;
        room_name: string | null;
        quantity: number | null;
        /** Quantity × price */
        value: number | null;
      }
  >;
  /** In an edit conflict: the field's value before (`base`), and its value on each side */
  conflicts: Array<{
    field:
      | "product_name"
      | "brand"
      | "category"
      | "subcategory"
      | "thc_percentage"
      | "cbd_percentage"
      | "unit_price"
      | "unit_cost";
    base: string | number | null;
    dutchie_value: string | number | null;
    reup_value: string | number | null;
  }>;
  /** In a held snapshot: quantity × price of the packages that it leaves out */
  value_at_stake: number | null;
  /** In a held snapshot: how many packages or products it leaves out; null until the next sync counted them */
  held_rows: number | null;
  /** The merged product, before or after the merge */
  preview: {
    /** The product that stays */
    product_id: string;
    quantity: number;
    packages: number;
    /** Each field's value and the product that it comes from; null: a person entered it */
    fields: Record<string, { value: string | number | null; from: string | null }>;
  } | null;
}

export interface ResolveReview {
  action: "merge" | "keep_both" | "keep_dutchie" | "keep_reup" | "confirm" | "discard";
  into?: string;
  /** Fields of the product that stays: a value, or { from: product_id } for another candidate's value */
  fields?: {
    upc?: string | number | null | { from: string };
    product_name?: string | number | null | { from: string };
    brand?: string | number | null | { from: string };
    category?: string | number | null | { from: string };
    subcategory?: string | number | null | { from: string };
    thc_percentage?: string | number | null | { from: string };
    cbd_percentage?: string | number | null | { from: string };
    thc_mg?: string | number | null | { from: string };
    cbd_mg?: string | number | null | { from: string };
    unit_price?: string | number | null | { from: string };
    unit_cost?: string | number | null | { from: string };
  };
  /** With `confirm`: how many the person was shown (`held_rows`). Refused with 409 when it is another number by now */
  count?: number;
  /** Why, in the person's words; it is kept and shown with the decision */
  reason?: string;
}

export interface WebhookEvent {
  event_id: string;
  type: string;
  occurred_at: string;
  received_at: string;
  applied_at: string | null;
  outcome: "pending" | "applied" | "duplicate" | "stale" | "invalid" | "ignored";
  reason: string | null;
  body?: unknown;
}

export interface DeadLetter {
  dead_letter_id: string;
  location_id: string;
  queue: string;
  /** config: the store is gone; auth: its credentials cannot be opened; data: the message cannot be read; system: our fault; receiver: a receiver of changes did not accept them for a day */
  kind: "config" | "auth" | "data" | "system" | "receiver";
  reason: string;
  at: string;
  /** When a later sync read the same data from Dutchie: there is nothing to do */
  healed_at: string | null;
}

export type WholeDeadLetter = DeadLetter & {
  /** The message, without customers' data */
  body?: unknown;
};

export interface Inbox {
  data: InboxItem[];
  pagination: Pagination;
  /** Stores whose items are not all here, because a database or the store did not answer, or too many have parked edits */
  unread_stores: string[];
  /** There may be more than are listed: of what waits, the oldest 500 of a kind are; of what was decided, the latest */
  is_cut: boolean;
}

export interface InboxItem {
  item_id: string;
  kind: "alert" | "review" | "dead_letter" | "edit";
  location_id: string;
  title: string;
  /** What happens as long as nobody does anything; of a decided item, what was decided */
  consequence: string;
  /** The first of `actions`, which never ends stock nor makes products one; of a decided item, the one that was taken */
  action:
    | "acknowledge"
    | "replay"
    | "delete"
    | "retry"
    | "merge"
    | "keep_both"
    | "keep_dutchie"
    | "keep_reup"
    | "confirm"
    | "discard";
  /** Empty once it is decided */
  actions: Array<
    | "acknowledge"
    | "replay"
    | "delete"
    | "retry"
    | "merge"
    | "keep_both"
    | "keep_dutchie"
    | "keep_reup"
    | "confirm"
    | "discard"
  >;
  /** null: it waits */
  decision: {
    action:
      | "acknowledge"
      | "replay"
      | "delete"
      | "retry"
      | "merge"
      | "keep_both"
      | "keep_dutchie"
      | "keep_reup"
      | "confirm"
      | "discard";
    /** A person's id, `auto` or `snapshot`; null: not recorded */
    by: string | null;
    /** Why, in the person's words */
    reason: string | null;
    at: string;
  } | null;
  since: string;
  /** Quantity × price of what it is about, if it is known */
  value_at_stake: number | null;
  /** Of a held snapshot, `held_rows`: how many packages or products the list leaves out; null until the next sync counted them */
  details: Record<string, string | number | null>;
}

export interface ResolvedItems {
  data: Array<{
    item_id: string;
    ok: boolean;
    error: {
      code:
        | "INVALID_REQUEST"
        | "UNAUTHORIZED"
        | "FORBIDDEN"
        | "NOT_FOUND"
        | "METHOD_NOT_ALLOWED"
        | "CONFLICT"
        | "GONE"
        | "PAYLOAD_TOO_LARGE"
        | "KEY_REUSED"
        | "RATE_LIMITED"
        | "SERVER_ERROR"
        | "UNAVAILABLE";
      message: string;
    } | null;
  }>;
}

export interface AlertChannel {
  channel_id: string;
  kind: "webhook" | "slack" | "email";
  /** A part of the address, as a hint */
  target: string;
  secret_hint: string | null;
  /** null: all rules */
  rules: Array<
    | "sync_failed"
    | "long_duration"
    | "high_error_rate"
    | "stale"
    | "webhooks_silent"
    | "drift"
    | "clock_wrong"
    | "held_snapshot"
    | "dead_letter"
    | "push_parked"
    | "stock_ended"
    | "mass_change"
    | "rows_without_id"
    | "receiver_failing"
  > | null;
  enabled: boolean;
  /** waiting: the recipient of the e-mail has not confirmed yet, so no alert is sent */
  confirmation: "not_needed" | "waiting" | "confirmed";
  created_at: string;
  last_sent_at: string | null;
  /** Set if the last attempt failed */
  failed_at: string | null;
  last_error: { code: string; message: string; hint: string } | null;
}

export type SavedAlertChannel = AlertChannel & {
  /** The secret of a new webhook, which is shown only here */
  secret: string | null;
};

export interface AlertChannelTest {
  ok: boolean;
  error: { code: string; message: string; hint: string } | null;
  latency_ms: number;
}

export interface Subscription {
  subscription_id: string;
  /** A part of the address, as a hint */
  url: string;
  secret_hint: string;
  events: Array<"inventory.changed" | "product.changed" | "sale.recorded" | "sync.completed" | "sync.failed">;
  location_ids: string[] | null;
  enabled: boolean;
  created_at: string;
  /** parked: of at least one store nothing is sent any more */
  state: "ok" | "failing" | "parked" | "disabled";
  failing_stores: number;
  parked_stores: number;
  /** Changes that wait at stores that fail, as of their last attempts */
  waiting: number;
  failing_since: string | null;
  last_error: { code: string; message: string; hint: string } | null;
  /** The first 20 stores whose changes are not accepted */
  failures: Array<{
    location_id: string;
    /** Everything up to here was accepted: a receiver that lost something reads the feed after it */
    sequence: number;
    /** Changes that wait, as of the last attempt; 10000: that many or more */
    waiting: number;
    attempts: number;
    since: string;
    /** null: parked */
    next_attempt_at: string | null;
    /** Since when nothing is tried any more: replay it */
    parked_at: string | null;
    error: { code: string; message: string; hint: string };
  }>;
}

export type SavedSubscription = Subscription & {
  /** The secret of a new address, which is shown only here; null: it stays */
  secret: string | null;
};

/** By the path of a question: a key that each answer to it has, or `[]`: it is a list. The client refuses another answer. */
export const FIRST_KEYS: Record<string, string> = {
  "/v1/locations": "data",
  "/v1/locations/:location_id": "location_id",
  "/v1/locations/:location_id/syncs": "data",
  "/v1/locations/:location_id/syncs/:run_id": "run_id",
  "/v1/locations/:location_id/move": "from",
  "/v1/locations/:location_id/status": "location_id",
  "/v1/status": "data",
  "/v1/locations/:location_id/products": "data",
  "/v1/locations/:location_id/products/:product_id": "product_id",
  "/v1/locations/:location_id/products/:product_id/changes": "data",
  "/v1/locations/:location_id/inventory": "data",
  "/v1/inventory/snapshot": "date",
  "/v1/locations/:location_id/sales": "data",
  "/v1/locations/:location_id/sales/:sale_id": "sale_id",
  "/v1/locations/:location_id/rooms": "data",
  "/v1/locations/:location_id/categories": "data",
  "/v1/locations/:location_id/mapping": "data",
  "/v1/locations/:location_id/products/:product_id/ledger": "data",
  "/v1/locations/:location_id/insights/sales": "from",
  "/v1/locations/:location_id/insights/customers": "from",
  "/v1/locations/:location_id/changes": "data",
  "/v1/locations/:location_id/feed": "data",
  "/v1/locations/:location_id/pushes": "data",
  "/v1/locations/:location_id/reviews": "data",
  "/v1/locations/:location_id/events": "data",
  "/v1/locations/:location_id/events/:event_id": "event_id",
  "/v1/dead-letters": "data",
  "/v1/dead-letters/:dead_letter_id": "dead_letter_id",
  "/v1/inbox": "data",
  "/v1/alerts": "data",
  "/v1/alert-channels": "[]",
  "/v1/subscriptions": "[]",
};

/** Every call under `/v1`, by the parts of its path. */
export interface Api {
  connections: {
    test: {
      /** Test a connection without saving it (admin) */
      $post(given: { json: { dutchie: DutchieConnection } }): Promise<Answer<ConnectionTest>>;
    };
  };
  locations: {
    /** Connect a store (admin) */
    $post(given: {
      json: {
        /** Needed for a new store; a store that is reconnected keeps its own */
        name?: string;
        /** As with `name` */
        time_zone?: string;
        dutchie: DutchieConnection;
        settings?: SettingsPatch;
        /** Takes up the records of a store that was disconnected, if this Dutchie location had one. Without it such a store is 409 */
        reconnect?: boolean;
        /** Takes up this disconnected store and no other; 409 if the connection leads to another Dutchie location */
        reconnect_location_id?: string;
      };
    }): Promise<Answer<{ location: Location; webhook: WebhookSecret }>>;
    /** The stores that are connected (viewer) */
    $get(given?: {
      query?: { limit?: number; cursor?: string };
    }): Promise<Answer<{ data: Location[]; next_cursor: string | null }>>;
    ":location_id": {
      /** One store (viewer) */
      $get(given: { param: { location_id: string } }): Promise<Answer<Location>>;
      /** Disconnect a store: its syncs and webhooks stop (admin) */
      $delete(given: { param: { location_id: string }; query?: { purge?: "true" | "false" } }): Promise<Answer<null>>;
      /** Change a store; settings are merged (admin) */
      $patch(given: {
        param: { location_id: string };
        json: { name?: string; time_zone?: string; dutchie?: DutchieConnectionPatch; settings?: SettingsPatch };
      }): Promise<Answer<Location>>;
      test: {
        /** Test a store's connection with its stored credentials (manager) */
        $post(given: { param: { location_id: string } }): Promise<Answer<ConnectionTest>>;
      };
      webhook: {
        rotate: {
          /** Make a new webhook secret, optionally with another scheme; the old secret works for 24 more hours, unless it leaked (admin) */
          $post(given: {
            param: { location_id: string };
            json?: {
              scheme?: WebhookScheme;
              /** true: somebody else knows the old secret. It ends now, and within a minute everywhere, not after 24 hours */
              leaked?: boolean;
            };
          }): Promise<Answer<WebhookSecret>>;
        };
      };
      syncs: {
        /** Start a run (manager) */
        $post(given: {
          param: { location_id: string };
          json: {
            mode: "initial" | "incremental" | "full" | "verify";
            heal?: boolean;
            /** Only these; with the mode full. Default: all that are on */
            data_types?: Array<"products" | "inventory" | "sales">;
            /** Sales from then on, also those from before `sales_history_days`; with the mode full */
            sales_from?: string;
          };
        }): Promise<Answer<Run>>;
        /** Runs, newest first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            cursor?: string;
            /** Only runs that began before this time */
            until?: string;
            /** true: phases, failures and verification are left empty, for charts of many runs */
            brief?: "true" | "false";
          };
        }): Promise<Answer<{ data: Run[]; next_cursor: string | null }>>;
        ":run_id": {
          /** One run (viewer) */
          $get(given: { param: { location_id: string; run_id: string } }): Promise<Answer<Run>>;
          cancel: {
            /** Cancel a run; what it wrote stays (manager) */
            $post(given: { param: { location_id: string; run_id: string } }): Promise<Answer<Run>>;
          };
        };
      };
      rebuild: {
        /** Rebuild lost or restored records: read everything again, then replay the stored webhooks (admin) */
        $post(given: { param: { location_id: string } }): Promise<Answer<Run>>;
      };
      move: {
        /** Move a store's records to another database, while it works (admin) */
        $post(given: { param: { location_id: string }; json: StartMove }): Promise<Answer<Move>>;
        /** The move of a store's records, under way or the last one (admin) */
        $get(given: { param: { location_id: string } }): Promise<Answer<Move>>;
      };
      status: {
        /** The status of a store's sync (viewer) */
        $get(given: { param: { location_id: string }; header?: { "if-none-match"?: string } }): Promise<Answer<Status>>;
      };
      products: {
        /** Products by id; as CSV, up to 50,000 rows, with Accept: text/csv (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            /** From 1. The answer then has `pagination` */
            page?: number;
            cursor?: string;
            /** Part of the name, brand, SKU or UPC; case and accents do not count */
            q?: string;
            sku?: string;
            /** ReUp's category, or Dutchie's word */
            category?: string;
            status?: "active" | "inactive" | "deleted" | "provisional";
            include_merged?: "true" | "false";
            brand?: string;
            /** Words in any order, each in the name, brand, SKU, UPC or a package's tag, or Dutchie's id of the product or a package */
            search?: string;
            active?: "true" | "false";
            /** Only products of ReUp's own that are linked to none of Dutchie's */
            own?: "true" | "false";
            /** Only with `page`. With `-` from the greatest; without a value comes last */
            sort?: "product_name" | "-product_name" | "unit_price" | "-unit_price" | "quantity" | "-quantity";
            /** Only products with stock in such a room */
            room_type?: "sales_floor" | "vault" | "quarantine" | "secret_menu";
            /** Only products with stock of which no more is available than the store's low_stock_threshold */
            low_stock?: "true" | "false";
          };
        }): Promise<Answer<{ data: Product[]; next_cursor: string | null; pagination?: Pagination }>>;
        /** Add a product of ReUp's own; it is not sent to Dutchie (manager) */
        $post(given: {
          param: { location_id: string };
          header?: {
            /** Any text of yours, such as a UUID. Within a day the same key with the same body adds nothing and answers with the product of the first call */
            "idempotency-key"?: string;
          };
          json: NewProduct;
        }): Promise<Answer<ProductDetail>>;
        ":product_id": {
          /** One product with the packages that make up its quantity (viewer) */
          $get(given: { param: { location_id: string; product_id: string } }): Promise<Answer<ProductDetail>>;
          /** Edit a product; a bidirectional store sends the edit to Dutchie (manager) */
          $patch(given: {
            param: { location_id: string; product_id: string };
            json: ProductPatch;
          }): Promise<Answer<ProductDetail>>;
          changes: {
            /** The changes of a product and of its packages, with their causes, newest first (viewer) */
            $get(given: {
              param: { location_id: string; product_id: string };
              query?: { limit?: number; cursor?: string };
            }): Promise<Answer<{ data: Change[]; next_cursor: string | null }>>;
          };
          link: {
            /** Link a product of ReUp's own to one of Dutchie's, or to none; no sync undoes it (manager) */
            $put(given: {
              param: { location_id: string; product_id: string };
              json: LinkProduct;
            }): Promise<Answer<ProductDetail>>;
          };
          ledger: {
            /** How a product's quantity came about, newest first (viewer) */
            $get(given: {
              param: { location_id: string; product_id: string };
              query?: { limit?: number; cursor?: string };
            }): Promise<Answer<{ data: LedgerEntry[]; next_cursor: string | null }>>;
          };
        };
      };
      inventory: {
        /** Packages, one row per room; as CSV, up to 50,000 rows, with Accept: text/csv (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            /** From 1. The answer then has `pagination` */
            page?: number;
            cursor?: string;
            /** The product's packages, and those of products merged into it */
            product_id?: string;
            room_type?: "sales_floor" | "vault" | "quarantine" | "secret_menu";
            sku?: string;
            /** Only stock of which no more is available than the store's low_stock_threshold; sold-out packages are not listed */
            low_stock?: "true" | "false";
            /** ReUp's category, or Dutchie's word */
            category?: string;
            brand?: string;
            /** Words in any order, each in the product's name, brand, SKU or UPC or in the package's tag, or Dutchie's id of either */
            search?: string;
            /** Only with `page`. With `-` from the greatest; without a value comes last */
            sort?: "product_name" | "-product_name" | "quantity" | "-quantity";
            /** Whether the product is active; of a merged one, the product that it was merged into */
            active?: "true" | "false";
          };
        }): Promise<Answer<{ data: InventoryItem[]; next_cursor: string | null; pagination?: Pagination }>>;
      };
      sales: {
        /** Sales, newest first; as CSV (without their lines, up to 50,000 rows) with Accept: text/csv (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            /** From 1. The answer then has `pagination` */
            page?: number;
            cursor?: string;
            /** Completed at or after */
            from?: string;
            /** Completed before */
            to?: string;
            /** Only with `page`. With `-` from the greatest; without a value comes last */
            sort?: "total" | "-total";
          };
        }): Promise<Answer<{ data: Sale[]; next_cursor: string | null; pagination?: Pagination }>>;
        ":sale_id": {
          /** One sale (viewer) */
          $get(given: { param: { location_id: string; sale_id: string } }): Promise<Answer<Sale>>;
        };
      };
      rooms: {
        /** Dutchie's rooms with their room types in ReUp, at most 500 (viewer) */
        $get(given: { param: { location_id: string } }): Promise<Answer<{ data: Room[] }>>;
      };
      categories: {
        /** Categories with their number of products, at most 500 (viewer) */
        $get(given: { param: { location_id: string } }): Promise<Answer<{ data: Category[] }>>;
      };
      mapping: {
        /** Dutchie's words for rooms and categories, and what ReUp makes of them; the unmapped first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            page?: number;
            limit?: number;
            /** `false`: only words that a person can map and nothing does */
            mapped?: "true" | "false";
          };
        }): Promise<Answer<Mapping>>;
      };
      insights: {
        sales: {
          /** What sells, what does not, and how long stock lasts (viewer) */
          $get(given: {
            param: { location_id: string };
            query?: {
              /** First day, included, in the store's time zone. Default: 29 days before `to`. The period is at most 92 days long */
              from?: string;
              /** Last day, included, in the store's time zone. Default: yesterday, because today is not over */
              to?: string;
              /** How many products each of the two rankings has */
              limit?: number;
            };
          }): Promise<Answer<SalesInsights>>;
        };
        customers: {
          /** How customers buy and come again, as counts and distributions only (viewer) */
          $get(given: {
            param: { location_id: string };
            query?: {
              /** First day, included, in the store's time zone. Default: 29 days before `to`. The period is at most 92 days long */
              from?: string;
              /** Last day, included, in the store's time zone. Default: yesterday, because today is not over */
              to?: string;
            };
          }): Promise<Answer<CustomerInsights>>;
        };
      };
      changes: {
        /** The change log, newest first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            cursor?: string;
            resource?: "products" | "inventory" | "sales" | "rooms";
            record_id?: string;
            since?: string;
          };
        }): Promise<Answer<{ data: Change[]; next_cursor: string | null }>>;
      };
      feed: {
        /** Every change of stock, product or sale, oldest first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            /** The last number that you have; absent: from the beginning of the log */
            after?: number | null;
            limit?: number;
          };
        }): Promise<Answer<FeedPage>>;
      };
      pushes: {
        /** Edits on their way to Dutchie, and all edits of the last 30 days, newest first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            cursor?: string;
            state?: "waiting" | "sending" | "done" | "parked" | "conflict" | "cancelled";
          };
        }): Promise<Answer<{ data: Push[]; next_cursor: string | null }>>;
        ":push_id": {
          retry: {
            /** Send an edit to Dutchie again, now (manager) */
            $post(given: {
              param: { location_id: string; push_id: string };
              json?: {
                /** Why, in the person's words; it is kept and shown with the decision */
                reason?: string;
              };
            }): Promise<Answer<Push>>;
          };
        };
      };
      reviews: {
        /** Open reviews, which a person must decide, and resolved ones, newest first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            cursor?: string;
            state?: "open" | "resolved";
            kind?: "duplicate_sku" | "ambiguous_match" | "edit_conflict" | "held_snapshot";
          };
        }): Promise<Answer<{ data: Review[]; next_cursor: string | null }>>;
        ":review_id": {
          resolve: {
            /** Decide a review (manager) */
            $post(given: {
              param: { location_id: string; review_id: string };
              json: ResolveReview;
            }): Promise<Answer<Review>>;
          };
          undo: {
            /** Undo a merge, a link, or a decision to keep what a list leaves out; other decisions are 409 (manager) */
            $post(given: {
              param: { location_id: string; review_id: string };
              json?: {
                /** Why, in the person's words; it is kept and shown with the decision */
                reason?: string;
              };
            }): Promise<Answer<Review>>;
          };
        };
      };
      events: {
        /** The webhooks of the last 30 days, newest first (viewer) */
        $get(given: {
          param: { location_id: string };
          query?: {
            limit?: number;
            cursor?: string;
            outcome?: "pending" | "applied" | "duplicate" | "stale" | "invalid" | "ignored";
          };
        }): Promise<Answer<{ data: WebhookEvent[]; next_cursor: string | null }>>;
        ":event_id": {
          /** One webhook with its body (viewer) */
          $get(given: { param: { location_id: string; event_id: string } }): Promise<Answer<WebhookEvent>>;
          replay: {
            /** Apply a webhook again; a stale one stays stale (manager) */
            $post(given: {
              param: { location_id: string; event_id: string };
            }): Promise<Answer<{ status: "accepted"; event_id: string }>>;
          };
        };
      };
    };
  };
  credentials: {
    reseal: {
      /** Seal stored credentials, webhook secrets and alert channels with the newest key (admin) */
      $post(given?: { query?: { cursor?: string } }): Promise<Answer<Reseal>>;
    };
  };
  inventory: {
    sync: {
      /** Start a run, as ReUp's API does; the same as POST …/syncs (manager) */
      $post(given: { json: { location_id: string; sync_type: "full" | "incremental" } }): Promise<Answer<Run>>;
    };
    snapshot: {
      /** Stock at the end of a day, by the store's own time (viewer) */
      $get(given: {
        query: { limit?: number; cursor?: string; date: string; location_id: string };
      }): Promise<Answer<InventorySnapshot>>;
    };
  };
  status: {
    /** All stores at a glance (viewer) */
    $get(given?: {
      query?: {
        /** Without `page`: of the first page. With `page` alone 100 */
        limit?: number;
        /** From 1. The answer then has `pagination` */
        page?: number;
        /** Words of the store's name or id, in any order */
        q?: string;
        health?: "healthy" | "needs_decision" | "stale" | "failing" | "never_synced" | "disconnected";
        /** `health` and `data_age`: the worst first */
        sort?: "name" | "health" | "data_age";
      };
    }): Promise<
      Answer<{
        data: LocationSummary[];
        summary: FleetSummary;
        /** Stores whose open reviews are not known, because their database does not answer. `health`, `summary` and filters take them for stores without one */
        unread_stores: string[];
        pagination?: Pagination;
      }>
    >;
  };
  "dead-letters": {
    /** Messages that failed all their retries (manager) */
    $get(given?: {
      query?: { limit?: number; cursor?: string; location_id?: string };
    }): Promise<Answer<{ data: DeadLetter[]; next_cursor: string | null }>>;
    ":dead_letter_id": {
      /** One dead letter with its message, without customers' data (manager) */
      $get(given: { param: { dead_letter_id: string } }): Promise<Answer<WholeDeadLetter>>;
      /** Delete a dead letter (manager) */
      $delete(given: {
        param: { dead_letter_id: string };
        query?: {
          /** Why, in the person's words; it is kept and shown with the decision */
          reason?: string;
        };
      }): Promise<Answer<null>>;
      replay: {
        /** Replay a dead letter: put it back into its queue (manager) */
        $post(given: {
          param: { dead_letter_id: string };
          json?: {
            /** Why, in the person's words; it is kept and shown with the decision */
            reason?: string;
          };
        }): Promise<Answer<{ replayed: number; remaining: boolean }>>;
      };
    };
    replay: {
      /** Replay all dead letters, up to 90 per request (manager) */
      $post(given?: {
        json?: {
          /** Why, in the person's words; it is kept and shown with the decision */
          reason?: string;
        };
      }): Promise<Answer<{ replayed: number; remaining: boolean }>>;
    };
  };
  inbox: {
    /** All that waits for a person, in all stores, the worst first; or what was decided (viewer) */
    $get(given?: {
      query?: {
        limit?: number;
        /** From 1. The answer then has `pagination` */
        page?: number;
        kind?: "alert" | "review" | "dead_letter" | "edit";
        location_id?: string;
        state?: "open" | "decided";
      };
    }): Promise<Answer<Inbox>>;
    resolve: {
      /** Settle several items at once; each answers for itself (manager) */
      $post(given: {
        json: {
          item_ids: string[];
          action:
            | "acknowledge"
            | "replay"
            | "delete"
            | "retry"
            | "merge"
            | "keep_both"
            | "keep_dutchie"
            | "keep_reup"
            | "confirm"
            | "discard";
          /** For `confirm`, which cannot be undone: by `item_id`, how many the person was shown (`details.held_rows`). An item without a count is refused, and one that has another number by now */
          counts?: Record<string, number>;
          /** For `acknowledge`: by `item_id`, its `since` that the person was shown. An alert that began anew since is refused */
          since?: Record<string, string>;
          /** Why, in the person's words; it is kept and shown with the decision */
          reason?: string;
        };
      }): Promise<Answer<ResolvedItems>>;
    };
  };
  alerts: {
    /** Alerts of all stores (viewer) */
    $get(given?: {
      query?: { limit?: number; cursor?: string; location_id?: string; state?: "firing" | "resolved" };
    }): Promise<Answer<{ data: Alert[]; next_cursor: string | null }>>;
    ":alert_id": {
      acknowledge: {
        /** Acknowledge an alert: its reminders stop, and `stock_ended` and `mass_change` end (manager) */
        $post(given: {
          param: { alert_id: string };
          json?: {
            /** Why, in the person's words; it is kept and shown with the decision */
            reason?: string;
            /** As the person was shown it: if the alert began anew since, nothing is acknowledged, and the answer is 409 */
            started_at?: string;
          };
        }): Promise<Answer<Alert>>;
      };
    };
  };
  "alert-channels": {
    /** List the alert channels (admin) */
    $get(): Promise<Answer<AlertChannel[]>>;
    /** Replace the list of alert channels (admin) */
    $put(given: {
      json: Array<{
        /** The id of an existing channel; left out for a new one */
        channel_id?: string;
        kind: "webhook" | "slack" | "email";
        /** An https address or an e-mail address. It is shown as a hint only. To keep it, send the hint with the channel_id */
        target: string;
        rules?: Array<
          | "sync_failed"
          | "long_duration"
          | "high_error_rate"
          | "stale"
          | "webhooks_silent"
          | "drift"
          | "clock_wrong"
          | "held_snapshot"
          | "dead_letter"
          | "push_parked"
          | "stock_ended"
          | "mass_change"
          | "rows_without_id"
          | "receiver_failing"
        > | null;
        enabled: boolean;
        secret_hint?: string | null;
        /** waiting: the recipient of the e-mail has not confirmed yet, so no alert is sent */
        confirmation?: "not_needed" | "waiting" | "confirmed";
        created_at?: string;
        last_sent_at?: string | null;
        /** Set if the last attempt failed */
        failed_at?: string | null;
        last_error?: { code: string; message: string; hint: string } | null;
        secret?: null;
      }>;
    }): Promise<Answer<SavedAlertChannel[]>>;
    ":channel_id": {
      confirmation: {
        /** Send the recipient of an e-mail channel the confirmation link again (admin) */
        $post(given: { param: { channel_id: string } }): Promise<Answer<{ status: "asked" }>>;
      };
    };
    test: {
      /** Send a test message to a channel, saved or not (admin) */
      $post(given: {
        json:
          | { channel_id: string }
          | {
              kind: "webhook" | "slack" | "email";
              /** An https address or an e-mail address. It is shown as a hint only. To keep it, send the hint with the channel_id */
              target: string;
            };
      }): Promise<Answer<AlertChannelTest>>;
    };
  };
  subscriptions: {
    /** Who is told of changes, and who does not take them (admin) */
    $get(): Promise<Answer<Subscription[]>>;
    /** Replace the list of subscriptions (admin) */
    $put(given: {
      json: Array<{
        /** The id of an existing subscription; left out for a new one */
        subscription_id?: string;
        /** An https address. It is shown as a hint only. To keep it, send the hint with the subscription_id */
        url: string;
        events: Array<"inventory.changed" | "product.changed" | "sale.recorded" | "sync.completed" | "sync.failed">;
        /** null or left out: all stores */
        location_ids?: string[] | null;
        enabled: boolean;
        secret_hint?: string;
        created_at?: string;
        /** parked: of at least one store nothing is sent any more */
        state?: "ok" | "failing" | "parked" | "disabled";
        failing_stores?: number;
        parked_stores?: number;
        /** Changes that wait at stores that fail, as of their last attempts */
        waiting?: number;
        failing_since?: string | null;
        last_error?: { code: string; message: string; hint: string } | null;
        /** The first 20 stores whose changes are not accepted */
        failures?: Array<{
          location_id: string;
          /** Everything up to here was accepted: a receiver that lost something reads the feed after it */
          sequence: number;
          /** Changes that wait, as of the last attempt; 10000: that many or more */
          waiting: number;
          attempts: number;
          since: string;
          /** null: parked */
          next_attempt_at: string | null;
          /** Since when nothing is tried any more: replay it */
          parked_at: string | null;
          error: { code: string; message: string; hint: string };
        }>;
        secret?: null;
      }>;
    }): Promise<Answer<SavedSubscription[]>>;
    ":subscription_id": {
      replay: {
        /** Send a store's changes again from a sequence, or let parked ones go on (admin) */
        $post(given: {
          param: { subscription_id: string };
          json: {
            location_id: string;
            /** Send again what comes after this sequence; null or left out: go on where it stopped */
            after?: number | null;
          };
        }): Promise<Answer<{ status: "queued" }>>;
      };
    };
  };
}
