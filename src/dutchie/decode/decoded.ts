import type { Fields } from "./fields.ts";
import { parseStamp } from "./stamp.ts";

/**
 * What came of one row. `unknown`: how many of its keys this decoder has never heard of (a sign that Dutchie changed).
 * `dutchie_id` of a failed row is null when it did not even tell that.
 */
export type Decoded<T> = { ok: true; row: T; unknown: number } | FailedRow;

/**
 * `keys`: those of a row in which one was looked for in vain. Whoever sets the server up knows which of them it is; nobody
 * else is told, and nothing stored, for a key can be a customer's name.
 */
export interface FailedRow {
  ok: false;
  dutchie_id: string | null;
  reason: string;
  keys?: string;
}

export function failed(dutchie_id: string | null, reason: string, fields?: Fields<never>): FailedRow {
  const keys = fields?.keys() ?? "";
  return { ok: false, dutchie_id, reason, ...(keys === "" ? {} : { keys }) };
}

/** When the row was last modified, as it says itself, ms. */
export const stamped = <F extends string>(fields: Fields<F | "modified">): number | null =>
  fields.read("modified", parseStamp) ?? null;
