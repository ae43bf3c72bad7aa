import type { FieldChanges } from "./change.ts";
import { type ProductContent, PUSH_FIELDS, type PushField, productFieldsBut } from "./model.ts";

/** The fields that a person may choose for a merged product. Dutchie decides ids, SKU and status. */
export const OVERRIDABLE = productFieldsBut("dutchie_product_id", "sku", "status");
export type Overridable = (typeof OVERRIDABLE)[number];

export type FieldValue = string | number | null;

/** A field's value by a decision. `fill`: used only while Dutchie states none. */
interface Chosen {
  value: FieldValue;
  /** The product that the value is from; null: a person typed it. */
  from: string | null;
  fill: boolean;
}
export type ChosenFields = Partial<Record<Overridable, Chosen>>;

/** A value that is shown instead of Dutchie's. `push`: an edit on its way to Dutchie; it ends when Dutchie states the same. */
export interface InForce {
  value: FieldValue;
  fill: boolean;
  push?: true;
}

/**
 * A product's columns contain the values in force, because ReUp reads them from D1. Dutchie's values of the overridden
 * fields are stored beside them. Versions, hashes and comparisons of products use Dutchie's side (`dutchieSide`). So an
 * override does not look like drift, does not block Dutchie's other updates, and when it is undone, Dutchie's latest
 * value returns.
 */
export type Overrides = Partial<Record<Overridable | "status", InForce & { dutchie: FieldValue }>>;

/** Nobody chooses the status: a merged product is active while any of its products is. */
const IN_COLUMNS = [...OVERRIDABLE, "status"] as const;

type InColumns = Pick<ProductContent, Overridable | "status">;
type Overridden = InColumns & { overrides: Overrides | null };

/** The row with Dutchie's values. */
export function dutchieSide<R extends Overridden>(row: R): R {
  if (row.overrides === null) return row;
  const values = Object.entries(row.overrides).map(([field, { dutchie }]) => [field, dutchie]);
  return { ...row, ...Object.fromEntries(values), overrides: null };
}

/** Dutchie's side with the chosen fields in force. */
export function override<C extends InColumns>(
  dutchie: C,
  chosen: Partial<Record<Overridable | "status", InForce>> | null,
): C & { overrides: Overrides | null } {
  if (chosen === null || Object.keys(chosen).length === 0) return { ...dutchie, overrides: null };
  const overrides: Overrides = {};
  const effective: Partial<Record<Overridable | "status", FieldValue>> = {};
  for (const field of IN_COLUMNS) {
    const choice = chosen?.[field];
    if (choice === undefined) continue;
    const { value, fill, push } = choice;
    // Dutchie states the value by now: the push is done.
    if (push && dutchie[field] === value) continue;
    overrides[field] = { value, fill, dutchie: dutchie[field], ...(push && { push }) };
    if (!fill || dutchie[field] === null) effective[field] = value;
  }
  return { ...dutchie, ...effective, overrides: Object.keys(overrides).length === 0 ? null : overrides };
}

/** The edits among a row's overrides. */
export function editsOf(overrides: Overrides | null): Partial<Record<Overridable | "status", InForce>> {
  return Object.fromEntries(Object.entries(overrides ?? {}).filter(([, entry]) => entry.push));
}

/** The fields whose edits are on their way to Dutchie, with Dutchie's present values. */
export function pendingFields(overrides: Overrides | null): { field: PushField; dutchie_value: FieldValue }[] {
  return PUSH_FIELDS.flatMap((field) => {
    const entry = overrides?.[field];
    return entry?.push ? [{ field, dutchie_value: entry.dutchie }] : [];
  });
}

/**
 * A change of Dutchie's is not visible if an override hides it or an edit showed it before. It is logged all the same, as
 * `dutchie.<field>`.
 */
export function namedByEffect(
  fields: FieldChanges,
  before: Partial<Overridden> | undefined,
  after: Overridden,
): FieldChanges {
  if (before === undefined) return fields;
  const isHidden = (field: string) =>
    (IN_COLUMNS as readonly string[]).includes(field) &&
    before[field as Overridable | "status"] === after[field as Overridable | "status"];
  return Object.fromEntries(
    Object.entries(fields).map(([field, change]) => [isHidden(field) ? `dutchie.${field}` : field, change]),
  );
}
