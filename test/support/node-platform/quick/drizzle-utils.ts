// @ts-expect-error: Drizzle exports it, and does not declare it.
import { mapResultRow as portable } from "../../../../node_modules/drizzle-orm/utils.js";

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

interface Selected {
  path: readonly string[];
  /** A column, a piece of SQL, or a piece of SQL under a name. */
  field: Partial<Decoder> & { decoder?: Decoder; sql?: { decoder: Decoder } };
}

type Plan = readonly { name: string; decoder: Decoder }[];

/** How to read a row of these columns; null: only Drizzle knows. */
const plans = new WeakMap<readonly Selected[], Plan | null>();

function planOf(columns: readonly Selected[]): Plan | null {
  const plan: { name: string; decoder: Decoder }[] = [];
  for (const { path, field } of columns) {
    const [name] = path;
    const decoder = field.mapFromDriverValue === undefined ? (field.decoder ?? field.sql?.decoder) : (field as Decoder);
    if (name === undefined || path.length > 1 || decoder === undefined) return null;
    plan.push({ name, decoder });
  }
  return plan;
}

/**
 * Replaces Drizzle's own for D1, which finds out for each value of each row how it is read. It is the same for all rows of
 * a query, unless columns of several tables are nested: these rows are left to Drizzle.
 */
export function mapResultRow(columns: readonly Selected[], row: readonly unknown[], joins: unknown): unknown {
  let plan = plans.get(columns);
  if (plan === undefined) {
    plan = planOf(columns);
    plans.set(columns, plan);
  }
  if (plan === null) return portable(columns, row, joins);
  const result: Record<string, unknown> = {};
  let index = 0;
  for (const { name, decoder } of plan) {
    const value = row[index++];
    result[name] = value === null ? null : decoder.mapFromDriverValue(value);
  }
  return result;
}
