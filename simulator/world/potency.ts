import { round4 } from "../random.ts";
import type { Label } from "./records.ts";

/** What ReUp should store for a label. */
export interface ExpectedPotency {
  percentage: number | null;
  mg: number | null;
}

const GRAMS_PER_UNIT: Record<string, number> = { g: 1, mg: 0.001, kg: 1000, oz: 28.349523125, lb: 453.59237 };

/** Grams in one unit; null when the unit is no weight (ml, each). */
export function unitGrams(netWeight: number | null, unit: string | null): number | null {
  const factor = GRAMS_PER_UNIT[unit?.trim().toLowerCase() ?? ""];
  if (netWeight === null || netWeight <= 0 || factor === undefined) return null;
  return netWeight * factor;
}

/** The guide's rules for one label, written a second time: the oracle shares no code with the product. */
export function expectedPotency(label: Label, grams: number | null): ExpectedPotency {
  const { value, unit } = label;
  if (value === null) return { percentage: null, mg: null };
  switch (unit) {
    case "mg":
      return fromMilligrams(value, grams);
    case "mg/g":
      return { percentage: round4(value / 10), mg: grams === null ? null : round4(value * grams) };
    case "n.d.":
      return { percentage: value === 0 ? 0 : null, mg: null };
    default:
      // Over 100 it cannot be percent: somebody typed the milligrams of an edible into the percent field.
      return value > 100 ? fromMilligrams(value, grams) : { percentage: round4(value), mg: null };
  }
}

function fromMilligrams(mg: number, grams: number | null): ExpectedPotency {
  const percentage = grams === null ? null : mg / (grams * 10);
  return { percentage: percentage === null || percentage > 100 ? null : round4(percentage), mg: round4(mg) };
}
