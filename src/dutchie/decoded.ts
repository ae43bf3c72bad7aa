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

/** The names a last-modified stamp goes by: the POS API's two spellings, the guide's, and their like. */
export const MODIFIED = [
  "lastmodifieddateutc",
  "lastmodifieddate",
  "lastmodifiedutc",
  "lastmodifiedat",
  "lastmodified",
  "updatedat",
  "modifiedat",
] as const;
