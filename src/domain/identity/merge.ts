import {
  type ChosenFields,
  dutchieSide,
  type FieldValue,
  OVERRIDABLE,
  type Overridable,
  override,
} from "../records/overrides.ts";
import type { ProductRow } from "../records/records.ts";

/** A field as a person asks for it: a value, or another candidate's value. */
export type AskedFields = Partial<Record<Overridable, FieldValue | { from: string }>>;

export interface MergeIssue {
  path: string;
  message: string;
}

/**
 * The fields of a merged record that are not the survivor's own: what a person asked for and, for fields that Dutchie does
 * not state of the survivor, the value of the first candidate that has one. The preview shows the same.
 */
export function chooseFields(
  candidates: readonly ProductRow[],
  into: string,
  asked: AskedFields,
): { fields: ChosenFields } | { issue: MergeIssue } {
  const rows = candidates.map(dutchieSide);
  const survivor = rows.find((row) => row.product_id === into);
  const fields: ChosenFields = {};
  for (const field of OVERRIDABLE) {
    const wish = asked[field];
    if (wish === undefined) {
      const giver = survivor?.[field] === null ? rows.find((row) => row[field] !== null) : undefined;
      if (giver !== undefined) fields[field] = { value: giver[field], from: giver.product_id, fill: true };
      continue;
    }
    const from = typeof wish === "object" ? (wish?.from ?? null) : null;
    const giver = rows.find((row) => row.product_id === from);
    if (from !== null && giver === undefined) {
      return { issue: { path: `fields.${field}.from`, message: "is not one of the candidates" } };
    }
    // A person asked for the survivor's own value: nothing is overridden, and Dutchie may still change it.
    if (from === into) continue;
    const value = giver === undefined ? (wish as FieldValue) : giver[field];
    const issue = problemOf(field, value);
    if (issue !== null) return { issue: { path: `fields.${field}`, message: issue } };
    fields[field] = { value, from, fill: false };
  }
  return { fields };
}

const TEXTS = new Set<Overridable>(["upc", "product_name", "brand", "category", "subcategory"]);

function problemOf(field: Overridable, value: FieldValue): string | null {
  if (field === "product_name" && (value === null || value === "")) return "must not be empty";
  if (value === null) return null;
  if (TEXTS.has(field)) return typeof value === "string" ? null : "must be a text or null";
  return typeof value === "number" && value >= 0 ? null : "must be a number from 0, or null";
}

const SHOWN = ["sku", ...OVERRIDABLE, "status"] as const;

/** The merged record: each field's value, and the product that it is from; null: a person typed it. */
export type MergedFields = Record<(typeof SHOWN)[number], { value: FieldValue; from: string | null }>;

export function mergedFields(survivor: ProductRow, fields: ChosenFields): MergedFields {
  const merged = override(dutchieSide(survivor), fields);
  const entries = SHOWN.map((field) => {
    const chosen = field === "sku" || field === "status" ? undefined : fields[field];
    const inForce = chosen !== undefined && (!chosen.fill || dutchieSide(survivor)[field] === null);
    return [field, { value: merged[field], from: inForce ? chosen.from : survivor.product_id }] as const;
  });
  return Object.fromEntries(entries) as MergedFields;
}
