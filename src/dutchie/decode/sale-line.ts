import type { DutchieSaleLine } from "../../domain/records/model.ts";
import { chargedPrice } from "../../domain/values/price.ts";
import { type Decoded, type FailedRow, failed, garbledIn } from "./decoded.ts";
import { type Fields, flag, id, keyTable, name, openRow, reference, stock, text } from "./fields.ts";
import { LINE } from "./synonyms.ts";

const KEYS = keyTable(
  LINE,
  // Known, but not needed here.
  `
    batchname flowerequivalent flowerequivalentunit returndate returnedbytransactionid
    returnreason sourcepackageid taxes unitid unitweight unitweightunit vendor
  `,
);

/** A line without an id has the `line_id` "". */
type SaleLine =
  | (Extract<Decoded<DutchieSaleLine>, { ok: true }> & {
      /** The one that the line names. */
      transaction: string | null;
      /** Its amounts that could not be read; undefined: all could. */
      garbled: string[] | undefined;
    })
  | FailedRow;

/** One line of a sale; `position` counts from 1. Fails without a readable quantity. */
export function decodeSaleLine(line: unknown, position: number): SaleLine {
  const fields = openRow(line, KEYS);
  if (!fields) return failed(null, `line ${position} is not an object`);
  const line_id = fields.read("id", id) ?? "";
  const quantity = fields.read("quantity", stock);
  if (typeof quantity !== "number") {
    // Lists the row's keys only when the quantity is absent: it may have a name that we do not know.
    const named = fields.pick("quantity") === undefined ? fields : undefined;
    return failed(line_id, `line ${position} has no readable quantity`, named);
  }
  const product_id = fields.read("product_id", reference);
  const product = product_id ?? reference(fields.pick("product")) ?? product_id;
  const row: DutchieSaleLine = {
    line_id,
    dutchie_inventory_id: fields.read("inventory_id", reference) ?? null,
    package_id: fields.read("package_id", text) ?? null,
    sku: fields.read("sku", text) ?? null,
    upc: fields.read("upc", text) ?? null,
    product_name: fields.read("product_name", name) ?? name(fields.pick("product")) ?? null,
    quantity,
    // A line without an id cannot be completed from its stored state.
    dutchie_product_id: line_id === "" ? (product ?? null) : product,
    unit_price: chargedPrice(pricesOf(fields)),
    unit_cost: fields.amount("unit_cost"),
    discount: fields.amount("discount"),
    total: fields.amount("total"),
    is_returned: fields.read("is_returned", flag) ?? undefined,
    is_coupon: fields.read("is_coupon", flag) ?? undefined,
  };
  const transaction = fields.read("transaction", reference) ?? null;
  const garbled = fields.garbled === undefined ? undefined : garbledIn(fields, position);
  return { ok: true, row, unknown: fields.unknown, transaction, garbled };
}

const pricesOf = (fields: Fields<keyof typeof LINE>) => ({
  price: fields.amount("price"),
  rec_price: fields.amount("rec_price"),
  med_price: fields.amount("med_price"),
});
