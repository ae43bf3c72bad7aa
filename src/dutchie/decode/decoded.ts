import { cut } from "../../domain/values/shorten.ts";
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

/** So much of a mark is enough to find a row by. */
const MARK = 80;

type Mark = string | null | undefined;

/** What a row without an id can be found by in Dutchie. A name alone may be a customer's, in a list that is none of ours. */
export function marks(name: Mark, ...others: readonly Mark[]): string {
  const stated = [name, ...others].flatMap((mark) => (mark ? [cut(mark, MARK)] : []));
  return others.some(Boolean) ? ` (${stated.join(", ")})` : "";
}

const AMOUNTS: Readonly<Record<string, string>> = {
  rec_price: "recreational price",
  med_price: "medical price",
  unit_cost: "cost",
  allocated: "allocation",
  thc: "THC",
  cbd: "CBD",
  net_weight: "weight",
};
/** How many amounts a reason names. */
export const NAMED_AMOUNTS = 5;

/** The amounts of a row that could not be read, in words. `line`: of which line of a sale. */
export const garbledIn = (fields: Pick<Fields<string>, "garbled">, line?: number): string[] =>
  (fields.garbled ?? []).map((field) => {
    const word = Object.hasOwn(AMOUNTS, field) ? (AMOUNTS[field] ?? field) : field;
    return line === undefined ? word : `${word} of line ${line}`;
  });

/** What a row keeps to itself, as a part of the row: nothing, if all amounts could be read. */
export function unreadable(amounts: readonly string[]): { unreadable?: string } {
  const [first] = amounts;
  if (first === undefined) return {};
  if (amounts.length === 1) return { unreadable: `the ${first} cannot be read and stays as it is` };
  const named = amounts.slice(0, NAMED_AMOUNTS).join(", ");
  const more = amounts.length > NAMED_AMOUNTS ? ", …" : "";
  return { unreadable: `these cannot be read, so they stay as they are: ${named}${more}` };
}

/** When the row was last modified, by its own account; ms. */
export const stamped = <F extends string>(fields: Fields<F | "modified">): number | null =>
  fields.read("modified", parseStamp) ?? null;
