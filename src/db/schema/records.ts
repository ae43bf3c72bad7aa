import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, sqliteView, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { PackedEntry } from "../../domain/feed/log-rows.ts";
import type { EditConflict } from "../../domain/pushes/push.ts";
import type { Decider, FieldChanges } from "../../domain/records/change.ts";
import type { ProductStatus } from "../../domain/records/model.ts";
import type { Overrides } from "../../domain/records/overrides.ts";
import type { Unsettled } from "../../domain/records/records.ts";
import type { StatedPackage, StatedProduct } from "../../domain/records/stated.ts";
import type { Resolution, ReviewAction, ReviewKind, Undone } from "../../domain/reviews/review.ts";
import type { Category, RoomType, Subcategory } from "../../domain/vocabulary/reup.ts";
import type { RoomFlag } from "../../domain/vocabulary/room-type.ts";
import { linesColumn } from "../sale-lines.ts";

/**
 * A database of records, of which there are several: a store's records are all in one, `locations.shard`. Keys are
 * composite with the location first.
 * Tables are WITHOUT ROWID (written by hand into the migration: drizzle-kit does not know it), and secondary indexes are few:
 * each costs a written row with every write. Times are ms since 1970 UTC.
 */

const version = {
  source_at: integer().notNull(),
  source_rank: integer().$type<0 | 1>().notNull(),
  content_hash: text().notNull(),
};

export const products = sqliteTable(
  "products",
  {
    location_id: text().notNull(),
    product_id: text().notNull(),
    dutchie_product_id: text(),
    sku: text(),
    upc: text(),
    product_name: text().notNull(),
    brand: text(),
    /** In Dutchie's words, `subcategory` is the strain type; ReUp's words stand beside. */
    category: text(),
    subcategory: text(),
    reup_category: text().$type<Category>(),
    reup_subcategory: text().$type<Subcategory>(),
    thc_percentage: real(),
    cbd_percentage: real(),
    thc_mg: real(),
    cbd_mg: real(),
    unit_price: real(),
    unit_cost: real(),
    notes: text(),
    status: text().$type<ProductStatus>().notNull(),
    merged_into: text(),
    /** For fields whose value a person chose: what Dutchie says. The columns hold the chosen values. */
    overrides: text({ mode: "json" }).$type<Overrides>(),
    source: text().$type<"dutchie" | "reup">().notNull(),
    /** What Dutchie stated of the fields that are computed from several. */
    stated: text({ mode: "json" }).$type<StatedProduct>(),
    /** What is known of a product until the catalogue has stated its SKU and name. */
    unsettled: text({ mode: "json" }).$type<Unsettled>(),
    /** The run of the import that created it: its creation is not in the change log. */
    created_by: text(),
    /** SKU, UPC and name as they are compared (`domain/values/identifiers.ts`); null: none. */
    sku_key: text(),
    upc_key: text(),
    name_key: text(),
    /** What a search looks through (`domain/values/search.ts`). */
    search: text(),
    ...version,
    updated_at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.product_id] }),
    uniqueIndex("products_dutchie").on(table.location_id, table.dutchie_product_id),
    // With what a search reads: the index is a tenth of the table, and it is no row more to write.
    index("products_sku").on(table.location_id, table.sku_key, table.search, table.merged_into),
    // Only products that nobody mapped: for most stores none.
    index("products_unmapped").on(table.location_id).where(sql`reup_category is null`),
    // Only products that the catalogue has not stated: for most stores none.
    index("products_unsettled").on(table.location_id).where(sql`unsettled is not null`),
    index("products_merged").on(table.location_id, table.merged_into).where(sql`merged_into is not null`),
  ],
);

export const inventory = sqliteTable(
  "inventory",
  {
    location_id: text().notNull(),
    dutchie_inventory_id: text().notNull(),
    inventory_id: text().notNull(),
    dutchie_product_id: text(),
    product_id: text(),
    sku: text(),
    package_id: text(),
    quantity: real().notNull(),
    reserved_quantity: real().notNull().default(0),
    room_type: text().$type<RoomType>(),
    room_name: text().notNull(),
    unit_cost: real(),
    unit_price: real(),
    ...version,
    package_at: integer().notNull(),
    last_change: text(),
    stated: text({ mode: "json" }).$type<StatedPackage>(),
    /** As of a product. */
    created_by: text(),
    updated_at: integer().notNull(),
  },
  (table) => [
    // The package before the room: all rooms of a package are one range of the key.
    primaryKey({ columns: [table.location_id, table.dutchie_inventory_id, table.inventory_id] }),
    index("inventory_product").on(table.location_id, table.product_id),
    index("inventory_unmapped").on(table.location_id).where(sql`room_type is null`),
  ],
);

export const rooms = sqliteTable(
  "rooms",
  {
    location_id: text().notNull(),
    room_key: text().notNull(),
    dutchie_room_id: text(),
    room_name: text().notNull(),
    flags: text({ mode: "json" }).$type<RoomFlag[]>(),
    /** Names that it had before, the latest first: its type stays when it is renamed. */
    former_names: text({ mode: "json" }).$type<string[]>(),
    room_type: text().$type<RoomType>(),
    updated_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.location_id, table.room_key] })],
);

export const sales = sqliteTable(
  "sales",
  {
    location_id: text().notNull(),
    sale_id: text().notNull(),
    dutchie_transaction_id: text().notNull(),
    completed_at: integer().notNull(),
    type: text().notNull(),
    subtotal: real(),
    discount: real(),
    tax: real(),
    total: real(),
    is_void: integer({ mode: "boolean" }).notNull(),
    is_return: integer({ mode: "boolean" }).notNull(),
    return_of: text(),
    adjustment_of: text(),
    item_count: integer().notNull(),
    items_hash: text().notNull(),
    /** null: none are known, or they are rolled up into days. */
    lines: linesColumn(),
    /**
     * Of a sale that is rolled up: `[day, [[product_id, quantity, revenue, discount, cost, line_count], …]]`, what its lines that were
     * not returned sold, and the day of `sales_days` to which this was added; day null: to none, for it is no visit.
     */
    counted: text(),
    /** Pseudonym of the customer; null: anonymous, or the store keeps no customers. */
    customer_key: text(),
    ...version,
    updated_at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.sale_id] }),
    index("sales_completed").on(table.location_id, table.completed_at),
    // A customer's visits in their order. Costs nothing while the store keeps no customers.
    index("sales_customer")
      .on(table.location_id, table.customer_key, table.completed_at)
      .where(sql`customer_key is not null`),
  ],
);

/**
 * What a product sold on a local day, of sales whose lines are deleted: lines of visits that were not returned. `product_id` "":
 * of lines without a product.
 */
export const salesDays = sqliteTable(
  "sales_days",
  {
    location_id: text().notNull(),
    day: text().notNull(),
    product_id: text().notNull(),
    quantity: real().notNull(),
    revenue: real().notNull(),
    discount: real().notNull(),
    /** Quantity × unit cost, of the lines whose cost is known. */
    cost: real().notNull(),
    line_count: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.location_id, table.day, table.product_id] })],
);

/** Up to where the lines of a store's sales are rolled up into days. */
export const rollUps = sqliteTable(
  "roll_ups",
  {
    location_id: text().notNull(),
    what: text().$type<"sales">().notNull(),
    /** Sales that were completed before have no lines. */
    until: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.location_id, table.what] })],
);

export const reviews = sqliteTable(
  "reviews",
  {
    location_id: text().notNull(),
    review_id: text().notNull(),
    kind: text().$type<ReviewKind>().notNull(),
    state: text().$type<"open" | "resolved">().notNull(),
    /** What it is about: the SKU as one of the products spells it, the product, or the resource. */
    subject: text().notNull(),
    reason: text().notNull(),
    candidates: text({ mode: "json" }).$type<string[]>().notNull(),
    conflicts: text({ mode: "json" }).$type<EditConflict[]>(),
    /** Of a held snapshot: quantity × price of what it leaves out. */
    value_at_stake: real(),
    /** Of a held snapshot: how many packages or products it leaves out. */
    held_rows: integer(),
    /** The decision holds while the facts are these. */
    facts_hash: text().notNull(),
    action: text().$type<ReviewAction>(),
    into: text(),
    /** What the decision carries beside its action, and what undoing it needs. */
    resolution: text({ mode: "json" }).$type<Resolution>(),
    opened_at: integer().notNull(),
    resolved_at: integer(),
    resolved_by: text(),
    resolved_reason: text(),
    /** Who took back the decision before, and why. */
    undone: text({ mode: "json" }).$type<Undone>(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.review_id] }),
    // The open ones of many stores, the oldest first.
    index("reviews_open").on(table.location_id, table.opened_at).where(sql`state = 'open'`),
  ],
);

export const changes = sqliteTable(
  "changes",
  {
    location_id: text().notNull(),
    /** Begins with the entry's number (`domain/records/sequence.ts`): the key's order is the order of the commits. */
    change_id: text().notNull(),
    resource: text().notNull(),
    record_id: text().notNull(),
    /** Of an entry about several records, without a `record_id`. It takes a number for each and has the last. */
    record_ids: text({ mode: "json" }).$type<string[]>(),
    fields: text({ mode: "json" }).$type<FieldChanges>().notNull(),
    cause: text().notNull(),
    ref: text(),
    at: integer().notNull(),
    /** Of a package: its change before this one. */
    previous: text(),
    /** Of a person's decision: who, and why. */
    decided: text({ mode: "json" }).$type<Decider>(),
    /** Of a row with several entries, without a `record_id`: a batch has many, and D1 bills rows. It has the last one's id. */
    packed: text({ mode: "json" }).$type<PackedEntry[]>(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.change_id] }),
    // Not of packages, which change most: their rows name their last change (`domain/records/history.ts`).
    index("changes_record")
      .on(table.location_id, table.record_id)
      .where(sql`resource <> 'inventory' and record_id <> ''`),
  ],
);

/** The log's entries, those of packed rows each on its own. A migration makes the view. */
export const entries = sqliteView("entries", {
  location_id: text().notNull(),
  /** The row's key. */
  row_id: text().notNull(),
  change_id: text().notNull(),
  resource: text().notNull(),
  record_id: text().notNull(),
  record_ids: text({ mode: "json" }).$type<string[]>(),
  /** null: it only names its record, or records. */
  fields: text({ mode: "json" }).$type<FieldChanges>(),
  cause: text().notNull(),
  ref: text(),
  at: integer().notNull(),
  previous: text(),
  decided: text({ mode: "json" }).$type<Decider>(),
}).existing();

/** Runs that ended, and the one under way as it began; the store's Location holds the live one. */
export const runs = sqliteTable(
  "runs",
  {
    location_id: text().notNull(),
    /** Begins with the time. */
    run_id: text().notNull(),
    mode: text().notNull(),
    trigger: text().notNull(),
    state: text().notNull(),
    started_at: integer().notNull(),
    finished_at: integer(),
    duration_ms: integer(),
    records_processed: integer().notNull(),
    failed: integer().notNull(),
    /** The whole run as the API shows it. */
    document: text({ mode: "json" }).$type<unknown>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.location_id, table.run_id] })],
);

/** Answers of the insights, kept for the local day on which they were computed. */
export const insights = sqliteTable(
  "insights",
  {
    location_id: text().notNull(),
    kind: text().$type<"sales" | "customers">().notNull(),
    /** What was asked for, and whatever else the answer depends on. */
    parameters: text().notNull(),
    /** The store's local day. */
    day: text().notNull(),
    computed_at: integer().notNull(),
    document: text({ mode: "json" }).$type<unknown>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.location_id, table.kind, table.parameters] })],
);

/**
 * How many records of each kind a store has. Triggers keep the numbers (written by hand into the migration), in the
 * transaction that changes the records, so that no status counts rows.
 */
export const counts = sqliteTable(
  "counts",
  {
    location_id: text().notNull(),
    /** `products` and `inventory` are the live ones, `reviews` the open ones. */
    what: text().$type<"products" | "inventory" | "sales" | "reviews">().notNull(),
    n: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.location_id, table.what] })],
);
