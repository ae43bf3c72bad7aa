import type { DutchieSale, DutchieSaleLine } from "../domain/model.ts";
import { decodeSaleLine } from "./decode-sale-line.ts";
import { type Decoded, failed, MODIFIED } from "./decoded.ts";
import { flag, id, keyTable, number, openRow, put, reference, text } from "./fields.ts";
import { REMOVED } from "./redact.ts";
import { parseStamp } from "./stamp.ts";

// `transactionDateLocalTime` is naive local time of a zone not told: known, and never read.
const COMPLETED = ["completedat", "transactiondateutc", "transactiondate"] as const;

const KEYS = keyTable(
  [...COMPLETED, ...MODIFIED],
  `
    transactionid id transactiontype type subtotal totaldiscount discount tax total isvoid isreturn returnof
    returnontransactionid customerid items
  `,
  // Known and not needed here; the customer's data among them, but for the id, is left where it is.
  `
    adjustmentfortransactionid authcode cashpaid changedue checkindate checkpaid completedbyuser creditpaid
    customertypeid debitpaid discounts electronicpaid electronicpaymentmethod employeeid
    estdeliverydatelocal esttimearrivallocal feesanddonations giftpaid integratedpaid integratedpayments invoicename
    invoicenumber ismedical istaxinclusive locationid loyaltyearned loyaltyspent manualpaid manualpayments mmappaid
    nonrevenuefeesanddonations orderids ordermethod ordersource ordertype paid prepaymentamount referenceid
    responsibleforsaleuserid revenuefeesanddonations taxsummary terminalname tipamount totalbeforetax totalcredit
    totalitems transactiondatelocaltime voiddate waspreordered
  `,
);

/** A transaction. Fails without an id, without a readable time, or when one of its lines is unreadable. */
export function decodeSale(row: unknown): Decoded<DutchieSale> {
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "a transaction must be an object");
  const { pick } = fields;
  const transactionId = id(pick("transactionid", "id"));
  if (transactionId === null) return failed(null, "the transaction has no id");
  const completedAt = parseStamp(pick(...COMPLETED));
  if (completedAt === null) return failed(transactionId, "the transaction has no readable time");
  const lines = decodeLines(pick("items"));
  if (typeof lines === "string") return failed(transactionId, lines);

  const sale: DutchieSale = {
    dutchie_transaction_id: transactionId,
    completed_at: completedAt,
    type: (text(pick("transactiontype", "type")) ?? "retail").toLowerCase(),
    modified_at: parseStamp(pick(...MODIFIED)),
  };
  put(sale, "subtotal", number(pick("subtotal")));
  put(sale, "discount", number(pick("totaldiscount", "discount")));
  put(sale, "tax", number(pick("tax")));
  put(sale, "total", number(pick("total")));
  put(sale, "is_void", flag(pick("isvoid")));
  put(sale, "is_return", flag(pick("isreturn")));
  put(sale, "return_of", reference(pick("returnof", "returnontransactionid")));
  const customer = pick("customerid");
  // An event that the ledger plays again has lost its customer.
  if (customer !== REMOVED) put(sale, "dutchie_customer_id", reference(customer));
  put(sale, "items", lines?.items);
  return { ok: true, row: sale, unknown: fields.unknown + (lines?.unknown ?? 0) };
}

/** null: the answer carried no lines (`IncludeDetail` was off). A text: why the transaction must fail. */
function decodeLines(value: unknown): { items: DutchieSaleLine[]; unknown: number } | string | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) return "the transaction's items are not a list";
  const items: DutchieSaleLine[] = [];
  const taken = new Set<string>();
  let unknown = 0;
  for (const [index, line] of value.entries()) {
    const decoded = decodeSaleLine(line, index + 1);
    if (!decoded.ok) return decoded.reason;
    const row = decoded.row;
    // Two lines of one id would overwrite each other: the later one gets its position behind it.
    if (taken.has(row.line_id)) row.line_id = `${row.line_id}#${index + 1}`;
    taken.add(row.line_id);
    items.push(row);
    unknown += decoded.unknown;
  }
  return { items, unknown };
}
