import { type ProductContent, PUSH_FIELDS, type PushField, type Settings } from "../records/model.ts";
import { dutchieSide, type FieldValue } from "../records/overrides.ts";
import type { ProductRow } from "../records/records.ts";
import { round4 } from "../values/number.ts";
import { authorityOf, type PushFields } from "./push.ts";

/** What a person may change of a product; an absent key leaves the field as it is. */
export interface ProductEdit extends Partial<Omit<ProductContent, "dutchie_product_id" | "status">> {
  status?: "active" | "inactive";
  notes?: string | null;
  /** Always refused. */
  quantity?: number;
}

export interface Refusal {
  field: string;
  reason: string;
}

export type EditPlan =
  | { kind: "refused"; refusals: Refusal[] }
  /** `own`: fields to write in ReUp alone. `push`: fields to write in ReUp and to send to Dutchie. */
  | { kind: "planned"; own: Partial<ProductRow>; push: PushFields };

/** Numbers as they are stored and compared: four decimals. */
const rounded = (value: unknown) => (typeof value === "number" ? round4(value) : value);

/**
 * Who may change which field. ReUp owns all fields of its own products. Of Dutchie's products, ReUp may change the notes
 * and, in a bidirectional store, the fields that Dutchie's API can set.
 */
export function planEdit(
  row: ProductRow,
  edit: ProductEdit,
  settings: Pick<Settings, "direction" | "field_authority">,
): EditPlan {
  const asked = Object.entries(edit).flatMap(([field, value]) => {
    const clean = rounded(value);
    return clean === undefined || clean === row[field as keyof ProductRow] ? [] : [[field, clean] as const];
  });
  if (edit.quantity !== undefined) {
    const reason = "Quantities are counted in Dutchie, and its API cannot set them: correct it there.";
    return { kind: "refused", refusals: [{ field: "quantity", reason }] };
  }
  if (row.dutchie_product_id === null) return { kind: "planned", own: Object.fromEntries(asked), push: {} };
  const dutchie = dutchieSide(row);
  const refusals = asked.flatMap(([field, value]) => {
    const reason = reasonAgainst(row, field, value, settings);
    return reason === null ? [] : [{ field, reason }];
  });
  if (refusals.length > 0) return { kind: "refused", refusals };
  const own = Object.fromEntries(asked.filter(([field]) => field === "notes"));
  const push: PushFields = {};
  for (const [field, value] of asked) {
    if (isPushField(field)) push[field] = { value: value as FieldValue, base: dutchie[field] };
  }
  return { kind: "planned", own, push };
}

const isPushField = (field: string): field is PushField => (PUSH_FIELDS as readonly string[]).includes(field);

/** Why this field cannot be changed to any value; null: it may be possible. */
export function lockOf(
  row: Pick<ProductRow, "dutchie_product_id" | "status" | "merged_into">,
  field: string,
  { direction, field_authority }: Pick<Settings, "direction" | "field_authority">,
): string | null {
  if (row.dutchie_product_id === null || field === "notes") return null;
  if (!isPushField(field)) return "Dutchie owns this field, and its API cannot set it: change it in Dutchie.";
  if (direction === "dutchie_to_reup") {
    return "Dutchie owns this field in a store that syncs one way: change it in Dutchie, or switch the store to Bidirectional.";
  }
  if (authorityOf(field_authority, field) === "dutchie") {
    return "The store's settings leave this field to Dutchie: change it there.";
  }
  if (row.status === "deleted" || row.status === "provisional") {
    return `The product is ${row.status} in Dutchie's catalogue: nothing can be written to it.`;
  }
  if (row.merged_into !== null) return `The product is merged into ${row.merged_into}: edit that one.`;
  return null;
}

function reasonAgainst(
  row: ProductRow,
  field: string,
  value: unknown,
  settings: Pick<Settings, "direction" | "field_authority">,
): string | null {
  const lock = lockOf(row, field, settings);
  if (lock !== null || !isPushField(field)) return lock;
  // Without a location's price, Dutchie's master price applies, and ReUp does not know it.
  if (value === null && (field === "unit_price" || field === "unit_cost")) {
    return "An amount cannot be removed here: enter another one, or remove it in Dutchie.";
  }
  const otherPrice = row.stated?.rec_price || row.stated?.med_price;
  if (field === "unit_price" && value === 0 && otherPrice) {
    return `Dutchie would take a price of 0 for "see the other price", which is ${otherPrice}: change both there.`;
  }
  const inForce = row.overrides?.[field];
  if (inForce !== undefined && !inForce.push && !inForce.fill) {
    return "Its value was chosen when duplicates were merged: undo the merge, or decide the review again.";
  }
  const label = field === "thc_percentage" ? "thc_mg" : field === "cbd_percentage" ? "cbd_mg" : null;
  if (label !== null && dutchieSide(row)[label] !== null) {
    return "Dutchie's label is in milligrams: a percentage would replace it. Change it in Dutchie.";
  }
  return null;
}
