import { MAX_NUMBER } from "../../domain/bounds.ts";
import type { Label, LabelUnit, Potency } from "../../domain/records/model.ts";
import { decodeEntities } from "../../domain/values/entities.ts";
import { isNone } from "../../domain/values/identifiers.ts";
import { number, strength } from "./fields.ts";

const POTENCY_UNITS: Record<string, Potency["unit"]> = {
  "%": "percent",
  pct: "percent",
  percent: "percent",
  percentage: "percent",
  mg: "mg",
  milligram: "mg",
  milligrams: "mg",
  "mg/g": "mg_per_g",
  mgg: "mg_per_g",
  mgpergram: "mg_per_g",
  mgperg: "mg_per_g",
  milligramspergram: "mg_per_g",
  nd: "not_detected",
  "n/d": "not_detected",
  undetected: "not_detected",
  notdetected: "not_detected",
  notdetectable: "not_detected",
  nondetect: "not_detected",
  nonedetected: "not_detected",
  loq: "not_detected",
  lod: "not_detected",
  bloq: "not_detected",
  blod: "not_detected",
  blq: "not_detected",
  bql: "not_detected",
  bdl: "not_detected",
  belowloq: "not_detected",
  belowlod: "not_detected",
  none: "none",
  "": "none",
};

/** Milligrams of the whole that is sold. */
const MG_OF_ALL = /^mg(total|each|(\/|per)(each|ea|unit|package|pkg|pack|container|item))$/;
/** By weight, as each percentage is. */
const PERCENT_BY_WEIGHT = /^(%(w\/?w|wt|byweight)|wt%)$/;
/** What ReUp has no field for: of a volume, or of a part of what is sold, such as milligrams per serving. */
const OF_A_PART = /^(mg|mcg|ug|µg|μg|g)(\/|per)?[a-z]+$/;

/**
 * `elsewhere`: a potency that ReUp has no field for. null: an unknown unit, so its number has no meaning for us.
 */
export function potencyUnit(unit: unknown): LabelUnit | "elsewhere" | null {
  if (unit === undefined) return "untold";
  if (unit === null) return "none";
  if (typeof unit !== "string" || unit.length > MAX_NUMBER) return null;
  const plain = unit.toLowerCase().replace(/[\s._<-]/g, "");
  if (Object.hasOwn(POTENCY_UNITS, plain)) return POTENCY_UNITS[plain] ?? null;
  if (MG_OF_ALL.test(plain)) return "mg";
  if (PERCENT_BY_WEIGHT.test(plain)) return "percent";
  if (OF_A_PART.test(plain)) return "elsewhere";
  return isNone(unit) ? "none" : null;
}

/**
 * A potency from a number and a unit, from a text (`"24.5%"`, `"100 mg"`, `"18 - 22 %"`, `"n.d."`), or from the
 * e-commerce shape `{formatted, range, unit}`. A range counts with its highest value: that number is on the label. So does a
 * limit: "≤0.3%" is 0.3 %. null: there is none, or none that ReUp has a field for, such as "5 mg/ml". undefined: no statement,
 * or an unreadable one.
 */
export function potency(value: unknown, unit: unknown): Label | null | undefined {
  // A unit without a number says nothing. "n.d." without a number says nothing either: perhaps nobody measured.
  if (value === undefined || value === null) return value;
  if (typeof value === "object") return Array.isArray(value) ? highest(value, unit) : fromObject(value, unit);
  if (typeof value === "string") return fromText(value, unit);
  return highest([value], unit);
}

function highest(values: unknown[], unit: unknown): Label | null | undefined {
  const numbers = values.slice(0, 16).map(strength);
  const found = numbers.filter((each): each is number => typeof each === "number" && each >= 0);
  const known = potencyUnit(unit);
  if (known === null) return undefined;
  if (found.length === 0) return known === "not_detected" ? { value: 0, unit: known } : undefined;
  return known === "elsewhere" ? null : { value: Math.max(...found), unit: known };
}

/** What stands before a number and does not change which number is on the label. */
const BEFORE =
  /^(?:total )?(?:(?:thc|cbd)\b ?:?)?[ <>~=≤≥≦≧≈]*(?:(?:less than|more than|up to|at most|at least|under|over|about|approx\.?|ca\.?) )?/i;
/** A number or a range, then a unit. */
const LABEL =
  /^((?:\d[\d,]*(?:\.[\d,]*)?|\.\d+)(?: ?(?:%|mg)? ?(?:-|–|to) ?(?:\d[\d,]*(?:\.[\d,]*)?|\.\d+))?)?([a-z%/. ]*)$/i;
/** Nobody has measured. */
const NOT_TESTED = /^(n\/?[tr]|not (tested|reported|measured)|untested)$/i;

function fromText(value: string, unit: unknown): Label | null | undefined {
  const clean = value.slice(0, MAX_NUMBER).trim().replace(/\s+/g, " ");
  if (clean === "") return potency(null, unit);
  // A unit in the text wins over the unit's own field.
  const match = LABEL.exec(clean) ?? LABEL.exec(inOneSpelling(clean).replace(BEFORE, ""));
  if (!match) return isNone(clean) ? null : undefined;
  const [, amounts = "", written = ""] = match;
  const said = written
    .trim()
    .replace(/\b(thc|cbd)$/i, "")
    .trimEnd();
  const numbers = amounts.match(/\d[\d.,]*|\.\d+/g) ?? [];
  if (numbers.length > 0) return highest(numbers, said === "" ? unit : said);
  const known = potencyUnit(said);
  if (known === "not_detected") return highest([], said);
  return known !== null || NOT_TESTED.test(said) ? null : undefined;
}

/** "&le;" and "％" as "≤" and "%". */
const inOneSpelling = (label: string): string => decodeEntities(label).normalize("NFKC").trim();

function fromObject(value: object, unit: unknown): Label | null | undefined {
  const { range, formatted, value: single, unit: own } = value as Record<string, unknown>;
  const ownUnit = own ?? unit;
  const list = Array.isArray(range) ? range : single === undefined ? [] : [single];
  if (list.some((each) => typeof each === "number" || typeof each === "string")) return highest(list, ownUnit);
  if (typeof formatted === "string" && formatted.trim() !== "") return fromText(formatted, ownUnit);
  return Array.isArray(range) || "formatted" in value ? potency(null, ownUnit) : undefined;
}

const GRAMS: Record<string, number> = {
  g: 1,
  gram: 1,
  grams: 1,
  gr: 1,
  mg: 0.001,
  milligram: 0.001,
  milligrams: 0.001,
  kg: 1000,
  kilogram: 1000,
  kilograms: 1000,
  oz: 28.349523125,
  ounce: 28.349523125,
  ounces: 28.349523125,
  lb: 453.59237,
  lbs: 453.59237,
  pound: 453.59237,
  pounds: 453.59237,
};

/**
 * A weight in grams; null when it is not a weight (millilitres, "each") or not positive; undefined without a weight, without its
 * unit, or when it cannot be read.
 */
export function grams(value: unknown, unit: unknown): number | null | undefined {
  if (value === undefined) return undefined;
  const isText = typeof value === "string" && value.length <= MAX_NUMBER;
  const match = isText ? /^\s*([\d.,]+)\s*([a-z]+)\s*$/i.exec(value) : null;
  if (value !== null && unit === undefined && match === null) return undefined;
  const amount = number(match?.[1] ?? value);
  // "1/8" is a weight that cannot be read: without it a potency of 74.05 would change from percent to milligrams.
  if (amount === undefined) return undefined;
  const factor = gramsIn(match?.[2] ?? unit);
  if (typeof amount !== "number" || amount <= 0 || factor === undefined) return null;
  // Rounded to 12 digits, so that 3.5 oz and 99.2233309375 g do not differ in the last bit of a double.
  return Number((amount * factor).toPrecision(12));
}

/** Grams in one unit of weight; undefined: not a unit of weight. */
export function gramsIn(unit: unknown): number | undefined {
  const plain =
    typeof unit === "string"
      ? unit
          .slice(0, MAX_NUMBER)
          .trim()
          .toLowerCase()
          .replace(/\.$|\(s\)$/, "")
      : "";
  return Object.hasOwn(GRAMS, plain) ? GRAMS[plain] : undefined;
}
