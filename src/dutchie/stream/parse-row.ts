import { DutchieReadError, dutchieError } from "../http/errors.ts";

/** One element of the list. `text`: what could not be parsed, cut at 4 KB, to find the row's id in. `size`: characters of JSON it keeps in memory. */
export type SplitRow = { size: number } & ({ ok: true; value: unknown } | { ok: false; text: string; reason: string });

export const KEPT_OF_A_BAD_ROW = 4096;

/** Parses one row. If only this row is broken, it is a failed row; if its neighbours may be broken too, throws BAD_RESPONSE. */
export function parseRow(text: string, borders: { clear: boolean; too_large: boolean; too_deep: boolean }): SplitRow {
  if (!borders.clear) fail("The answer is not valid JSON: it is unclear where its rows begin and end");
  if (borders.too_large) return { ok: false, text, size: text.length, reason: "the row is too large" };
  if (borders.too_deep) return badRow(text, "the row is nested too deeply");
  try {
    return { ok: true, value: JSON.parse(text), size: text.length };
  } catch {
    return badRow(text, "the row is not valid JSON");
  }
}

function badRow(text: string, reason: string): SplitRow {
  // A copy: a slice would keep the whole chunk in memory.
  const head: string = JSON.parse(JSON.stringify(text.slice(0, KEPT_OF_A_BAD_ROW)));
  return { ok: false, text: head, size: head.length, reason };
}

export function fail(message: string): never {
  throw new DutchieReadError(dutchieError("BAD_RESPONSE", message));
}
