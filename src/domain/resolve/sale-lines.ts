import type { IncomingSale, StatedLine } from "../records/mapping.ts";
import type { SaleItem } from "../records/model.ts";
import type { SaleRow } from "../records/records.ts";
import { round4 } from "../values/number.ts";

export type Line = Omit<SaleItem, "product_id">;

export type StoredLine = Line & Partial<Pick<SaleItem, "product_id">>;

export const knownLine = (line_id: string, stored: readonly StoredLine[]): StoredLine | undefined =>
  stored.find((each) => each.line_id === line_id);

/**
 * The sale's lines after a row; null: those that are stored. `missing`: why the row's lines cannot be used, although the
 * sale should have some; the rest of the row still counts.
 */
export function believedLines(
  incoming: IncomingSale,
  stored: SaleRow | undefined,
  known: readonly StoredLine[],
): { lines: Line[] | null; missing: string | null } {
  const lines = statedLines(incoming, stored)?.map((line) => completeLine(line, known)) ?? null;
  const missing = missingLines(incoming, stored) ?? cutLines(incoming, stored, lines, known);
  return { lines: missing === null ? lines : null, missing };
}

/** An empty list does not remove known lines. */
const statedLines = ({ items }: IncomingSale, stored: SaleRow | undefined): StatedLine[] | null =>
  items?.length === 0 && (stored?.item_count ?? 0) > 0 ? null : items;

/**
 * Why a sale's lines are missing: an answer without lines (a misspelt query name, a detail left out) must not empty a sale.
 * A void needs no lines, and an adjustment has none.
 */
function missingLines(incoming: IncomingSale, stored: SaleRow | undefined): string | null {
  const { items, content, lines_missing, lines_due } = incoming;
  if (content.is_void ?? stored?.is_void) return null;
  if (lines_missing !== undefined) return lines_missing;
  const isComplete = items === null ? lines_due !== true : items.length > 0;
  if (isComplete || (content.adjustment_of ?? stored?.adjustment_of ?? null) !== null) return null;
  if (stored !== undefined && stored.item_count > 0)
    return `the sale came without its ${stored.item_count} lines; they stay as they are, and ReUp asks for them again`;
  const total = content.total ?? stored?.total ?? 0;
  return total === 0 ? null : `the sale has a total of ${total} and came without lines; ReUp asks for them again`;
}

/**
 * Why the list was cut short: it has fewer lines than are known, and they match the sale's unchanged total worse. If the known
 * ones are rolled up (`db/roll-up.ts`), fewer lines than there were must make up the total.
 */
function cutLines(
  { content }: IncomingSale,
  stored: SaleRow | undefined,
  lines: readonly Line[] | null,
  known: readonly Line[],
): string | null {
  if (stored === undefined || lines === null) return null;
  const count = known.length || stored.item_count;
  if (lines.length >= count || (content.is_void ?? stored.is_void)) return null;
  const { total = stored.total, subtotal = stored.subtotal } = content;
  const due = subtotal ?? total;
  if (due === null || due === 0 || total !== stored.total || subtotal !== stored.subtotal) return null;
  const now = worthOf(lines);
  const before = known.length === 0 ? Math.abs(due) : worthOf(known);
  if (now === null || before === null) return null;
  if (Math.abs(Math.abs(due) - now) <= Math.abs(Math.abs(due) - before)) return null;
  const came = `the sale came with ${lines.length} of its ${count} lines and an unchanged total`;
  return `${came}; all of them stay, and ReUp asks for them again`;
}

/** The sum of the lines, ignoring signs; null: one has no price. */
function worthOf(lines: readonly Line[]): number | null {
  let sum = 0;
  for (const { total, unit_price, quantity } of lines) {
    const worth = total ?? (unit_price === null ? null : unit_price * quantity);
    if (worth === null) return null;
    sum += Math.abs(worth);
  }
  return round4(sum);
}

/** Whether a line states everything. */
export const isWhole = (line: StatedLine): line is Line =>
  line.dutchie_product_id !== undefined &&
  line.unit_price !== undefined &&
  line.unit_cost !== undefined &&
  line.discount !== undefined &&
  line.total !== undefined &&
  line.is_returned !== undefined;

/**
 * A key that a line leaves out makes no statement: the stored line with that id completes it, if it is of the same product.
 * A line without a product has an id of Dutchie's, so it is the stored line with that id.
 */
function completeLine(line: StatedLine, stored: readonly StoredLine[]): Line {
  if (isWhole(line) && (line.is_coupon !== undefined || stored.length === 0)) return line;
  const { line_id, quantity } = line;
  const same = knownLine(line_id, stored);
  const { dutchie_product_id = same?.dutchie_product_id ?? null } = line;
  const was = same?.dutchie_product_id === dutchie_product_id ? same : undefined;
  const { unit_price = was?.unit_price ?? null, unit_cost = was?.unit_cost ?? null } = line;
  const {
    discount = was?.discount ?? null,
    total = was?.total ?? null,
    is_returned = was?.is_returned ?? false,
    is_coupon = was?.is_coupon,
  } = line;
  return { line_id, dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned, is_coupon };
}
