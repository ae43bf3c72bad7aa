import type { Fields } from "./fields.ts";
import { parseStamp } from "./stamp.ts";

/**
 * The result of decoding one row. `unknown`: how many of its keys this decoder does not know (a sign that Dutchie changed).
 * `dutchie_id` of a failed row is null when the row has none.
 */
export type Decoded<T> = { ok: true; row: T; unknown: number } | FailedRow;

/**
 * `keys`: the row's keys, when a needed one is missing. They are shown only to the person who connects the store, and never
 * stored: a key can be a customer's name.
 */
export interface FailedRow {
  ok: false;
  dutchie_id: string | null;
  reason: string;
  keys?: string;
}

export function failed(dutchie_id: string | null, reason: string, fields?: Pick<Fields<never>, "keys">): FailedRow {
  const keys = fields?.keys() ?? "";
  return { ok: false, dutchie_id, reason, ...(keys === "" ? {} : { keys }) };
}

/** When the row was last modified, by its own account; ms. */
export const stamped = <F extends string>(fields: Fields<F | "modified">): number | null =>
  fields.read("modified", parseStamp) ?? null;
