/**
 * The model: what Dutchie tells (decoded rows), what ReUp keeps (records), and how a read is described.
 *
 * Field names of records are ReUp's own (snake_case, as in D1 and in the API), so nothing is renamed on the way.
 * In decoded rows an **absent key** makes no statement (the stored value stays); `null` says "there is none".
 * Times are milliseconds since 1970 UTC unless a name says otherwise; money is in the store's currency; weights in grams.
 */

// ---- What Dutchie tells -------------------------------------------------------------------------------------------

/** A potency as labelled. `none`: a number without a unit. `not_detected`: the lab wrote "n.d.". */
export interface Potency {
  value: number;
  unit: "percent" | "mg" | "mg_per_g" | "none" | "not_detected";
}

export type LabelUnit = Potency["unit"] | "untold";
/** A potency as one row tells it. `untold`: the row has no word on the unit, and an earlier one may have. */
export interface Label {
  value: number;
  unit: LabelUnit;
}

export interface DutchieProduct {
  dutchie_product_id: string;
  sku?: string | null;
  upc?: string | null;
  product_name?: string | null;
  brand?: string | null;
  /** The store's own. */
  category?: string | null;
  /** Stands in where the store has no category of its own. */
  master_category?: string | null;
  strain_type?: string | null;
  thc?: Label | null;
  cbd?: Label | null;
  /** Weight of one unit in grams, for turning milligrams into percent. */
  unit_grams?: number | null;
  price?: number | null;
  /** Recreational and medical price: what counts where `price` is 0 or none. */
  rec_price?: number | null;
  med_price?: number | null;
  unit_cost?: number | null;
  is_active?: boolean;
  modified_at: number | null;
}

export interface RoomQuantity {
  room_name: string;
  /** Only of a room that came without a name: the store's rooms may know it. */
  room_id?: string;
  quantity: number;
}

/** One package, or (scope `room`) the part of it that lies in one room. */
export interface DutchiePackage {
  dutchie_inventory_id: string;
  dutchie_product_id?: string | null;
  sku?: string | null;
  upc?: string | null;
  product_name?: string | null;
  brand?: string | null;
  category?: string | null;
  strain_type?: string | null;
  package_id?: string | null;
  /** Total over all rooms for scope `package`, of the one room for scope `room`. Never guessed: a row without it fails. */
  quantity: number;
  allocated?: number | null;
  unit_cost?: number | null;
  unit_price?: number | null;
  /** Recreational and medical price: what counts where `unit_price` is 0 or none. */
  rec_price?: number | null;
  med_price?: number | null;
  /** null: the row names no room at all. */
  rooms: RoomQuantity[] | null;
  /** `package`: the row tells of every room of the package. `room`: of the one room in `rooms` only. */
  scope: "package" | "room";
  /** Of all that the row says, read here or not. Absent of a row with a list of rooms: that is no part of a package. */
  fingerprint?: string;
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
}

export interface DutchieSale {
  dutchie_transaction_id: string;
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
  /** The transaction that this one corrects; null: it is none of these. */
  adjustment_of?: string | null;
  /** Absent when the answer makes no statement on its lines. */
  items?: DutchieSaleLine[];
  /** Why the lines, though they should be there, cannot be taken for the sale's. */
  lines_missing?: string;
  modified_at: number | null;
}

export interface DutchieRoom {
  dutchie_room_id: string | null;
  room_name: string;
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

/** A row that could not be decoded or mapped. `dutchie_id` is null when the row did not even tell its id. */
export interface RowFailure {
  resource: Resource;
  dutchie_id: string | null;
  reason: string;
}

// ---- What ReUp keeps ----------------------------------------------------------------------------------------------

export const PRODUCT_STATUSES = ["active", "inactive", "deleted", "provisional"] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

const PRODUCT_TEXTS = ["dutchie_product_id", "sku", "upc", "product_name", "brand", "category", "subcategory"] as const;
/** `unit_cost`: what a unit costs the store, as the catalogue says; packages have costs of their own. */
const PRODUCT_NUMBERS = ["thc_percentage", "cbd_percentage", "thc_mg", "cbd_mg", "unit_price", "unit_cost"] as const;

/**
 * The fields of a product that Dutchie tells, under ReUp's names (the guide's mapping). The one list of them: the
 * database and the API contract do not compile without a field that stands here, and all else goes by it.
 */
export const PRODUCT_FIELDS = [...PRODUCT_TEXTS, ...PRODUCT_NUMBERS, "status"] as const;
export type ProductField = (typeof PRODUCT_FIELDS)[number];

export interface ProductContent
  extends Record<Exclude<(typeof PRODUCT_TEXTS)[number], "product_name">, string | null>,
    Record<(typeof PRODUCT_NUMBERS)[number], number | null> {
  product_name: string;
  status: ProductStatus;
}

/** All of them but these. */
export const productFieldsBut = <B extends ProductField>(...but: B[]) =>
  PRODUCT_FIELDS.filter((field): field is Exclude<ProductField, B> => !but.some((each) => each === field));

/** One package in one room. */
export interface InventoryContent {
  dutchie_product_id: string | null;
  product_id: string | null;
  sku: string | null;
  package_id: string | null;
  quantity: number;
  room_type: string;
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
  /** The transaction that this one corrects; absent or null: it is a sale of its own. */
  adjustment_of?: string | null;
  item_count: number;
}

export interface RoomContent {
  dutchie_room_id: string | null;
  room_name: string;
  room_type: string;
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
 * `ask`: either side may edit, and two edits of one value are a person's to decide. `dutchie`: ReUp does not edit it.
 * `reup`: what stands in ReUp is put back when Dutchie changes it.
 */
export const AUTHORITIES = ["ask", "dutchie", "reup"] as const;
export type Authority = (typeof AUTHORITIES)[number];

export interface Settings {
  frequency: Frequency;
  direction: "dutchie_to_reup" | "bidirectional";
  data_types: { products: boolean; inventory: boolean; sales: boolean; customers: boolean };
  /** Whose word counts on a field that both sides may write; a field that is not named: `ask`. */
  field_authority: Partial<Record<PushField, Authority>>;
  duplicate_sku: "auto" | "merge" | "review";
  /** Dutchie room name → ReUp room_type. */
  room_types: Record<string, string>;
  quantity_basis: "available" | "available_minus_allocated";
  sales_history_days: number;
  /** Hour of the store's local day, 0 to 23, at which the nightly full sync starts. */
  overnight_hour: number;
  alerts: {
    on_failure: boolean;
    max_duration_seconds: number;
    max_error_rate: number;
    max_staleness_minutes: number;
  };
}
