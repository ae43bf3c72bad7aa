import type { Random } from "../random.ts";
import type { Line } from "./names.ts";
import type { Label } from "./records.ts";

const NONE: Label = { value: null, unit: null };

/**
 * Labels as in real life: mostly correct, sometimes with the unit of another column, a missing unit or lab shorthand. The
 * numbers (mg/g in multiples of 8 that 5 does not divide; no 2.5 mg) keep every expected value off a half in its fifth
 * decimal, where two correct ways of rounding would differ.
 */
export function thcLabel(random: Random, kind: Line["kind"]): Label {
  switch (kind) {
    case "accessory":
      return NONE;
    case "flower":
      return random.weighted<() => Label>([
        [() => ({ value: random.decimal(12, 34, 2), unit: "%" }), 80],
        [() => ({ value: 8 * (5 * random.int(3, 8) + random.int(1, 4)), unit: "mg/g" }), 6],
        [() => ({ value: random.decimal(12, 34, 1), unit: null }), 6],
        [() => ({ value: random.decimal(12, 34, 4) + 0.00003, unit: "%" }), 3],
        // A fraction typed as a percentage stays as it is.
        [() => ({ value: 0.472, unit: "%" }), 2],
        [() => ({ value: null, unit: "%" }), 3],
      ])();
    case "inhaled":
      return random.weighted<() => Label>([
        [() => ({ value: random.decimal(62, 95, 2), unit: "%" }), 70],
        [() => ({ value: random.int(60, 95) * 10, unit: "mg" }), 12],
        [() => ({ value: random.int(610, 940), unit: "mg/g" }), 8],
        [() => ({ value: random.int(620, 990), unit: "%" }), 5],
        [() => ({ value: random.int(62, 95), unit: null }), 5],
      ])();
    case "edible":
      return random.weighted<() => Label>([
        [() => ({ value: random.pick([5, 10, 10, 50, 100, 100, 200]), unit: "mg" }), 78],
        // Milligrams in the percent column: the most common mistake.
        [() => ({ value: random.pick([966, 110, 250, 500]), unit: "%" }), 10],
        [() => ({ value: random.pick([150, 250, 1000]), unit: null }), 4],
        [() => ({ value: random.decimal(0.1, 2, 2), unit: "%" }), 4],
        [() => ({ value: 0, unit: "n.d." }), 4],
      ])();
    case "tincture":
    case "topical":
      return random.weighted<() => Label>([
        [() => ({ value: random.pick([100, 300, 500, 1000]), unit: "mg" }), 80],
        [() => ({ value: 8 * random.int(1, 4), unit: "mg/g" }), 10],
        [() => ({ value: null, unit: "n.d." }), 10],
      ])();
  }
}

export function cbdLabel(random: Random, kind: Line["kind"], strainType: string | null): Label {
  if (kind === "accessory") return NONE;
  if (kind === "flower" || kind === "inhaled") {
    const [from, to] = strainType === "CBD" ? [6, 18] : [0.02, 1.2];
    return random.weighted<() => Label>([
      [() => ({ value: random.decimal(from, to, 2), unit: "%" }), 60],
      [() => ({ value: 0, unit: "n.d." }), 12],
      [() => ({ value: random.decimal(0.01, 0.09, 2), unit: "n.d." }), 6],
      [() => ({ value: random.decimal(from, to, 2), unit: null }), 4],
      [() => NONE, 18],
    ])();
  }
  return random.weighted<() => Label>([
    [() => ({ value: random.pick([5, 10, 20, 50, 100, 300]), unit: "mg" }), 40],
    [() => ({ value: 0, unit: "mg" }), 15],
    [() => ({ value: 0, unit: "n.d." }), 10],
    [() => ({ value: random.pick([150, 300]), unit: "%" }), 5],
    [() => NONE, 30],
  ])();
}
