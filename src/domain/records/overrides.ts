import type { FieldChanges } from "./change.ts";
import { type ProductContent, PUSH_FIELDS, type PushField, productFieldsBut } from "./model.ts";

/** What a person may choose for a merged product; ids, SKU and status are Dutchie's to say. */
export const OVERRIDABLE = productFieldsBut("dutchie_product_id", "sku", "status");
export type Overridable = (typeof OVERRIDABLE)[number];

export type FieldValue = string | number | null;

/** A field as a decision says it. `fill`: only where Dutchie says nothing. */
interface Chosen {
  value: FieldValue;
  /** The product that it was taken from; null: a person typed it. */
  from: string | null;
  fill: boolean;
}
export type ChosenFields = Partial<Record<Overridable, Chosen>>;

/** A value in force. `push`: an edit on its way to Dutchie; it ends once Dutchie says the same. */
export interface InForce {
  value: FieldValue;
  fill: boolean;
  push?: true;
}

/**
 * The columns of a product hold what counts, since ReUp reads them straight from D1; what Dutchie says of the
 * overridden fields is kept beside them. Versions, hashes, comparisons and the question whether two products agree go by
 * Dutchie's side (`dutchieSide`), so an override neither looks like drift nor shuts out Dutchie's other updates, and
 * taking it back restores Dutchie's latest word and not that of the day of the merge.
 */
export type Overrides = Partial<Record<Overridable | "status", InForce & { dutchie: FieldValue }>>;

/** Nobody chooses the status: a merged product is active while any of its products is. */
const IN_COLUMNS = [...OVERRIDABLE, "status"] as const;

type InColumns = Pick<ProductContent, Overridable | "status">;
type Overridden = InColumns & { overrides: Overrides | null };

/** The row as Dutchie tells it. */
export function dutchieSide<R extends Overridden>(row: R): R {
  if (row.overrides === null) return row;
  const told = Object.entries(row.overrides).map(([field, { dutchie }]) => [field, dutchie]);
  return { ...row, ...Object.fromEntries(told), overrides: null };
}

/** Dutchie's side with the chosen fields in force. */
export function override<C extends InColumns>(
  dutchie: C,
  chosen: Partial<Record<Overridable | "status", InForce>> | null,
): C & { overrides: Overrides | null } {
  const overrides: Overrides = {};
  const effective: Partial<Record<Overridable | "status", FieldValue>> = {};
  for (const field of IN_COLUMNS) {
    const choice = chosen?.[field];
    if (choice === undefined) continue;
    const { value, fill, push } = choice;
    // What Dutchie says by now needs no pushing any more.
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

/** The fields whose edits are on their way, and what Dutchie still says of them. */
export function pendingFields(overrides: Overrides | null): { field: PushField; dutchie_value: FieldValue }[] {
  return PUSH_FIELDS.flatMap((field) => {
    const entry = overrides?.[field];
    return entry?.push ? [{ field, dutchie_value: entry.dutchie }] : [];
  });
}

/**
 * A change of Dutchie's that an override hides, or that an edit had shown before, changes nothing that anybody sees. It
 * is logged all the same, under a name that says so.
 */
export function namedByEffect(
  fields: FieldChanges,
  before: Partial<Overridden> | undefined,
  after: Overridden,
): FieldChanges {
  const isHidden = (field: string) =>
    before !== undefined && (IN_COLUMNS as readonly string[]).includes(field)
      ? before[field as Overridable | "status"] === after[field as Overridable | "status"]
      : false;
  return Object.fromEntries(
    Object.entries(fields).map(([field, change]) => [isHidden(field) ? `dutchie.${field}` : field, change]),
  );
}
