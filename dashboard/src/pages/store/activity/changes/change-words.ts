import type { Change } from "../../../../../../src/client/index.ts";
import { plain } from "../../../../format.ts";
import { nameOfField, shownValue } from "../../../../product-fields.ts";
import { texts } from "../../../../texts.ts";

/** What people look for, in this order. All other fields stand in the technical details. */
const TOLD = [
  "quantity",
  "reserved_quantity",
  "room_name",
  "unit_price",
  "unit_cost",
  "product_name",
  "brand",
  "category",
  "subcategory",
  "dutchie_category",
  "strain_type",
  "status",
  "thc_percentage",
  "cbd_percentage",
  "sku",
  "upc",
  "total",
  "is_void",
  "is_return",
] as const;

interface ToldField {
  field: string;
  name: string;
  before: string;
  after: string;
}

export interface ToldChange {
  /** What came into being, if something did: then its fields have no value before. */
  isNew: boolean;
  /** The product became one with another, or is by itself again. */
  joined: "joined" | "apart" | null;
  fields: ToldField[];
}

/** A change in words: what was before and is after. */
export function toldOf({ fields }: Pick<Change, "fields">): ToldChange {
  const all = Object.values(fields);
  const isNew = all.length > 2 && all.every(({ before }) => before === null || before === undefined);
  const told = TOLD.flatMap((field) => {
    const change = fields[field];
    if (change === undefined) return [];
    const [before, after] = [shown(field, change.before), shown(field, change.after)];
    return [{ field, name: nameOfField(field), before, after }];
  });
  const merged = fields.merged_into;
  const joined = merged === undefined ? null : merged.after === null ? "apart" : "joined";
  return { isNew, joined, fields: told };
}

function shown(field: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return texts.activity.changes.none_;
  if (typeof value === "boolean") return value ? texts.activity.changes.yes : texts.activity.changes.no;
  return typeof value === "string" || typeof value === "number" ? shownValue(field, value) : plain(value);
}
