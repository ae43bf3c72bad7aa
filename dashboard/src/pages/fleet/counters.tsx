import { count } from "../../format.ts";
import { texts } from "../../texts.ts";
import { classes } from "../../ui/classes.ts";
import { COUNTED, type Counted } from "./fleet-view.ts";

const COLORS: Record<Counted, string> = {
  failing: "text-bad",
  stale: "text-warn",
  needs_decision: "text-warn",
  never_synced: "text-info",
  healthy: "text-good",
};

export interface CountersProps {
  counts: Record<Counted, number>;
  chosen: Counted | null;
  onChoose: (chosen: Counted | null) => void;
}

/** How many stores fare how; each counter shows only its stores, and a second press shows all again. */
export function Counters({ counts, chosen, onChoose }: CountersProps) {
  return (
    <fieldset className="mb-4 grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5">
      <legend className="sr-only">{texts.fleet.filter}</legend>
      {COUNTED.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={chosen === each}
          onClick={() => onChoose(chosen === each ? null : each)}
          className={classes(
            "flex min-h-11 items-baseline justify-between gap-2 rounded-lg border bg-surface px-3 py-2 text-left",
            chosen === each ? "border-brand ring-1 ring-brand" : "border-line hover:bg-raised",
          )}
        >
          <span className="text-sm">{texts.health[each]}</span>{" "}
          <span className={classes("text-xl font-semibold tabular-nums", counts[each] > 0 ? COLORS[each] : "text-dim")}>
            {count(counts[each])}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
