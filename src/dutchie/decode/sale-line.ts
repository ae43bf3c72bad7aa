import type { DutchieSaleLine } from "../../domain/records/model.ts";
import { chargedPrice } from "../../domain/values/price.ts";
import { type Decoded, failed } from "./decoded.ts";
import { type Fields, flag, id, keyTable, name, number, openRow, put, reference, text } from "./fields.ts";
import { LINE } from "./synonyms.ts";

const KEYS = keyTable(
  LINE,
  // Known, but not needed here. A coupon's line stays a line, so that the lines add up to the sale's total.
  `
    batchname flowerequivalent flowerequivalentunit iscoupon returndate returnedbytransactionid
    returnreason sourcepackageid taxes unitid unitweight unitweightunit vendor
  `,
);

/** A line, and the transaction that it names. A line without an id has the `line_id` "". */
export interface SaleLine {
  row: DutchieSaleLine;
  transaction: string | null;
}

/** One line of a sale; `position` counts from 1. Fails without a readable quantity. */
export function decodeSaleLine(line: unknown, position: number): Decoded<SaleLine> {
  const fields = openRow(line, KEYS);
  if (!fields) return failed(null, `line ${position} is not an object`);
  const { pick, read } = fields;
  const line_id = read("id", id) ?? "";
  const quantity = read("quantity", number);
  if (typeof quantity !== "number") {
    // Lists the row's keys only when the quantity is absent: it may have a name that we do not know.
    const named = pick("quantity") === undefined ? fields : undefined;
    return failed(line_id, `line ${position} has no readable quantity`, named);
  }
  const row: DutchieSaleLine = {
    line_id,
    dutchie_inventory_id: read("inventory_id", reference) ?? null,
    package_id: read("package_id", text) ?? null,
    sku: read("sku", text) ?? null,
    upc: read("upc", text) ?? null,
    product_name: read("product_name", name) ?? name(pick("product")) ?? null,
    quantity,
  };
  const product_id = read("product_id", reference);
  const product = product_id ?? reference(pick("product")) ?? product_id;
  // A line without an id cannot be completed from its stored state.
  put(row, "dutchie_product_id", line_id === "" ? (product ?? null) : product);
  put(row, "unit_price", chargedPrice(pricesOf(fields)));
  put(row, "unit_cost", read("unit_cost", number));
  put(row, "discount", read("discount", number));
  put(row, "total", read("total", number));
  put(row, "is_returned", read("is_returned", flag) ?? undefined);
  return { ok: true, row: { row, transaction: read("transaction", reference) ?? null }, unknown: fields.unknown };
}

function pricesOf({ read }: Fields<keyof typeof LINE>) {
  const prices: Parameters<typeof chargedPrice>[0] = {};
  for (const field of ["price", "rec_price", "med_price"] as const) put(prices, field, read(field, number));
  return prices;
}
