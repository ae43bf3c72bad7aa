import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { RecordsDb } from "../databases.ts";
import { sales } from "../schema/records.ts";
import { countUpTo, type Span } from "./span.ts";

export type ListedSale = typeof sales.$inferSelect;

/** ms; `from` is in, `to` is out. */
export interface SaleFilter {
  from?: number | undefined;
  to?: number | undefined;
}

/** What numbered pages are sorted by. */
export const SALE_ORDERS = { total: sql`${sales.total}` };

/** `[completed_at, sale_id]`. */
export type SaleKey = [number, string];

export const saleKey = (row: ListedSale): SaleKey => [row.completed_at, row.sale_id];

/** Newest first. */
export function listSales(
  db: RecordsDb,
  location_id: string,
  filter: SaleFilter,
  { after, limit, offset, order }: Span<SaleKey>,
): Promise<ListedSale[]> {
  const from = after === null ? undefined : sql`(${sales.completed_at}, ${sales.sale_id}) < (${after[0]}, ${after[1]})`;
  return db
    .select()
    .from(sales)
    .where(and(filtered(location_id, filter), from))
    .orderBy(...(order === undefined ? [] : [order]), desc(sales.completed_at), desc(sales.sale_id))
    .limit(limit)
    .offset(offset ?? 0);
}

export const countSales = (db: RecordsDb, location_id: string, filter: SaleFilter): Promise<number> =>
  countUpTo(db, sql`select 1 from ${sales} where ${filtered(location_id, filter)}`);

const filtered = (location_id: string, { from, to }: SaleFilter): SQL | undefined =>
  and(
    eq(sales.location_id, location_id),
    from === undefined ? undefined : gte(sales.completed_at, from),
    to === undefined ? undefined : lt(sales.completed_at, to),
  );

export async function findSale(db: RecordsDb, location_id: string, sale_id: string): Promise<ListedSale | null> {
  const [row] = await db
    .select()
    .from(sales)
    .where(and(eq(sales.location_id, location_id), eq(sales.sale_id, sale_id)))
    .limit(1);
  return row ?? null;
}
