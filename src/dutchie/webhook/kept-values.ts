import { MAX_NUMBER, MAX_TEXT } from "../../domain/bounds.ts";
import { flag, hasComma, id, isGarbled, isObject, money, number, reference, stock, text } from "../decode/fields.ts";
import { parseStamp } from "../decode/stamp.ts";
import { gramsIn, potency, potencyUnit } from "../decode/units.ts";

/** What stays of one value of a webhook's row: what the decoder reads of it, under the same shape. */

/** Stands for a value that is there and cannot be read. Nothing that it replaces is shorter. */
const UNREADABLE: readonly never[] = [];

export interface Kind {
  isReadable: (value: unknown) => boolean;
  /** Of a value that is not null. */
  keep: (value: unknown) => unknown;
  /** Whether the decoder uses the first value, readable or not. Otherwise it uses the first readable one. */
  usesFirst?: true;
}

const isSomething = (value: unknown): boolean => value !== null && value !== undefined;

export function scalar(parse: (value: unknown) => unknown, length: number): Kind {
  const isReadable = (value: unknown) => isSomething(parse(value));
  const keep = (value: unknown) => {
    if (typeof value === "string" && (isReadable(value) || value.trim() === "")) return cut(value, length);
    return isReadable(value) && !isObject(value) ? value : UNREADABLE;
  };
  return { isReadable, keep };
}

const cut = (value: string, length: number): string => value.slice(0, length).toWellFormed();

export const ID = scalar(id, MAX_TEXT);
const FIGURE = scalar(number, MAX_NUMBER);
/** A text without a figure, such as "$", says that there is none. */
export const NUMBER: Kind = { ...FIGURE, keep: (value) => (number(value) === null ? "" : FIGURE.keep(value)) };
/** Stands for an amount that cannot be read: the decoder tells it. */
const GARBLED = {};
const AMOUNT: Kind = {
  ...NUMBER,
  keep: (value) => (number(value) === undefined && isGarbled(value) ? GARBLED : NUMBER.keep(value)),
};
/** A number that is read up to a bound. A larger one is kept as well: the decoder says that it is too large. */
const readWith = (kind: Kind, parse: (value: unknown) => unknown): Kind => ({
  ...kind,
  isReadable: (value) => isSomething(parse(value)),
});
export const MONEY = readWith(AMOUNT, money);
export const QUANTITY = readWith(NUMBER, stock);
export const ALLOCATED = readWith(AMOUNT, stock);
export const FLAG = scalar(flag, MAX_NUMBER);
export const STAMP = scalar(parseStamp, MAX_NUMBER);
const WORDS = scalar(text, MAX_TEXT);
const nameIn = (value: Record<string, unknown>): unknown => value.name ?? value.Name;
export const TEXT: Kind = {
  ...WORDS,
  keep: (value) => {
    const inner = isObject(value) ? nameIn(value) : undefined;
    return typeof inner === "string" ? { name: cut(inner, MAX_TEXT) } : WORDS.keep(value);
  },
};
export const REFERENCE: Kind = {
  isReadable: (value) => isSomething(reference(value)),
  keep: (value) => (isObject(value) ? within("id", value.id, ID) : ID.keep(value)),
};
/** A product in the place of its id: `{id, name}`, or one of the two. */
export const PRODUCT_OBJECT: Kind = {
  isReadable: isSomething,
  keep: (value) => {
    if (isObject(value)) return { ...within("id", value.id, ID), ...within("name", nameIn(value) ?? undefined, WORDS) };
    return typeof value === "string" ? cut(value, MAX_TEXT) : WORDS.keep(value);
  },
  usesFirst: true,
};
export const POTENCY_UNIT: Kind = { ...scalar((value) => potencyUnit(value ?? null), MAX_NUMBER), usesFirst: true };
export const WEIGHT_UNIT: Kind = { ...scalar(gramsIn, MAX_NUMBER), usesFirst: true };
export const WEIGHT: Kind = { isReadable: isSomething, keep: keptWeight, usesFirst: true };
/** Only whether it is there is read. */
export const MARK: Kind = { isReadable: isSomething, keep: () => 0, usesFirst: true };
export const POTENCY: Kind = { isReadable: isSomething, keep: keptPotency, usesFirst: true };

/** A part of an object, when it is there. */
const within = (key: string, value: unknown, { keep }: Kind): Record<string, unknown> =>
  value === undefined ? {} : { [key]: value === null ? null : keep(value) };

/** Stands for a weight with a decimal comma: the decoder tells it. */
const COMMA_WEIGHT = "0,0";

/** "3.5 g". Of a unit that is none only stays that there is one. */
function keptWeight(value: unknown): unknown {
  const short = typeof value === "string" && value.length <= MAX_NUMBER ? value : "";
  const [, amount = value, unit] = /^\s*([\d.,]+)\s*([a-z]+)\s*$/i.exec(short) ?? [];
  if (number(amount) === undefined) return hasComma(value) ? COMMA_WEIGHT : UNREADABLE;
  if (unit === undefined) return NUMBER.keep(value);
  return gramsIn(unit) === undefined ? "0x" : value;
}

/** Stands for a label that cannot be read. Nothing that it replaces is shorter. */
const NO_LABEL = "q";

/** `units.ts` reads texts, lists and `{range, value, formatted, unit}`. What it cannot read says the same as `{}`. */
function keptPotency(value: unknown): unknown {
  if (Array.isArray(value)) return keptRange(value);
  if (!isObject(value)) return typeof value === "string" ? keptLabel(value, GARBLED) : AMOUNT.keep(value);
  const { range, value: single, formatted, unit } = value;
  const isStated = typeof formatted === "string" && formatted.trim() !== "";
  return {
    ...(Array.isArray(range) ? { range: keptRange(range) } : {}),
    ...(single === undefined ? {} : { value: keptRange([single])[0] }),
    ...("formatted" in value ? { formatted: isStated ? keptLabel(formatted, NO_LABEL) : 0 } : {}),
    ...(isSomething(unit) ? { unit: POTENCY_UNIT.keep(unit) } : {}),
  };
}

const keptLabel = (label: string, unreadable: unknown): unknown => {
  const isReadable = [undefined, "nd"].some((unit) => potency(label, unit) !== undefined);
  return isReadable ? cut(label, MAX_NUMBER) : unreadable;
};

/** Values that a range has at most, as the decoder reads it. */
const RANGE = 16;
const keptRange = (range: readonly unknown[]): unknown[] =>
  range.slice(0, RANGE).map((each) => {
    const kept = each === null ? null : NUMBER.keep(each);
    // An unreadable text or number counts, too: it decides whether the range is read at all.
    return kept === UNREADABLE && (typeof each === "string" || typeof each === "number") ? "" : kept;
  });
