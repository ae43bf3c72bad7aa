import type { InventoryContent, ProductContent, RoomContent, SaleContent, SaleItem } from "./model.ts";
import type { Overrides } from "./overrides.ts";
import type { StatedPackage, StatedProduct } from "./stated.ts";
import type { Version } from "./version.ts";

/** A product as stored: one row per Dutchie product, or one of ReUp's own. Its quantity is the sum of its inventory. */
export interface ProductRow extends ProductContent, Version {
  product_id: string;
  /** The surviving product when this one is a duplicate; its inventory then counts there. */
  merged_into: string | null;
  /** Fields that a person chose when merging; the columns hold them, this holds what Dutchie says. */
  overrides: Overrides | null;
  /** ReUp's own remark; Dutchie knows nothing of it. */
  notes: string | null;
  source: "dutchie" | "reup";
  /** What Dutchie told of the fields that are computed of several; no part of the content and its version. */
  told?: StatedProduct | null;
  /** null: Dutchie has told who the product is. */
  unsettled: Unsettled | null;
  updated_at: number;
}

/**
 * What is known of a product until Dutchie has told who it is. Its place in ReUp follows from this alone and is judged
 * anew with each word, so the order in which the words come decides nothing.
 */
export interface Unsettled {
  /** Each field that a catalogue row or a product's webhook told, and of what time that was (ms). */
  told: Partial<Record<keyof ProductContent, number>>;
  /** What packages and sales call it. */
  hint: Hint;
  /** The product of ReUp's own that it is linked to, as that one was before. */
  own: ProductContent | null;
}

/** What an inventory row or a sale line says of its product; null: nothing. */
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

/** One package in one room as stored. Quantity 0 is the tombstone of a package that left the room or was sold out. */
export interface InventoryRow extends InventoryContent, Version {
  inventory_id: string;
  dutchie_inventory_id: string;
  /** When the whole package, and not this room alone, was last told of, ms; part of the version. 0: never. */
  package_at: number;
  /** What Dutchie told of the fields that are computed of several; no part of the content and its version. */
  told?: StatedPackage | null;
  updated_at: number;
}

export interface SaleRow extends SaleContent, Version {
  sale_id: string;
  dutchie_transaction_id: string;
  /** Hash of the lines, so that a changed line is a changed sale. */
  items_hash: string;
  /** Pseudonym of the customer (`domain/insights/pseudonym.ts`); no part of the content, its version or its change log. */
  customer_key: string | null;
  updated_at: number;
}

export interface RoomRow extends RoomContent {
  room_key: string;
  updated_at: number;
}

export interface SaleWithItems {
  sale: SaleRow;
  /** null: the lines stay as they are. */
  items: SaleItem[] | null;
}

/** What a report says of a record beside its id. */
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
