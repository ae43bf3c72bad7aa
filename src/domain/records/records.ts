import type { Creation } from "./change.ts";
import type { InventoryContent, ProductContent, RoomContent, SaleContent, SaleItem } from "./model.ts";
import type { Overrides } from "./overrides.ts";
import type { StatedPackage, StatedProduct } from "./stated.ts";
import type { Version } from "./version.ts";

/** A stored product: one row per product of Dutchie's or of ReUp's own. Its quantity is the sum of its inventory. */
export interface ProductRow extends ProductContent, Version, Creation {
  product_id: string;
  /** The surviving product when this one is a duplicate: its inventory then counts there. */
  merged_into: string | null;
  /** Fields that a person chose or edited: the columns contain the chosen values, this contains Dutchie's. */
  overrides: Overrides | null;
  /** ReUp's own remark; Dutchie never gets it. */
  notes: string | null;
  source: "dutchie" | "reup";
  /** What Dutchie stated of the fields from which others are computed; not part of the content and its version. */
  stated?: StatedProduct | null;
  /** null: Dutchie's catalogue has stated SKU and name. */
  unsettled: Unsettled | null;
  updated_at: number;
}

/**
 * What is known of a product until Dutchie's catalogue has stated its SKU and name. Which product of ReUp's it belongs to
 * follows from this alone and is decided again with each row, so the order of arrival does not matter.
 */
export interface Unsettled {
  /** Each field that a catalogue row or a product's webhook stated → the time of that statement, ms. */
  stated: Partial<Record<keyof ProductContent, number>>;
  /** What packages and sales call it. */
  hint: Hint;
  /** The content of ReUp's own product that it is linked to, from before the link. */
  own: ProductContent | null;
}

/** What an inventory row or a sale line says of its product; a null field: nothing. */
export type Hint = Pick<ProductContent, "sku" | "upc" | "brand" | "category" | "subcategory"> & {
  product_name: string | null;
};

export const NO_HINT: Hint = {
  sku: null,
  upc: null,
  product_name: null,
  brand: null,
  category: null,
  subcategory: null,
};

/** One stored package in one room. Quantity 0 is the tombstone of a package that left the room or was sold out. */
export interface InventoryRow extends InventoryContent, Version, Creation {
  inventory_id: string;
  dutchie_inventory_id: string;
  /** The time of the last statement on the whole package, not on this room alone, ms; part of the version. 0: never. */
  package_at: number;
  /** Its last change in the log; null or absent: none. */
  last_change?: string | null;
  /** What Dutchie stated of the fields from which others are computed; not part of the content and its version. */
  stated?: StatedPackage | null;
  updated_at: number;
}

export interface SaleRow extends SaleContent, Version {
  sale_id: string;
  dutchie_transaction_id: string;
  /** Hash of the lines: a changed line changes the sale. */
  items_hash: string;
  /** Pseudonym of the customer (`domain/insights/pseudonym.ts`); not part of the content, its version or the change log. */
  customer_key: string | null;
  updated_at: number;
}

export interface RoomRow extends RoomContent {
  room_key: string;
  /** Names that it had before, the latest first; null: none. */
  former_names: string[] | null;
  updated_at: number;
}

export interface SaleWithItems {
  sale: SaleRow;
  /** null: the lines stay as they are. */
  items: SaleItem[] | null;
}

/** What a report shows of a record beside its id. */
export interface About {
  dutchie_id: string;
  unit_price: number;
}

export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  stale: number;
  deleted: number;
}

export const NO_COUNTS: Counts = { created: 0, updated: 0, unchanged: 0, stale: 0, deleted: 0 };

export const productId = (dutchie_product_id: string) => `prd_${dutchie_product_id}`;
export const saleId = (dutchie_transaction_id: string) => `sal_${dutchie_transaction_id}`;
