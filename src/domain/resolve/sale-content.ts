import type { IncomingSale } from "../records/mapping.ts";
import type { SaleContent } from "../records/model.ts";
import type { SaleRow } from "../records/records.ts";
import { stateHash } from "../records/version.ts";
import { quickHash } from "../values/quick-hash.ts";
import type { Line } from "./sale-lines.ts";

const EMPTY: Omit<SaleContent, "completed_at" | "type"> = {
  subtotal: null,
  discount: null,
  tax: null,
  total: null,
  is_void: false,
  is_return: false,
  return_of: null,
  item_count: 0,
};

/** What is stored after a row. `lines` null: those that are stored. */
export const contentAfter = (incoming: IncomingSale, stored: SaleRow | undefined, lines: readonly Line[] | null) => ({
  ...(stored === undefined ? { ...EMPTY, completed_at: 0, type: "retail" } : pickContent(stored)),
  ...incoming.content,
  ...(lines === null ? { item_count: stored?.item_count ?? 0 } : {}),
  items_hash: lines === null ? (stored?.items_hash ?? "") : itemsHash(lines),
});

/** The stored content and version, to compare a row with. */
export const pickCompared = (row: SaleRow) => ({
  ...pickContent(row),
  items_hash: row.items_hash,
  source_at: row.source_at,
  source_rank: row.source_rank,
  content_hash: row.content_hash,
  updated_at: row.updated_at,
});

/** Hash of the lines' content in any order, without their ids: some answers number lines by position. */
function itemsHash(lines: readonly Line[]): string {
  const contents = lines.map(({ dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned }) =>
    JSON.stringify([dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned]),
  );
  return quickHash(contents.sort().join("\n"));
}

export function saleHash(content: SaleContent & Pick<SaleRow, "items_hash">): string {
  const { completed_at, type, subtotal, discount, tax, total, is_void, is_return, return_of, adjustment_of } = content;
  const head = [
    completed_at,
    type,
    subtotal,
    discount,
    tax,
    total,
    is_void,
    is_return,
    return_of,
    adjustment_of ?? null,
  ];
  return stateHash([...head, content.item_count, content.items_hash]);
}

function pickContent(row: SaleRow): SaleContent {
  const { completed_at, type, subtotal, discount, tax, total, is_void, is_return, return_of, item_count } = row;
  const adjustment_of = row.adjustment_of ?? null;
  return {
    completed_at,
    type,
    subtotal,
    discount,
    tax,
    total,
    is_void,
    is_return,
    return_of,
    item_count,
    adjustment_of,
  };
}
