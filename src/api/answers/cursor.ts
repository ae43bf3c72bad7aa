import type { z } from "zod";
import { MAX_PAGE_BYTES } from "../../domain/bounds.ts";
import { fromBase64, toBase64Url } from "../../security/base64.ts";
import { invalid } from "../errors.ts";

/** Where a list goes on: the key of the last row told, opaque to the caller. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(key)));
}

/** `undefined` (no cursor) is the beginning: null. Anything that we did not make is the caller's mistake. */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: string | undefined): T | null {
  if (cursor === undefined) return null;
  const parsed = schema.safeParse(jsonOf(fromBase64(cursor)));
  if (parsed.success) return parsed.data;
  throw invalid([{ path: "cursor", message: "is not one that this list has given" }]);
}

function jsonOf(bytes: Uint8Array | null): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes ?? undefined));
  } catch {
    return undefined;
  }
}

/**
 * One row more than asked for was read: it tells whether there is a next page, and is left out. A page of large rows ends
 * earlier, rather than not at all.
 */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => readonly (string | number)[]) {
  const data = rows.slice(0, Math.min(limit, fitting(rows)));
  const last = data.at(-1);
  return { data, next_cursor: rows.length > data.length && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

/** How many rows a page has room for; one at least. */
function fitting(rows: readonly unknown[]): number {
  let bytes = 0;
  const beyond = rows.findIndex((row, index) => {
    bytes += JSON.stringify(row).length;
    return bytes > MAX_PAGE_BYTES && index > 0;
  });
  return beyond === -1 ? rows.length : beyond;
}
