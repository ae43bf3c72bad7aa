import type { Fields } from "./fields.ts";
import { parseStamp } from "./stamp.ts";

/**
 * What came of one row. `unknown`: how many of its keys this decoder has never heard of (a sign that Dutchie changed).
 * `dutchie_id` of a failed row is null when it did not even tell that.
 */
export type Decoded<T> =
  | { ok: true; row: T; unknown: number }
  | { ok: false; dutchie_id: string | null; reason: string };

export function failed(
  dutchie_id: string | null,
  reason: string,
): { ok: false; dutchie_id: string | null; reason: string } {
  return { ok: false, dutchie_id, reason };
}

/** When the row was last modified, as it says itself, ms. */
export const stamped = <F extends string>(fields: Fields<F | "modified">): number | null =>
  fields.read("modified", parseStamp) ?? null;

/** Says which keys were there instead: whoever set the server up knows which of them it is. */
export const missingId = <F extends string>(what: string, fields: Fields<F>): string =>
  `${what} has no id${seen(fields)}`;

export const seen = <F extends string>(fields: Fields<F>): string => {
  const keys = fields.keys();
  return keys === "" ? "" : ` (its fields: ${keys})`;
};
