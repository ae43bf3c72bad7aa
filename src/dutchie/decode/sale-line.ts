import type { DutchieSaleLine } from "../../domain/records/model.ts";
import { chargedPrice } from "../../domain/values/price.ts";
import { type Decoded, type FailedRow, failed } from "./decoded.ts";
import { type Fields, flag, id, keyTable, name, number, openRow, reference, text } from "./fields.ts";
import { LINE } from "./synonyms.ts";

const KEYS = keyTable(
  LINE,
  // Known, but not needed here. A coupon's line stays a line, so that the lines add up to the sale's total.
  `
    batchname flowerequivalent flowerequivalentunit iscoupon returndate returnedbytransactionid
    returnreason sourcepackageid taxes unitid unitweight unitweightunit vendor
  `,
);

/** A line without an id has the `line_id` "". `transaction`: the one that the line names. */
type SaleLine = (Extract<Decoded<DutchieSaleLine>, { ok: true }> & { transaction: string | null }) | FailedRow;

/** One line of a sale; `position` counts from 1. Fails without a readable quantity. */
export function decodeSaleLine(line: unknown, position: number): SaleLine {
  const fields = openRow(line, KEYS);
  if (!fields) return failed(null, `line ${position} is not an object`);
  const line_id = fields.read("id", id) ?? "";
  const quantity = fields.read("quantity", number);
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
    unit_cost: fields.read("unit_cost", number),
    discount: fields.read("discount", number),
    total: fields.read("total", number),
    is_returned: fields.read("is_returned", flag) ?? undefined,
  };
  const transaction = fields.read("transaction", reference) ?? null;
  return { ok: true, row, unknown: fields.unknown, transaction };
}

const pricesOf = (fields: Fields<keyof typeof LINE>) => ({
  price: fields.read("price", number),
  rec_price: fields.read("rec_price", number),
  med_price: fields.read("med_price", number),
});
