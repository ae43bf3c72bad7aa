import { type SQL, sql } from "drizzle-orm";
import { bulkUpsert, inList } from "../db/bulk.ts";
import { inventory, products, reviews, saleItems } from "../db/schema.ts";
import type { Doubt, Relink } from "../domain/identify.ts";
import type { ProductRow } from "../domain/records.ts";
import { type ReviewRow, reviewId } from "../domain/review.ts";
import { contentHash } from "../domain/version.ts";
import type { ApplyContext } from "./apply.ts";

/** Before the products are written: two of them may not have one Dutchie id. */
export function unlinkStatements(
  location_id: string,
  { removed, released }: { removed: readonly string[]; released: readonly ProductRow[] },
): SQL[] {
  const rows = released.map((row) => ({ location_id, ...row }));
  if (removed.length === 0) return bulkUpsert(products, rows, "differs");
  return [
    sql`delete from ${products} where ${products.location_id} = ${location_id} and ${inList(products.product_id, removed)}`,
    ...bulkUpsert(products, rows, "differs"),
  ];
}

/**
 * Packages and sale lines of one product belong to another. Nothing about the packages themselves changes, so their
 * versions stay and the log tells of the product alone. Sale lines have no index by product: this reads a store's lines
 * once, for the rare catalogue row that corrects a hint.
 */
export function relinkStatements(location_id: string, relinks: readonly Relink[]): SQL[] {
  if (relinks.length === 0) return [];
  const parameter = JSON.stringify(relinks);
  const next = (column: SQL) =>
    sql`(select value->>'to' from json_each(${parameter}) where value->>'from' = ${column})`;
  const froms = sql`(select value->>'from' from json_each(${parameter}))`;
  return [
    sql`update ${inventory} indexed by inventory_product set product_id = ${next(sql`${inventory.product_id}`)}
      where ${inventory.location_id} = ${location_id} and ${inventory.product_id} in ${froms}`,
    sql`update ${saleItems} set product_id = ${next(sql`${saleItems.product_id}`)}
      where ${saleItems.location_id} = ${location_id} and ${saleItems.product_id} in ${froms}`,
  ];
}

export const matchReviewId = (product_id: string) => reviewId("match", product_id);

/** A person is asked which of ReUp's own products a product of Dutchie's is; asked once, and not again. */
export function doubtStatements(
  { location_id, now }: Pick<ApplyContext, "location_id" | "now">,
  doubts: readonly Doubt[],
): SQL[] {
  const rows = doubts.map(({ product, candidates, reason }): ReviewRow => {
    const ids = [product, ...candidates].map(({ product_id }) => product_id);
    return {
      review_id: matchReviewId(product.product_id),
      kind: "duplicate_sku",
      state: "open",
      subject: product.product_id,
      reason,
      candidates: ids,
      conflicts: null,
      value_at_stake: null,
      facts_hash: contentHash(ids),
      action: null,
      into: null,
      resolution: null,
      opened_at: now,
      resolved_at: null,
      resolved_by: null,
    };
  });
  return bulkUpsert(
    reviews,
    rows.map((row) => ({ location_id, ...row })),
    "differs",
  );
}
