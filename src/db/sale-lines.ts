import { sql } from "drizzle-orm";
import { customType } from "drizzle-orm/sqlite-core";
import type { SaleItem } from "../domain/records/model.ts";

/**
 * The lines of a sale are in its row: a JSON array with an array for each line, its values in this order. A table of lines would
 * cost a written row for each line of each sale, and nothing asks for a line without its sale.
 */
const FIELDS = [
  "line_id",
  "product_id",
  "dutchie_product_id",
  "quantity",
  "unit_price",
  "unit_cost",
  "discount",
  "total",
  "is_returned",
  // Only of a coupon: other lines end before it, as those that were stored before it was known.
  "is_coupon",
] as const satisfies readonly (keyof SaleItem)[];

const OF_GOODS = FIELDS.slice(0, -1);

/** As they are stored. */
type StoredLines = SaleItem[keyof SaleItem][][];

/** Sorted, so that lines that come in another order are the same. */
export const storedLines = (items: readonly SaleItem[]): StoredLines =>
  items
    .toSorted((a, b) => (a.line_id < b.line_id ? -1 : a.line_id > b.line_id ? 1 : 0))
    .map((item) => (item.is_coupon === true ? FIELDS : OF_GOODS).map((field) => item[field]));

const itemOf = (values: StoredLines[number]): SaleItem =>
  Object.fromEntries(FIELDS.map((field, at) => [field, values[at]])) as unknown as SaleItem;

export const linesColumn = customType<{ data: SaleItem[]; driverData: string }>({
  dataType: () => "text",
  toDriver: (items) => JSON.stringify(storedLines(items)),
  fromDriver: (text) => (JSON.parse(text) as StoredLines).map(itemOf),
});

/** The place of a value in a line. */
export const placeOf = (field: keyof SaleItem): number => FIELDS.indexOf(field);

/** The fields of a line `i` in SQL, read with `json_each(s.lines) i`. */
export const line = Object.fromEntries(FIELDS.map((field, at) => [field, sql.raw(`(i.value->>${at})`)])) as Record<
  keyof SaleItem,
  ReturnType<typeof sql.raw>
>;

/** How many units a line sold: a coupon is none. */
export const units = sql`iif(${line.is_coupon}, 0, ${line.quantity})`;
