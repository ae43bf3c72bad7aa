import type { IncomingSale } from "../records/mapping.ts";
import type { SaleContent, SaleItem } from "../records/model.ts";
import type { SaleRow } from "../records/records.ts";
import { statedOr } from "../records/stated.ts";
import { quickHash } from "../values/quick-hash.ts";
import type { Line } from "./sale-lines.ts";

export type HashedContent = SaleContent & Pick<SaleRow, "items_hash">;

const NONE: SaleContent = {
  completed_at: 0,
  type: "retail",
  subtotal: null,
  discount: null,
  tax: null,
  total: null,
  is_void: false,
  is_return: false,
  return_of: null,
  adjustment_of: null,
  item_count: 0,
};

/** What is stored after a row. `lines` null: those that are stored. */
export function contentAfter(
  incoming: IncomingSale,
  stored: SaleRow | undefined,
  lines: readonly Line[] | null,
): HashedContent {
  const { content } = incoming;
  const before = stored ?? NONE;
  // Field by field: a spread takes ten times as long.
  return {
    completed_at: content.completed_at ?? before.completed_at,
    type: content.type ?? before.type,
    subtotal: statedOr(content.subtotal, before.subtotal),
    discount: statedOr(content.discount, before.discount),
    tax: statedOr(content.tax, before.tax),
    total: statedOr(content.total, before.total),
    is_void: content.is_void ?? before.is_void,
    is_return: content.is_return ?? before.is_return,
    return_of: statedOr(content.return_of, before.return_of),
    item_count: lines === null ? before.item_count : (content.item_count ?? before.item_count),
    adjustment_of: statedOr(content.adjustment_of, before.adjustment_of ?? null),
    items_hash: lines === null ? (stored?.items_hash ?? "") : itemsHash(lines),
  };
}

/** The stored content and version, to compare a row with. */
export const pickCompared = (row: SaleRow) => ({
  ...pickContent(row),
  items_hash: row.items_hash,
  source_at: row.source_at,
  source_rank: row.source_rank,
  content_hash: row.content_hash,
  updated_at: row.updated_at,
});

/**
 * Hash of the lines' content in any order, without their ids: some answers number lines by position. Behind it stands how many of
 * them are coupons, if any: nearly no sale has one.
 */
function itemsHash(lines: readonly Line[]): string {
  const coupons = lines.reduce((count, { is_coupon }) => (is_coupon === true ? count + 1 : count), 0);
  const hash = quickHash([
    lines.map(({ dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned }) => ({
      dutchie_product_id,
      quantity,
      unit_price,
      unit_cost,
      discount,
      total,
      is_returned,
    })),
  ]);
  return coupons === 0 ? hash : `${hash}+${coupons}`;
}

/** Whether stored coupons have to complete lines that do not say what they are. */
export const leavesOutCoupons = (
  items: readonly Pick<SaleItem, "is_coupon">[],
  { items_hash }: Pick<SaleRow, "items_hash">,
): boolean => items_hash.includes("+") && items.some(({ is_coupon }) => is_coupon === undefined);

export function saleHash(content: HashedContent): string {
  const { completed_at, type, subtotal, discount, tax, total, is_void, is_return, return_of, adjustment_of } = content;
  const { item_count, items_hash } = content;
  return quickHash([
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
    item_count,
    items_hash,
  ]);
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
