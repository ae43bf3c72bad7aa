import { changeOf, diff, hashOf } from "./decide.ts";
import type { ProductHint } from "./mapping.ts";
import type { MatchIndex } from "./match.ts";
import type { Change, Origin, ProductRow } from "./records.ts";
import { pickProductContent, provisionalProduct } from "./resolve-products.ts";

/**
 * Products that an inventory row or a sale line names and that are not known (the guide: product not found → create it):
 * linked to a product of ReUp's own where one matches, else created, provisional until the catalogue is read.
 */
export function planProvisional(given: {
  hints: readonly ProductHint[];
  /** Known products by Dutchie id. */
  known: ReadonlyMap<string, ProductRow>;
  match: MatchIndex;
  now: number;
  origin: Origin;
}): { rows: ProductRow[]; changes: Change[] } {
  const rows = new Map<string, ProductRow>();
  const changes: Change[] = [];
  for (const hint of given.hints) {
    const id = hint.dutchie_product_id;
    if (given.known.has(id) || rows.has(id)) continue;
    const { product_name, sku, brand } = hint;
    const own = given.match.take({ sku, brand, ...(product_name === null ? {} : { product_name }) });
    const row = own === undefined ? provisionalProduct(hint, given.now) : linked(own, id, given.now);
    rows.set(id, row);
    const fields = diff(own && pickProductContent(own), pickProductContent(row));
    const record = { resource: "products" as const, record_id: row.product_id, fields };
    changes.push(changeOf(record, row, given.origin, given.now));
  }
  return { rows: [...rows.values()], changes };
}

/** Rank 1: newer than the product as ReUp made it, older than anything that Dutchie's catalogue says. */
function linked(own: ProductRow, dutchie_product_id: string, now: number): ProductRow {
  const content = { ...pickProductContent(own), dutchie_product_id };
  return { ...own, ...content, source_at: 0, source_rank: 1, content_hash: hashOf(content), updated_at: now };
}
