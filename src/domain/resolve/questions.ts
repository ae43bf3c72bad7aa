import { IDENTITY, isUndecided } from "../identity/duplicates.ts";
import { dutchieSide } from "../records/overrides.ts";
import { type ProductRow, productId } from "../records/records.ts";
import { skuKey } from "../values/identifiers.ts";
import type { PlannedEvent } from "./planned-event.ts";

/** A product, by ReUp's id, and the key of a SKU that it has or gets; null: it has none. */
interface SkuQuestion {
  product_id: string;
  key: string | null;
  /** It is new to ReUp, or the catalogue has not stated it. */
  isNew: boolean;
}

/** What else must be known before events are planned together. */
export interface Questions {
  skus: readonly SkuQuestion[];
  /** The events name products that are new to ReUp, or that the catalogue has not stated. */
  areNew: boolean;
}

export interface Answers {
  /** Products with a SKU (`soleKey`) that no other product has, and about which there never was a review. */
  sole: ReadonlySet<string>;
  /** ReUp has products without a link that a new one may be. */
  hasFree: boolean;
}

export const soleKey = ({ product_id, key }: Pick<SkuQuestion, "product_id" | "key">): string =>
  `${product_id}\n${key ?? ""}`;

/**
 * What these events ask of other products: of a product that is new or seems to be renamed, whether another one has its SKU. If
 * none has, nothing is to be decided about it. A question that is missed here only lets its event be applied alone.
 */
export function questionsOf(events: readonly PlannedEvent[], stored: ReadonlyMap<string, ProductRow>): Questions {
  const skus = new Map<string, SkuQuestion>();
  let areNew = false;
  const ask = (question: SkuQuestion) => skus.set(soleKey(question), question);
  for (const { rows } of events) {
    if (rows.resource === "products") {
      for (const { dutchie_product_id: id, content } of rows.rows) {
        const known = stored.get(id);
        if (known === undefined || known.unsettled !== null) {
          areNew = true;
          for (const sku of new Set([content.sku ?? null, known?.sku ?? null]))
            ask({ product_id: productId(id), key: skuKey(sku), isNew: true });
        } else if (isUndecided(known)) {
          const was = dutchieSide(known);
          if (IDENTITY.some((field) => content[field] !== undefined && content[field] !== was[field]))
            ask({ product_id: known.product_id, key: skuKey(known.sku), isNew: false });
        }
      }
      continue;
    }
    const hints =
      rows.resource === "inventory"
        ? rows.rows.flatMap(({ hint }) => hint ?? [])
        : rows.rows.flatMap((row) => row.hints);
    areNew ||= hints.some(({ dutchie_product_id: id }) => id !== null && stored.get(id)?.unsettled !== null);
  }
  return { skus: [...skus.values()], areNew };
}
