import type { DutchieSale, DutchieSaleLine } from "../../domain/records/model.ts";
import { type Decoded, type FailedRow, failed, garbledIn, NAMED_AMOUNTS, stamped, unreadable } from "./decoded.ts";
import { flag, id, isObject, keyTable, number, openRow, reference, text } from "./fields.ts";
import { decodeSaleLine } from "./sale-line.ts";
import { isAmbiguous, parseMoment, parseStamp } from "./stamp.ts";
import { SALE, saleType } from "./synonyms.ts";

const KEYS = keyTable(
  SALE,
  // Known, but not needed here. Of the customer's data only the id is read.
  `
    authcode cashpaid changedue checkindate checkpaid completedbyuser creditpaid
    customertypeid debitpaid electronicpaid electronicpaymentmethod employeeid
    estdeliverydatelocal esttimearrivallocal feesanddonations giftpaid integratedpaid integratedpayments invoicename
    invoicenumber ismedical istaxinclusive loyaltyearned loyaltyspent manualpaid manualpayments mmappaid
    nonrevenuefeesanddonations orderids ordermethod ordersource ordertype paid prepaymentamount referenceid
    responsibleforsaleuserid revenuefeesanddonations taxsummary terminalname tipamount totalbeforetax totalcredit
    transactiondatelocaltime waspreordered
  `,
);

/** A transaction. Fails without an id, without a readable time, or when a line has no quantity. */
export function decodeSale(row: unknown): Decoded<DutchieSale> {
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "a transaction must be an object");
  const transactionId = fields.read("id", id);
  if (typeof transactionId !== "string") return failed(null, "the transaction has no id", fields);
  const completedAt = fields.read("completed", parseMoment);
  if (typeof completedAt !== "number") {
    const isUnclear = fields.read("completed", (value) => isAmbiguous(value) || undefined) === true;
    return failed(transactionId, isUnclear ? UNCLEAR_TIME : "the transaction has no readable time", fields);
  }
  const lines = decodeLines(
    listed(fields.pick("lines"), (each) => fields.read("lines", each)),
    transactionId,
  );
  if ("reason" in lines) return { ...lines, dutchie_id: transactionId };

  const stated = fields.read("type", text);
  const type = typeof stated === "string" ? saleType(stated) : undefined;
  const sale: DutchieSale = {
    dutchie_transaction_id: transactionId,
    completed_at: completedAt,
    modified_at: stamped(fields),
    dutchie_location_id: fields.read("location", id) ?? undefined,
    type: type?.type,
    subtotal: fields.amount("subtotal"),
    // The discount includes points that were spent (`loyaltySpent`).
    discount: fields.amount("discount"),
    tax: fields.amount("tax"),
    total: fields.amount("total"),
    is_void:
      fields.read("is_void", (value) => flag(value) ?? voidedIn(text(value))) ??
      voidedIn(fields.read("status", text)) ??
      (typeof fields.read("voided_at", parseStamp) === "number" ? true : undefined),
    is_return: type?.is_return || (fields.read("is_return", flag) ?? undefined),
    return_of: fields.read("return_of", reference),
    adjustment_of: fields.read("adjustment_of", reference),
    dutchie_customer_id: reference(fields.pick("customer")),
  };
  const count = fields.read("total_items", number) ?? 0;
  const own = lines.lines === null ? null : withoutRepeats(lines.lines, count);
  const missing = lines.unreadable ?? whyIncomplete(sale, { lines: own, foreign: lines.foreign }, count);
  if (missing !== null) sale.lines_missing = missing;
  else if (own !== null) sale.items = withIds(own);
  if (fields.garbled !== undefined || lines.garbled.length > 0)
    Object.assign(sale, unreadable([...garbledIn(fields), ...lines.garbled]));
  return { ok: true, row: sale, unknown: fields.unknown + lines.unknown };
}

const UNCLEAR_TIME =
  "the transaction's time can mean two days, as 5/11/2026 can: have Dutchie write it as 2026-11-05T10:00:00Z";

/** Any other state makes no statement: a sale can be complete and void. */
const voidedIn = (status: string | null | undefined): true | undefined =>
  /^(void|voided|cancelled|canceled)$/i.test(status ?? "") ? true : undefined;

/** The lines under whichever name has a list. null means an empty list. */
function listed(first: unknown, read: (list: (value: unknown) => unknown[] | undefined) => unknown): unknown {
  return read((value) => (Array.isArray(value) ? value : undefined)) ?? (first === null ? [] : first);
}

interface Lines {
  /** null: the answer has no lines. */
  lines: DutchieSaleLine[] | null;
  /** Another transaction, which a line names; null: none. */
  foreign: string | null;
  /** Why the value in place of the lines is no statement. */
  unreadable: string | null;
  /** Amounts of lines that could not be read. */
  garbled: readonly string[];
  unknown: number;
}

const NONE: readonly string[] = [];

/** A FailedRow: a line that fails the whole transaction. */
function decodeLines(value: unknown, transactionId: string): Lines | FailedRow {
  if (value === undefined) return { lines: null, foreign: null, unreadable: null, garbled: NONE, unknown: 0 };
  const why = whyNoLines(value);
  if (why !== null || !Array.isArray(value))
    return { lines: null, foreign: null, unreadable: why, garbled: NONE, unknown: 0 };
  const lines: DutchieSaleLine[] = [];
  let garbled = NONE;
  let foreign: string | null = null;
  let unknown = 0;
  for (const [index, line] of value.entries()) {
    const decoded = decodeSaleLine(line, index + 1);
    if (!decoded.ok) return decoded;
    lines.push(decoded.row);
    if (decoded.garbled !== undefined && garbled.length <= NAMED_AMOUNTS) garbled = [...garbled, ...decoded.garbled];
    if (decoded.transaction !== transactionId) foreign ??= decoded.transaction;
    unknown += decoded.unknown;
  }
  return { lines, foreign, unreadable: null, garbled, unknown };
}

/** Why the value is no list of lines; null: it is one. */
function whyNoLines(value: unknown): string | null {
  if (!Array.isArray(value)) return `the sale's lines are not a list; ${LINES_STAY}`;
  const position = value.findIndex((line) => !isObject(line)) + 1;
  return position === 0 ? null : `line ${position} of the sale is empty or cannot be read; ${LINES_STAY}`;
}

const LINES_STAY = "its lines stay as they are, and ReUp asks for them again";

/** Why the lines are not exactly the sale's lines; null: they are. An answer without lines must not empty a sale. */
function whyIncomplete(
  sale: DutchieSale,
  { lines, foreign }: Pick<Lines, "lines" | "foreign">,
  count: number,
): string | null {
  if (foreign !== null && sale.is_return !== true)
    return `the sale came with lines of transaction ${foreign}; its own lines stay as they are`;
  // Dutchie counts either lines or units: the lines are complete when they satisfy one of them.
  if (Math.max(lines?.length ?? 0, unitsOf(lines ?? [])) >= count || typeof (sale.adjustment_of ?? null) === "string")
    return null;
  const came = lines === null || lines.length === 0 ? "none" : String(lines.length);
  return `the sale should have ${count} items, but ${came} came with it; ${LINES_STAY}`;
}

const unitsOf = (lines: readonly DutchieSaleLine[]): number =>
  lines.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0);

/**
 * Without lines that the answer repeats word for word, if only then there are as many as the sale counts, in lines or units. Without
 * such a count they may be two lines under one id.
 */
function withoutRepeats(lines: DutchieSaleLine[], count: number): DutchieSaleLine[] {
  const counts = (some: readonly DutchieSaleLine[]) => some.length === count || unitsOf(some) === count;
  if (count <= 0 || counts(lines) || haveOwnIds(lines)) return lines;
  const said = new Set<string>();
  const once = lines.filter((row) => {
    const key = JSON.stringify(row);
    const isRepeat = row.line_id !== "" && said.has(key);
    said.add(key);
    return !isRepeat;
  });
  return counts(once) ? once : lines;
}

/** So many lines are compared with each other: a set of their ids takes ten times as long, and few sales have more. */
const FEW_LINES = 12;

/** Whether each line has an id, and no other line has the same. */
function haveOwnIds(lines: readonly DutchieSaleLine[]): boolean {
  if (lines.length > FEW_LINES) {
    const ids = new Set(lines.map(({ line_id }) => line_id));
    return ids.size === lines.length && !ids.has("");
  }
  return lines.every(
    ({ line_id }, index) => line_id !== "" && lines.findIndex((other) => other.line_id === line_id) === index,
  );
}

/** The line with a statement on its product: what it leaves out is none. */
const withProduct = (line: DutchieSaleLine): DutchieSaleLine => ({
  ...line,
  dutchie_product_id: line.dutchie_product_id ?? null,
});

/** Numbers lines without an id, and adds a number to ids that lines share. Numbers follow the content, so the order of lines does not matter. */
function withIds(lines: DutchieSaleLine[]): DutchieSaleLine[] {
  if (haveOwnIds(lines)) return lines;
  const ordered = lines.map((row, index) => ({ row, index, key: JSON.stringify(row) }));
  ordered.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const used = new Set<string>();
  const shared = new Set<string>();
  for (const { line_id } of lines) (used.has(line_id) ? shared : used).add(line_id);
  const last = new Map<string, number>();
  // A shared id does not identify a line, so a field that the line leaves out cannot be completed.
  const result = lines.map((row) => (shared.has(row.line_id) ? withProduct(row) : row));
  for (const { row, index } of ordered) {
    const base = row.line_id;
    let n = last.get(base);
    if (n === undefined && base !== "") {
      last.set(base, 1);
      continue;
    }
    const next = () => (base === "" ? String(n) : `${base}#${n}`);
    do n = (n ?? 0) + 1;
    while (used.has(next()));
    last.set(base, n);
    used.add(next());
    result[index] = { ...withProduct(row), line_id: next() };
  }
  return result;
}
