/**
 * The model: decoded rows of Dutchie's, ReUp's records, and the settings of a store.
 *
 * Field names of records are ReUp's own (snake_case, as in D1 and in the API), so nothing is renamed on the way.
 * In decoded rows a key that is **absent or undefined** makes no statement (the stored value stays); `null` says "there is none".
 * Times are milliseconds since 1970 UTC unless a name says otherwise; money is in the store's currency; weights in grams.
 */

import type { Category, RoomType, Subcategory } from "../vocabulary/reup.ts";
import type { RoomFlag } from "../vocabulary/room-type.ts";

// ---- Dutchie's rows -----------------------------------------------------------------------------------------------

/** A potency as labelled. `none`: a number without a unit. `not_detected`: the lab wrote "n.d.". */
export interface Potency {
  value: number;
  unit: "percent" | "mg" | "mg_per_g" | "none" | "not_detected";
}

export type LabelUnit = Potency["unit"] | "untold";
/** A potency in one row. `untold`: the row names no unit; an earlier row may have named one. */
export interface Label {
  value: number;
  unit: LabelUnit;
}

export interface DutchieProduct {
  dutchie_product_id: string;
  /** Of the store that the row belongs to, if the row says so. */
  dutchie_location_id?: string;
  sku?: string | null;
  upc?: string | null;
  product_name?: string | null;
  brand?: string | null;
  /** The store's own. */
  category?: string | null;
  /** Used when the store has no category of its own. */
  master_category?: string | null;
  /** Dutchie's own; ReUp's is another. */
  subcategory?: string | null;
  strain_type?: string | null;
  thc?: Label | null;
  cbd?: Label | null;
  /** Weight of one unit in grams, for turning milligrams into percent. */
  unit_grams?: number | null;
  price?: number | null;
  /** Recreational and medical price: used when `price` is 0 or missing. */
  rec_price?: number | null;
  med_price?: number | null;
  unit_cost?: number | null;
  is_active?: boolean;
  /** Which amounts are there and could not be read: they make no statement, the rest does. */
  unreadable?: string;
  /** These are labels only: the row is listed, and counts as read. */
  labels_only?: true;
  modified_at: number | null;
}

export interface RoomQuantity {
  room_name: string;
  /** Only for a room without a name, to find the name among the store's rooms. */
  room_id?: string;
  quantity: number;
}

/** One package, or (scope `room`) its part in one room. */
export interface DutchiePackage {
  dutchie_inventory_id: string;
  /** Of the store that the row belongs to, if the row says so. */
  dutchie_location_id?: string;
  dutchie_product_id?: string | null;
  sku?: string | null;
  upc?: string | null;
  product_name?: string | null;
  brand?: string | null;
  category?: string | null;
  strain_type?: string | null;
  package_id?: string | null;
  /** For scope `package` the total over all rooms, for scope `room` of that room. Never guessed: a row without it fails. */
  quantity: number;
  allocated?: number | null;
  unit_cost?: number | null;
  unit_price?: number | null;
  /** Recreational and medical price: used when `unit_price` is 0 or missing. */
  rec_price?: number | null;
  med_price?: number | null;
  /** null: the row names no room at all. */
  rooms: RoomQuantity[] | null;
  /** `package`: the row covers every room of the package. `room`: only the one room in `rooms`. */
  scope: "package" | "room";
  /** Hash of the whole row, with fields that ReUp does not read. Absent when the row has a list of rooms: it is no part of a package. */
  fingerprint?: string;
  /** As of a product. */
  unreadable?: string;
  modified_at: number | null;
}

export interface DutchieSaleLine {
  line_id: string;
  dutchie_product_id?: string | null;
  dutchie_inventory_id: string | null;
  package_id: string | null;
  sku: string | null;
  upc: string | null;
  product_name: string | null;
  quantity: number;
  unit_price?: number | null;
  unit_cost?: number | null;
  discount?: number | null;
  total?: number | null;
  is_returned?: boolean;
  is_coupon?: boolean;
}

export interface DutchieSale {
  dutchie_transaction_id: string;
  /** As of a package. */
  dutchie_location_id?: string;
  completed_at: number;
  /** Dutchie's transactionType in lower case: `retail`, `transfer`, `wholesaleorder`, … */
  type?: string;
  subtotal?: number | null;
  discount?: number | null;
  tax?: number | null;
  total?: number | null;
  is_void?: boolean;
  is_return?: boolean;
  return_of?: string | null;
  /** null: an anonymous sale. Never stored: `mapSale` makes a pseudonym of it, or drops it. */
  dutchie_customer_id?: string | null;
  /** The transaction that this one corrects; null: it corrects none. */
  adjustment_of?: string | null;
  /** Absent: the answer makes no statement on the lines. */
  items?: DutchieSaleLine[];
  /** Why the lines cannot be used, although the sale should have some. */
  lines_missing?: string;
  /** As of a product. */
  unreadable?: string;
  modified_at: number | null;
}

export interface DutchieRoom {
  dutchie_room_id: string | null;
  room_name: string;
  /** Absent: the row has none. */
  flags?: RoomFlag[];
  /** Flags that the row says it does not have. Of those in neither list it makes no statement. */
  denied?: RoomFlag[];
}

export interface DutchieRows {
  products: DutchieProduct;
  inventory: DutchiePackage;
  sales: DutchieSale;
  rooms: DutchieRoom;
}

/** The four kinds of rows, named as in runs and in the API. */
export const RESOURCES = ["products", "inventory", "sales", "rooms"] as const satisfies readonly (keyof DutchieRows)[];
export type Resource = (typeof RESOURCES)[number];

/** A row that could not be decoded or mapped. `dutchie_id` null: not even its id could be read. */
export interface RowFailure {
  resource: Resource;
  dutchie_id: string | null;
  reason: string;
  /** The row applied and counts: only a label of it could not be read. */
  is_minor?: true;
}

// ---- ReUp's records -----------------------------------------------------------------------------------------------

export const PRODUCT_STATUSES = ["active", "inactive", "deleted", "provisional"] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

const PRODUCT_TEXTS = ["dutchie_product_id", "sku", "upc", "product_name", "brand", "category", "subcategory"] as const;
/** `unit_cost`: a unit's cost by the catalogue; packages have their own costs. */
const PRODUCT_NUMBERS = ["thc_percentage", "cbd_percentage", "thc_mg", "cbd_mg", "unit_price", "unit_cost"] as const;

/**
 * The fields of a product that come from Dutchie, with the guide's names. `category` and `subcategory` (the strain type) are
 * Dutchie's words; ReUp's follow from them (`vocabulary`). This is the only list: the database does not compile if one of its
 * fields is missing there.
 */
export const PRODUCT_FIELDS = [...PRODUCT_TEXTS, ...PRODUCT_NUMBERS, "status"] as const;
export type ProductField = (typeof PRODUCT_FIELDS)[number];

export interface ProductContent
  extends Record<Exclude<(typeof PRODUCT_TEXTS)[number], "product_name">, string | null>,
    Record<(typeof PRODUCT_NUMBERS)[number], number | null> {
  product_name: string;
  status: ProductStatus;
}

/** All product fields except these. */
export const productFieldsBut = <B extends ProductField>(...but: B[]) =>
  PRODUCT_FIELDS.filter((field): field is Exclude<ProductField, B> => !but.some((each) => each === field));

/** One package in one room. */
export interface InventoryContent {
  dutchie_product_id: string | null;
  product_id: string | null;
  sku: string | null;
  package_id: string | null;
  quantity: number;
  /** The part of the package's allocation that is taken from this room. */
  reserved_quantity: number;
  /** null: no rule tells it. */
  room_type: RoomType | null;
  room_name: string;
  unit_cost: number | null;
  unit_price: number | null;
}

export interface SaleItem {
  line_id: string;
  product_id: string | null;
  dutchie_product_id: string | null;
  quantity: number;
  unit_price: number | null;
  unit_cost: number | null;
  discount: number | null;
  total: number | null;
  is_returned: boolean;
  /** A coupon, and no goods: its money counts, and its quantity is no unit that was sold. */
  is_coupon?: boolean | undefined;
}

export interface SaleContent {
  completed_at: number;
  type: string;
  subtotal: number | null;
  discount: number | null;
  tax: number | null;
  total: number | null;
  is_void: boolean;
  is_return: boolean;
  return_of: string | null;
  /** The transaction that this one corrects; absent or null: it corrects none. */
  adjustment_of?: string | null;
  item_count: number;
}

export interface RoomContent {
  dutchie_room_id: string | null;
  room_name: string;
  flags: RoomFlag[] | null;
  room_type: RoomType | null;
}

// ---- Settings of a store ------------------------------------------------------------------------------------------

export const FREQUENCIES = ["realtime", "every_15_minutes", "hourly", "daily"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** The fields of a product that can be written to Dutchie (rule 17). */
export const PUSH_FIELDS = [
  "product_name",
  "brand",
  "category",
  "subcategory",
  "thc_percentage",
  "cbd_percentage",
  "unit_price",
  "unit_cost",
] as const satisfies readonly ProductField[];
export type PushField = (typeof PUSH_FIELDS)[number];

/**
 * `ask`: both sides may edit; when both edit one value, a person decides. `dutchie`: ReUp does not edit it. `reup`: when
 * Dutchie changes it, ReUp writes its own value back.
 */
export const AUTHORITIES = ["ask", "dutchie", "reup"] as const;
export type Authority = (typeof AUTHORITIES)[number];

export interface Settings {
  frequency: Frequency;
  direction: "dutchie_to_reup" | "bidirectional";
  data_types: { products: boolean; inventory: boolean; sales: boolean; customers: boolean };
  /** Which side decides on a field that both may write; a field that is not listed: `ask`. */
  field_authority: Partial<Record<PushField, Authority>>;
  duplicate_sku: "auto" | "merge" | "review";
  /** Dutchie room name → ReUp room_type. */
  room_types: Record<string, RoomType>;
  /** Dutchie's word for a category → ReUp's category. */
  categories: Record<string, { category: Category; subcategory?: Subcategory | null | undefined }>;
  /** A package in a room is low when less or as much of it is available. */
  low_stock_threshold: number;
  quantity_basis: "available" | "available_minus_allocated";
  sales_history_days: number;
  /** Older sales keep no lines: what they sold is kept per day and product. */
  sales_detail_days: number;
  /** Hour of the store's local day, 0 to 23, at which the nightly full sync starts. */
  overnight_hour: number;
  alerts: {
    on_failure: boolean;
    max_duration_seconds: number;
    max_error_rate: number;
    max_staleness_minutes: number;
  };
}
