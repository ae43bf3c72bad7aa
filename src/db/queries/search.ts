import { type SQL, sql } from "drizzle-orm";
import { searchTerms, searchWords } from "../../domain/values/search.ts";
import { inventory, products } from "../schema/records.ts";

/**
 * Products (columns of `products`) in which each word of the text stands: in the name, the brand, the SKU, the UPC or the tag
 * of a package, or is Dutchie's id of the product or of a package.
 */
export const productsWithWords = (location_id: string, text: string): SQL | undefined =>
  ofAll(
    text,
    (word) => sql`${products.product_id} in (${idsWith(location_id, word)}
      union all select p.product_id from ${products} p indexed by products_dutchie
        where p.location_id = ${location_id} and p.dutchie_product_id in (${word}, ${word.toUpperCase()})
      union all select coalesce(m.merged_into, m.product_id) from ${inventory} i
        join ${products} m on m.location_id = i.location_id and m.product_id = i.product_id
        where i.location_id = ${location_id} and ${isPackage(word, sql`i`)})`,
  );

/** Products (columns of `products`) with the text in one of name, brand, SKU and UPC. */
export const hasText = (text: string): SQL => has(sql`${products.search}`, text);

/** The same by the index. */
export const productsWithText = (location_id: string, text: string): SQL =>
  sql`${products.product_id} in (${idsWith(location_id, text)})`;

/** Packages, joined with their products, in which each word stands. */
export const packagesWithWords = (text: string): SQL | undefined =>
  ofAll(
    text,
    (word) => sql`(${has(sql`${products.search}`, word)} or lower(${products.dutchie_product_id}) = ${word}
      or instr(lower(${inventory.sku}), ${word}) > 0 or ${isPackage(word, sql`${inventory}`)})`,
  );

function ofAll(text: string, condition: (word: string) => SQL): SQL | undefined {
  const words = searchWords(text);
  return words.length === 0 ? undefined : sql.join(words.map(condition), sql` and `);
}

/** Their ids, from the index alone: the rows are ten times as wide, and SQLite would read them all. */
const idsWith = (
  location_id: string,
  text: string,
): SQL => sql`select p.product_id from ${products} p indexed by products_sku
  where p.location_id = ${location_id} and ${has(sql`p.search`, text)}`;

/** `instr`, not LIKE: D1 refuses LIKE patterns over 50 bytes, and there is nothing to escape. */
const has = (column: SQL, text: string): SQL =>
  sql`(${sql.join(
    searchTerms(text).map((term) => sql`instr(${column}, ${term}) > 0`),
    sql` or `,
  )})`;

const isPackage = (word: string, table: SQL): SQL =>
  sql`(instr(lower(${table}.package_id), ${word}) > 0 or lower(${table}.dutchie_inventory_id) = ${word})`;
