import { count } from "../../format.ts";
import { texts } from "../../texts.ts";
import { classes } from "../../ui/classes.ts";
import { COUNTED, type Filter } from "./fleet-view.ts";

const COLORS: Record<Filter, string> = {
  failing: "text-bad",
  stale: "text-warn",
  needs_decision: "text-warn",
  never_synced: "text-info",
  healthy: "text-good",
  disconnected: "text-dim",
};

export interface CountersProps {
  counts: Record<Filter, number>;
  chosen: Filter | null;
  onChoose: (chosen: Filter | null) => void;
}

/**
 * How many stores fare how; each counter shows only its stores, and a second press shows all again. Disconnected stores are counted
 * only if there are any.
 */
export function Counters({ counts, chosen, onChoose }: CountersProps) {
  const shown: readonly Filter[] =
    counts.disconnected > 0 || chosen === "disconnected" ? [...COUNTED, "disconnected"] : COUNTED;
  return (
    <fieldset
      className={classes(
        "mb-4 grid grid-cols-2 gap-2 sm:grid-cols-3",
        shown === COUNTED ? "lg:grid-cols-5" : "lg:grid-cols-6",
      )}
    >
      <legend className="sr-only">{texts.fleet.filter}</legend>
      {shown.map((each) => (
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
