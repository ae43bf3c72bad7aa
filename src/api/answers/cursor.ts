import type { z } from "zod";
import { MAX_PAGE_BYTES } from "../../domain/bounds.ts";
import { contentHash } from "../../domain/records/version.ts";
import { fromBase64, toBase64Url } from "../../security/base64.ts";
import { invalid } from "../errors.ts";

/** Where a list continues: the key of the last row of the page, opaque to the caller. `list`: its address. */
export function encodeCursor(key: readonly (string | number)[], list: string): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify([markOf(list), ...key])));
}

/**
 * null: no cursor, so the list starts at its beginning. 400 for a cursor that this API did not make, or made for another list or
 * store: their keys look alike, and rows would be left out without a word.
 */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: string | undefined, list: string): T | null {
  if (cursor === undefined) return null;
  const given = jsonOf(fromBase64(cursor));
  const [mark, ...key] = Array.isArray(given) ? given : [];
  const parsed = schema.safeParse(key);
  if (mark === markOf(list) && parsed.success) return parsed.data;
  throw invalid([
    { path: "cursor", message: "is not a cursor of this list: leave it out to begin, then use next_cursor" },
  ]);
}

const markOf = (list: string): string => contentHash([list]).slice(0, MARK_CHARACTERS);
const MARK_CHARACTERS = 6;

function jsonOf(bytes: Uint8Array | null): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes ?? undefined));
  } catch {
    return undefined;
  }
}

/**
 * `rows` has one row more than the page: it shows that there is a next page, and is left out. A page of large rows ends
 * earlier.
 */
export function toPage<T>(
  rows: readonly T[],
  { limit, list }: { limit: number; list: string },
  keyOf: (row: T) => readonly (string | number)[],
) {
  const data = rows.slice(0, Math.min(limit, fitting(rows)));
  const last = data.at(-1);
  return {
    data,
    next_cursor: rows.length > data.length && last !== undefined ? encodeCursor(keyOf(last), list) : null,
  };
}

/** How many rows fit into a page; at least one. */
export function fitting(rows: readonly unknown[]): number {
  let bytes = 0;
  const beyond = rows.findIndex((row, index) => {
    bytes += JSON.stringify(row).length;
    return bytes > MAX_PAGE_BYTES && index > 0;
  });
  return beyond === -1 ? rows.length : beyond;
}
