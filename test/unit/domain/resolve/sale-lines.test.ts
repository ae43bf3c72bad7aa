import { expect, it } from "vitest";
import type { SaleContent } from "../../../../src/domain/records/model.ts";
import { believedLines } from "../../../../src/domain/resolve/sale-lines.ts";
import { comparesLines } from "../../../../src/domain/resolve/sales.ts";
import { incomingSale, saleLine, saleRow } from "../build.ts";

type Totals = (number | null)[];

const linesOf = (totals: Totals) =>
  totals.map((total, index) => saleLine(String(index + 1), { total, unit_price: null }));

/** `before`: the stored sale's lines and head; `stated`: the differing values of the next row. */
interface Case {
  before?: Totals;
  head?: Partial<SaleContent>;
  stated?: Partial<SaleContent>;
}

it.each<[string, Totals, Case, boolean]>([
  ["one of three lines", [10], {}, true],
  ["two of three lines, with tax", [10, 20], { head: { total: 66 } }, true],
  ["one of three lines, of a sale that counts below nothing", [-10], { head: { total: -60 } }, true],
  ["one of three lines, that fits what is left after the discount", [15], { head: { subtotal: 60, total: 15 } }, true],
  ["three of three lines", [10, 10, 10], {}, false],
  ["one line for all three", [60], {}, false],
  ["two lines without the free one", [30, 30], { before: [30, 30, 0] }, false],
  ["one line without the two that were too many", [60], { before: [60, 60, 60] }, false],
  ["one line, and another total", [10], { stated: { total: 10 } }, false],
  ["one line, of a sale that is void now", [10], { stated: { is_void: true } }, false],
  ["one line, of a sale without a total", [10], { head: { total: null } }, false],
  ["one line without a price", [null], {}, false],
])(
  "F43: a sale with other lines than before keeps its stored lines only if some were cut off: %s",
  (_, totals, { before = [10, 20, 30], head, stated }, isCut) => {
    const known = linesOf(before);
    const stored = saleRow({
      subtotal: null,
      total: 60,
      is_void: false,
      item_count: known.length,
      items_hash: "1",
      ...head,
    });
    const { subtotal, total } = stored;
    const incoming = incomingSale({ content: { subtotal, total, ...stated }, items: linesOf(totals) });
    expect(comparesLines(incoming, stored)).toBe(totals.length < before.length);
    const { lines, missing } = believedLines(incoming, stored, known);
    expect(lines).toEqual(isCut ? null : incoming.items);
    if (isCut) expect(missing).toContain(`${totals.length} of its ${before.length} lines`);
    else expect(missing).toBeNull();
  },
);

it.each<[string, Totals, Partial<SaleContent>, boolean]>([
  ["one of three lines", [10], {}, true],
  ["one line for all three", [60], {}, false],
  ["three lines that do not make up the total", [10, 10, 10], {}, false],
  ["one line, and another total", [10], { total: 10 }, false],
])(
  "F43: a sale whose lines are rolled up keeps what they sold only if some were cut off: %s",
  (_, totals, stated, isCut) => {
    const stored = saleRow({ subtotal: null, total: 60, is_void: false, item_count: 3, items_hash: "1" });
    const incoming = incomingSale({ content: { subtotal: null, total: 60, ...stated }, items: linesOf(totals) });
    const { lines, missing } = believedLines(incoming, stored, []);
    expect(lines).toEqual(isCut ? null : incoming.items);
    if (isCut) expect(missing).toContain(`${totals.length} of its 3 lines`);
    else expect(missing).toBeNull();
  },
);
