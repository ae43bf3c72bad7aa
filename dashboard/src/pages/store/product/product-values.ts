import { AMOUNTS, PERCENTAGES, type ProductField } from "../../../product-fields.ts";

export type Values = Partial<Record<ProductField, string | number | null>>;
export type Typed = Partial<Record<ProductField, string>>;

/** The values as fields of a form hold them. */
export function typedOf(fields: readonly ProductField[], values: Values): Typed {
  return Object.fromEntries(fields.map((field) => [field, String(values[field] ?? "")]));
}

/** The fields that somebody changed, with their new values; null: emptied. */
export function changedOf(fields: readonly ProductField[], values: Values, typed: Typed): Values {
  const before = typedOf(fields, values);
  return Object.fromEntries(
    fields
      .filter((field) => (typed[field] ?? "") !== before[field])
      .map((field) => [field, readValue(field, typed[field] ?? "")]),
  );
}

function readValue(field: ProductField, typed: string): string | number | null {
  if (typed.trim() === "") return null;
  return AMOUNTS.has(field) || PERCENTAGES.has(field) ? Number(typed) : typed;
}
