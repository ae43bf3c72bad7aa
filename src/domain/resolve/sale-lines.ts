import type { IncomingSale, StatedLine } from "../records/mapping.ts";
import type { SaleItem } from "../records/model.ts";
import type { SaleRow } from "../records/records.ts";
import { round4 } from "../values/number.ts";

export type Line = Omit<SaleItem, "product_id">;

export type StoredLine = Line & Partial<Pick<SaleItem, "product_id">>;

export const knownLine = (line_id: string, stored: readonly StoredLine[]): StoredLine | undefined =>
  stored.find((each) => each.line_id === line_id);

/**
 * The lines that a sale has by what came; null: those that it had. `missing`: why what came is no statement, though there
 * should be lines; what else the sale says holds.
 */
export function believedLines(
  incoming: IncomingSale,
  stored: SaleRow | undefined,
  known: readonly StoredLine[],
): { lines: Line[] | null; missing: string | null } {
  const told = statedLines(incoming, stored)?.map((line) => completeLine(line, known)) ?? null;
  const missing = missingLines(incoming, stored) ?? cutLines(incoming, stored, told, known);
  return { lines: missing === null ? told : null, missing };
}

/** No empty list takes lines away that are known. */
const statedLines = ({ items }: IncomingSale, stored: SaleRow | undefined): StatedLine[] | null =>
  items?.length === 0 && (stored?.item_count ?? 0) > 0 ? null : items;

/**
 * Why a sale's lines are no statement: an answer without lines (a query name misspelt, a detail left out) must not empty a
 * sale. A void needs none, and an adjustment has none.
 */
function missingLines(incoming: IncomingSale, stored: SaleRow | undefined): string | null {
  const { items, content, lines_missing, lines_due } = incoming;
  if (content.is_void ?? stored?.is_void) return null;
  if (lines_missing !== undefined) return lines_missing;
  const isTold = items === null ? lines_due !== true : items.length > 0;
  if (isTold || (content.adjustment_of ?? stored?.adjustment_of ?? null) !== null) return null;
  if (stored !== undefined && stored.item_count > 0)
    return `the sale came without its ${stored.item_count} lines; they stay as they are, and ReUp asks for them again`;
  const total = content.total ?? stored?.total ?? 0;
  return total === 0 ? null : `the sale has a total of ${total} and came without lines; ReUp asks for them again`;
}

/** Fewer lines than are known, which add up to the sale's unchanged total less than those do: the list was cut short. */
function cutLines(
  { content }: IncomingSale,
  stored: SaleRow | undefined,
  told: readonly Line[] | null,
  known: readonly Line[],
): string | null {
  if (stored === undefined || told === null || told.length >= known.length) return null;
  if (content.is_void ?? stored.is_void) return null;
  const { total = stored.total, subtotal = stored.subtotal } = content;
  const due = subtotal ?? total;
  if (due === null || due === 0 || total !== stored.total || subtotal !== stored.subtotal) return null;
  const [now, before] = [worthOf(told), worthOf(known)];
  if (now === null || before === null) return null;
  if (Math.abs(Math.abs(due) - now) <= Math.abs(Math.abs(due) - before)) return null;
  const came = `the sale came with ${told.length} of its ${known.length} lines and an unchanged total`;
  return `${came}; all of them stay, and ReUp asks for them again`;
}

/** What lines add up to, whatever their signs; null: one tells no price. */
function worthOf(lines: readonly Line[]): number | null {
  let sum = 0;
  for (const { total, unit_price, quantity } of lines) {
    const worth = total ?? (unit_price === null ? null : unit_price * quantity);
    if (worth === null) return null;
    sum += Math.abs(worth);
  }
  return round4(sum);
}

/**
 * A key that a line leaves out is no statement: the stored line of that id completes it, if it is of that product. A line
 * that leaves out its product has an id of Dutchie's, and is the one that is stored under it.
 */
export function completeLine(line: StatedLine, stored: readonly StoredLine[]): Line {
  const { line_id, quantity } = line;
  const same = knownLine(line_id, stored);
  const { dutchie_product_id = same?.dutchie_product_id ?? null } = line;
  const was = same?.dutchie_product_id === dutchie_product_id ? same : undefined;
  const { unit_price = was?.unit_price ?? null, unit_cost = was?.unit_cost ?? null } = line;
  const {
    discount = was?.discount ?? null,
    total = was?.total ?? null,
    is_returned = was?.is_returned ?? false,
  } = line;
  return { line_id, dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned };
}
