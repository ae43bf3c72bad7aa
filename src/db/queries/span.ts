import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { MAX_COUNTED_ROWS } from "../../domain/bounds.ts";
import { nameKey, plainText } from "../../domain/values/identifiers.ts";
import type { RecordsDb } from "../databases.ts";
import { products } from "../schema/records.ts";

/** A part of a list: after a key, or after so many rows. */
export interface Span<Key> {
  after: Key | null;
  limit: number;
  offset?: number;
  /** Before the order of the keys. */
  order?: SQL | undefined;
}

/** The order by one of a list's columns; with `-` from the greatest. Rows without a value come last. */
export function orderBy<Name extends string>(
  sort: Name | `-${Name}` | undefined,
  columns: Readonly<Record<Name, SQL>>,
): SQL | undefined {
  if (sort === undefined) return undefined;
  const isDescending = sort.startsWith("-");
  const column = columns[(isDescending ? sort.slice(1) : sort) as Name];
  return isDescending ? sql`${column} is null, ${column} desc` : sql`${column} is null, ${column}`;
}

/** A product's name without case and accents, as what a search looks through begins: SQLite's `lower` knows ASCII alone. */
export const nameInOrder = sql`substr(${products.search}, 1, instr(${products.search} || char(10), char(10)) - 1)`;

/** How many rows the query finds, up to the bound. */
export async function countUpTo(db: RecordsDb, query: SQL): Promise<number> {
  const [row] = await db.all<{ n: number }>(sql`select count(*) as n from (${query} limit ${MAX_COUNTED_ROWS})`);
  return row?.n ?? 0;
}

/** As people see it: adding and subtracting grams in binary leaves tails like 0.30000000000000004. */
export const withoutTail = (amount: SQL): SQL => sql`round(${amount}, 6)`;

// ---- Conditions on a product, for lists of products and of their packages ------------------------------------------

type Columns = Readonly<Record<"reup_category" | "category" | "brand" | "status", SQLWrapper>>;

/** ReUp's category, or the word as Dutchie wrote it. */
export const isCategory = (category: string, of: Columns = products): SQL =>
  sql`(${of.reup_category} = ${category} or ${of.category} = ${category})`;

export const isBrand = (brand: string, of: Columns = products): SQL =>
  sql`(${of.brand} = ${brand} or lower(trim(${of.brand})) in (
    select value from json_each(${JSON.stringify(loweredBrands(brand))})))`;

/** What SQLite's `lower` may make of the brand in any case: it leaves every letter beyond ASCII as it is, as in "Élan" and "ÉLAN". */
function loweredBrands(brand: string): string[] {
  const spellings = [brand.trim().toLowerCase(), plainText(brand), nameKey(brand) ?? brand];
  return [...new Set(spellings.flatMap((each) => [each, each.replace(/[^\0-\x7f]/gu, (sign) => sign.toUpperCase())]))];
}

export const isActive = (of: Columns = products): SQL => sql`${of.status} = 'active'`;
