import { and, count, desc, eq, isNotNull, ne, sql } from "drizzle-orm";
import { MAX_SHOWN_WORDS } from "../../domain/bounds.ts";
import type { UsedWord } from "../../domain/pushes/words.ts";
import type { RecordsDb } from "../databases.ts";
import { readRows } from "../read.ts";
import { inventory, products } from "../schema/records.ts";

/** A store uses dozens of words; the bound is for an unusual one. */
const MAX_WORDS = 1_000;

/** The words that a store's Dutchie uses, the most used first. */
export async function usedWords(
  db: RecordsDb,
  location_id: string,
): Promise<{ categories: UsedWord[]; strain_types: UsedWord[] }> {
  const [categories, strain_types] = await Promise.all(
    ([products.category, products.subcategory] as const).map((column) =>
      db
        .select({ word: sql<string>`${column}`, products: count() })
        .from(products)
        .where(
          and(
            eq(products.location_id, location_id),
            isNotNull(products.dutchie_product_id),
            isNotNull(column),
            ne(products.status, "deleted"),
            // A word that an edit of ours shows, and Dutchie has not got yet.
            sql`coalesce(${products.overrides}, '') not like '%"push":true%'`,
          ),
        )
        .groupBy(column)
        .orderBy(desc(count()), column)
        .limit(MAX_WORDS),
    ),
  );
  return { categories: categories ?? [], strain_types: strain_types ?? [] };
}

/** Stock in a room, by the room's name. `value`: quantity × price. */
export interface RoomStock {
  room_name: string;
  packages: number;
  value: number;
}

/** Up to one more than is shown: then there are more. The same for words. */
export async function stockByRoom(db: RecordsDb, location_id: string): Promise<RoomStock[]> {
  const rows = await readRows(
    db,
    sql`select room_name, count(*) as packages, sum(quantity * coalesce(unit_price, 0)) as value
      from ${inventory} where location_id = ${location_id} and quantity <> 0
      group by room_name order by value desc limit ${MAX_SHOWN_WORDS + 1}`,
  );
  return rows as unknown as RoomStock[];
}

/** The words of products that have no category, and the names of rooms with stock that have no type. */
export async function unmappedWords(
  db: RecordsDb,
  location_id: string,
): Promise<{ words: Omit<WordStock, "products" | "value">[]; room_names: string[] }> {
  const [words, rooms] = await Promise.all([
    readRows(
      db,
      sql`select distinct category, stated->>'$.master_category' as master_category, stated->>'$.subcategory' as subcategory
        from ${products} indexed by products_unmapped
        where location_id = ${location_id} and reup_category is null and dutchie_product_id is not null
          and status <> 'deleted' limit ${MAX_WORDS}`,
    ),
    readRows(
      db,
      sql`select distinct room_name from ${inventory} indexed by inventory_unmapped
        where location_id = ${location_id} and room_type is null and quantity <> 0 limit ${MAX_WORDS}`,
    ),
  ]);
  return {
    words: words as unknown as Omit<WordStock, "products" | "value">[],
    room_names: rooms.map(({ room_name }) => String(room_name)),
  };
}

/** Products with the same words of Dutchie's. */
export interface WordStock {
  category: string | null;
  master_category: string | null;
  subcategory: string | null;
  products: number;
  value: number;
}

export async function stockByWords(db: RecordsDb, location_id: string): Promise<WordStock[]> {
  const rows = await readRows(
    db,
    sql`with stock as materialized (
        select product_id, sum(quantity * coalesce(unit_price, 0)) as value
        from ${inventory} where location_id = ${location_id} and quantity <> 0 group by product_id)
      select p.category, p.stated->>'$.master_category' as master_category, p.stated->>'$.subcategory' as subcategory,
        count(*) as products, coalesce(sum(s.value), 0) as value
      from ${products} p left join stock s on s.product_id = p.product_id
      where p.location_id = ${location_id} and p.dutchie_product_id is not null and p.status <> 'deleted'
      group by 1, 2, 3 order by products desc limit ${MAX_SHOWN_WORDS + 1}`,
  );
  return rows as unknown as WordStock[];
}
