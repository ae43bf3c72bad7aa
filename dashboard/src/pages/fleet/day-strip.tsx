import type { FleetStore } from "../../data/fleet.ts";
import { texts } from "../../texts.ts";
import { classes } from "../../ui/classes.ts";

const LOOKS = { good: "h-3 bg-good", failed: "h-full bg-bad", none: "h-1 bg-edge" };

/** The last 24 hours: a cell an hour, low where no sync ended. Screen readers hear the sums. */
export function DayStrip({ hours }: Pick<FleetStore, "hours">) {
  const of = (cell: (typeof hours)[number]) => hours.filter((each) => each === cell).length;
  const words = texts.fleet.day(of("good"), of("failed"), of(null));
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className="inline-flex h-5 items-end gap-px forced-color-adjust-none"
    >
      {hours.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: 24 cells that stay where they are.
        <span key={i} className={classes("w-1", LOOKS[cell ?? "none"])} />
      ))}
    </span>
  );
}
