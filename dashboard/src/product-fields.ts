import { PUSH_FIELDS } from "../../src/client/rules.ts";
import { money, quantity, text, words } from "./format.ts";

/** The fields of a product that a person may edit, if the store allows it. */
export const PRODUCT_FIELDS = [...PUSH_FIELDS, "sku", "upc", "status", "notes"] as const;
export type ProductField = (typeof PRODUCT_FIELDS)[number];

export const AMOUNTS: ReadonlySet<string> = new Set(["unit_price", "unit_cost"]);
export const PERCENTAGES: ReadonlySet<string> = new Set(["thc_percentage", "cbd_percentage"]);

const NAMES: Record<string, string> = {
  product_name: "Name",
  unit_price: "Price",
  unit_cost: "Cost",
  thc_percentage: "THC",
  cbd_percentage: "CBD",
  status: "State",
  room_name: "Room",
  reserved_quantity: "Reserved",
  dutchie_category: "Category in Dutchie",
  strain_type: "Strain",
  is_void: "Voided",
  is_return: "Returned",
};

export const nameOfField = (field: string): string => NAMES[field] ?? words(field);

/** A field's value as people read it. */
export function shownValue(field: string, value: string | number | null): string {
  if (typeof value !== "number") return text(value);
  if (AMOUNTS.has(field)) return money(value);
  return PERCENTAGES.has(field) ? `${quantity(value)}%` : quantity(value);
}
