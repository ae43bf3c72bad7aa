import type { DutchieSaleLine } from "../domain/model.ts";
import { type Decoded, failed } from "./decoded.ts";
import { flag, id, keyTable, number, openRow, reference, text } from "./fields.ts";

const KEYS = keyTable(
  [],
  `
    transactionitemid lineid id productid inventoryid packageid sku upc barcode productname name quantity unitprice price
    unitcost totaldiscount discount totalprice total isreturned
  `,
  // Known and not needed here. A coupon's line stays a line, so that the lines add up to the sale's total.
  `
    batchname discounts flowerequivalent flowerequivalentunit iscoupon returndate returnedbytransactionid
    returnreason sourcepackageid taxes transactionid unitid unitweight unitweightunit vendor
  `,
);

/** One line of a sale; `position` counts from 1 and stands in for a missing id. Fails without a readable quantity. */
export function decodeSaleLine(line: unknown, position: number): Decoded<DutchieSaleLine> {
  const fields = openRow(line, KEYS);
  if (!fields) return failed(null, `line ${position} is not an object`);
  const { pick } = fields;
  const lineId = id(pick("transactionitemid", "lineid", "id")) ?? String(position);
  const quantity = number(pick("quantity"));
  if (typeof quantity !== "number") return failed(lineId, `line ${position} has no readable quantity`);
  return {
    ok: true,
    row: {
      line_id: lineId,
      dutchie_product_id: reference(pick("productid")) ?? null,
      dutchie_inventory_id: reference(pick("inventoryid")) ?? null,
      package_id: text(pick("packageid")) ?? null,
      sku: text(pick("sku")) ?? null,
      upc: text(pick("upc", "barcode")) ?? null,
      product_name: text(pick("productname", "name")) ?? null,
      quantity,
      unit_price: number(pick("unitprice", "price")) ?? null,
      unit_cost: number(pick("unitcost")) ?? null,
      discount: number(pick("totaldiscount", "discount")) ?? null,
      total: number(pick("totalprice", "total")) ?? null,
      is_returned: flag(pick("isreturned")) ?? false,
    },
    unknown: fields.unknown,
  };
}
