import { and, eq, type SQL, sql } from "drizzle-orm";
import { bulkUpsert, inList } from "../../db/bulk.ts";
import { logSelected } from "../../db/change-log.ts";
import { relinkDays } from "../../db/roll-up.ts";
import { line, placeOf } from "../../db/sale-lines.ts";
import { inventory, products, reviews, sales } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import type { Relink } from "../../domain/identity/identify.ts";
import type { IdentityPlan } from "../../domain/identity/replace.ts";
import type { Named } from "../../domain/records/change.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { AUTO, matchReview, matchReviewId } from "../../domain/reviews/review.ts";
import type { StoreContext } from "../context.ts";

/** Before the products are written: two of them may not have one Dutchie id. */
export function unlinkStatements(
  location: StoreContext["location"],
  { removed, released }: { removed: readonly string[]; released: readonly ProductRow[] },
): SQL[] {
  const { location_id } = location;
  const freed = productsUpsert(location, released, "differs");
  if (removed.length === 0) return freed;
  return [
    sql`delete from ${products} where ${products.location_id} = ${location_id} and ${inList(products.product_id, removed)}`,
    ...freed,
  ];
}

/**
 * Moves packages and sale lines from one product to another. The packages themselves do not change, so their versions stay
 * and only the product has an entry of its own in the change log; the moved ones are named. Sale lines have no index by product, so this reads all sales of
 * the store: it is rare.
 */
export function relinkStatements(
  location_id: string,
  relinks: readonly Relink[],
  origin: Pick<Named, "cause" | "ref" | "at">,
): SQL[] {
  if (relinks.length === 0) return [];
  const parameter = JSON.stringify(relinks);
  const next = (column: SQL) =>
    sql`(select value->>'to' from json_each(${parameter}) where value->>'from' = ${column})`;
  const froms = sql`(select value->>'from' from json_each(${parameter}))`;
  return [
    logSelected(
      location_id,
      { resource: "inventory", ...origin },
      sql`select i.inventory_id as id from ${inventory} i indexed by inventory_product
        where i.location_id = ${location_id} and i.product_id in ${froms}`,
    ),
    logSelected(
      location_id,
      { resource: "sales", ...origin },
      sql`select s.sale_id as id from ${sales} s where s.location_id = ${location_id}
        and exists (select 1 from json_each(s.lines) i where ${line.product_id} in ${froms})`,
    ),
    sql`update ${inventory} indexed by inventory_product set product_id = ${next(sql`${inventory.product_id}`)}
      where ${inventory.location_id} = ${location_id} and ${inventory.product_id} in ${froms}`,
    sql`update ${sales} set lines = (
        select json_group_array(json(iif(${line.product_id} in ${froms},
          json_replace(i.value, ${`$[${placeOf("product_id")}]`}, ${next(line.product_id)}), i.value)) order by i.key)
        from json_each(lines) i)
      where location_id = ${location_id} and exists (select 1 from json_each(lines) i where ${line.product_id} in ${froms})`,
    ...relinkDays(location_id, froms, next),
  ];
}

/**
 * Opens a review that asks which of ReUp's own products a product of Dutchie's is: once, as long as the candidates are the
 * same. Closes an open review whose doubt is gone.
 */
export async function doubtStatements(
  { db, location: { location_id }, now }: StoreContext,
  { doubts, clear }: Pick<IdentityPlan, "doubts" | "clear">,
): Promise<SQL[]> {
  const asked = doubts.map(({ product, candidates, reason }) =>
    matchReview([product.product_id, ...candidates.map(({ product_id }) => product_id)], reason, now),
  );
  const ids = [...asked.map(({ review_id }) => review_id), ...clear.map(matchReviewId)];
  if (ids.length === 0) return [];
  const here = and(eq(reviews.location_id, location_id), inList(reviews.review_id, ids));
  const stored = new Map((await db.select().from(reviews).where(here)).map((row) => [row.review_id, row]));
  const opened = asked.filter((review) => stored.get(review.review_id)?.facts_hash !== review.facts_hash);
  const reason = "No longer in doubt.";
  const closed = clear.flatMap((id) => {
    const review = stored.get(matchReviewId(id));
    const over = { state: "resolved", reason, facts_hash: "", resolved_at: now, resolved_by: AUTO } as const;
    return review?.state === "open" ? [{ ...review, ...over }] : [];
  });
  const rows = [...opened, ...closed].map((row) => ({ ...row, location_id }));
  return bulkUpsert(reviews, rows, "differs");
}
