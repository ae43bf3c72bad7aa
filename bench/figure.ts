import type { Bench } from "./bench.ts";

export interface Target {
  /** Which of the two numbers it is about. */
  of: "value" | "ratio";
  at: "least" | "most";
  number: number;
}

/** One line of the table. */
export interface Measure {
  figure: string;
  value: number;
  unit: string;
  /** The limit, measured in the same run. `ratio`: the value beside it; left out: there is none. */
  beside?: { name: string; value: number; ratio: number };
  target?: Target;
  /** What stands in results.json and not in the table. */
  more?: Record<string, unknown>;
}

export interface Figure {
  /** For `--only`. */
  id: string;
  about: string;
  /** Runs only when it is named. */
  isExtra?: true;
  /** Throws when it cannot measure, or when the records are not what Dutchie has. */
  measure(bench: Bench): Promise<Measure[]>;
}

export const isMet = ({ value, beside, target }: Measure): boolean | null => {
  if (target === undefined) return null;
  const number = target.of === "value" ? value : (beside?.ratio ?? Number.NaN);
  return target.at === "least" ? number >= target.number : number <= target.number;
};
