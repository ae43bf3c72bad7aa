import { round4 } from "../values/number.ts";
import type { Potency } from "./model.ts";

export interface PotencyContent {
  percentage: number | null;
  mg: number | null;
}

/** Inhaled goods that are sold by weight: their label in "mg" is often a percentage (seen live: "74.05 mg"). */
const CONCENTRATE = /\b(vapes?|cart(ridge)?s?|concentrates?|extracts?|dabs?|rosin|resin|wax|shatter)\b/i;
const FLOWER = /\b(flowers?|buds?|pre[- ]?rolls?|joints?|shake)\b/i;
/** Goods labelled in milligrams, whatever else their category says ("Live Rosin Edibles", "Joint Relief Balm"). */
const DOSED =
  /\b(edibles?|gumm(y|ies)|chocolates?|drinks?|beverages?|tinctures?|topicals?|balms?|lotions?|capsules?|relief)\b/i;

/**
 * A potency as ReUp stores it: milligrams if the label says milligrams; a percentage if the label is one, or if it can be
 * computed from the unit's weight: mg / (grams × 10).
 *
 * Dutchie's units are often wrong. A "%" above 100 can only be milligrams (seen: 966 mg edibles in a "%" column). A "mg" on
 * an inhaled good is a percentage if it would be impossibly weak in milligrams (below 5 % for flower, 20 % for
 * concentrates) and ordinary as a percentage. A small "%" (0.472) stays as it is: it may be true.
 */
export function mapPotency(
  potency: Potency | null,
  unit_grams: number | null,
  category: string | null,
): PotencyContent {
  if (potency === null) return { percentage: null, mg: null };
  const { value, unit } = potency;
  if (value < 0) return { percentage: null, mg: null };
  switch (unit) {
    case "not_detected":
      return { percentage: value === 0 ? 0 : null, mg: null };
    case "mg_per_g":
      return {
        percentage: percentOrNull(value / 10),
        mg: unit_grams === null || unit_grams <= 0 ? null : round4(value * unit_grams),
      };
    case "percent":
    case "none":
      return value <= 100 ? { percentage: round4(value), mg: null } : fromMilligrams(value, unit_grams);
    case "mg":
      return isMislabelledPercent(value, unit_grams, category)
        ? { percentage: round4(value), mg: null }
        : fromMilligrams(value, unit_grams);
  }
}

function fromMilligrams(mg: number, unit_grams: number | null): PotencyContent {
  const percentage = unit_grams === null || unit_grams <= 0 ? null : percentOrNull(mg / (unit_grams * 10));
  return { percentage, mg: round4(mg) };
}

function isMislabelledPercent(value: number, unit_grams: number | null, category: string | null): boolean {
  if (unit_grams === null || unit_grams <= 0 || category === null || DOSED.test(category)) return false;
  const percentIfMilligrams = value / (unit_grams * 10);
  if (CONCENTRATE.test(category)) return percentIfMilligrams < 20 && value >= 40 && value <= 99;
  if (FLOWER.test(category)) return percentIfMilligrams < 5 && value >= 8 && value <= 40;
  return false;
}

function percentOrNull(value: number): number | null {
  return value >= 0 && value <= 100 ? round4(value) : null;
}
