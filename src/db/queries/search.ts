import { type SQL, sql } from "drizzle-orm";
import { skuKey, upcKey } from "../../domain/values/identifiers.ts";
import { searchWords } from "../../domain/values/search.ts";
import { inventory, products } from "../schema/records.ts";

/**
 * Products (columns of `products`) in which each word of the text stands: in the name, the brand, the SKU, the UPC or the tag
 * of a package, or is Dutchie's id of the product or of a package. `instr`, not LIKE: D1 refuses LIKE patterns over 50
 * bytes, and there is nothing to escape.
 */
export const productsWithWords = (location_id: string, text: string): SQL | undefined =>
  ofAll(text, (word) => {
    const packages = sql`select coalesce(m.merged_into, m.product_id) from ${inventory} i
      join ${products} m on m.location_id = i.location_id and m.product_id = i.product_id
      where i.location_id = ${location_id} and ${isPackage(word, sql`i`)}`;
    return sql`(${isProduct(word)} or ${products.product_id} in (${packages}))`;
  });

/** Packages, joined with their products, in which each word stands. */
export const packagesWithWords = (text: string): SQL | undefined =>
  ofAll(
    text,
    (word) => sql`(${isProduct(word)} or instr(lower(${inventory.sku}), ${word}) > 0
    or ${isPackage(word, sql`${inventory}`)})`,
  );

function ofAll(text: string, condition: (word: string) => SQL): SQL | undefined {
  const words = searchWords(text);
  return words.length === 0 ? undefined : sql.join(words.map(condition), sql` and `);
}

/** The name's key is in lower case in every language; SQLite's `lower` knows ASCII alone. */
function isProduct(word: string): SQL {
  return sql`(instr(coalesce(${products.name_key}, '') || ' ' || lower(${products.product_name} || ' ' || coalesce(${products.brand}, '')
    || ' ' || coalesce(${products.sku}, '') || ' ' || coalesce(${products.upc}, '')), ${word}) > 0
    or ${products.sku_key} = ${skuKey(word)} or ${products.upc_key} = ${upcKey(word)} or lower(${products.dutchie_product_id}) = ${word})`;
}

const isPackage = (word: string, table: SQL): SQL =>
  sql`(instr(lower(${table}.package_id), ${word}) > 0 or lower(${table}.dutchie_inventory_id) = ${word})`;
