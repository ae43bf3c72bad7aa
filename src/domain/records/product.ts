import { pick } from "../values/pick.ts";
import { quickHash } from "../values/quick-hash.ts";
import { PRODUCT_FIELDS, type ProductContent, productFieldsBut } from "./model.ts";
import type { ProductRow } from "./records.ts";

type Unstated = Omit<ProductContent, "dutchie_product_id" | "product_name">;

const unstated = productFieldsBut("dutchie_product_id", "product_name", "status").map(
  (field) => [field, null] as const,
);
export const EMPTY_PRODUCT = { ...Object.fromEntries(unstated), status: "active" } as Unstated;

export const pickProductContent = (row: ProductContent): ProductContent => pick(row, PRODUCT_FIELDS);

export const productHash = (content: ProductContent): string =>
  quickHash(PRODUCT_FIELDS.map((field) => content[field]));

/** Content and version of a stored row, to compare an incoming row with. */
export const pickVersioned = (row: ProductRow) => ({
  ...pickProductContent(row),
  source_at: row.source_at,
  source_rank: row.source_rank,
  content_hash: row.content_hash,
  updated_at: row.updated_at,
});
