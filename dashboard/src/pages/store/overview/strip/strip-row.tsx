import { type KeyboardEvent, useState } from "react";
import type { Run } from "../../../../../../src/client/index.ts";
import { counted, dateTime, duration } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { classes } from "../../../../ui/classes.ts";
import { Link } from "../../../../ui/link.tsx";
import { useStore } from "../../store-context.ts";
import { hoursOf, type Span, stripOf } from "./strip-layout.ts";

const t = texts.overview;

const COLORS: Record<Run["state"], string> = {
  queued: "bg-info",
  running: "bg-info",
  waiting: "bg-info",
  completed: "bg-good",
  completed_with_errors: "bg-warn",
  failed: "bg-bad",
  cancelled: "bg-edge",
};

export interface StripRowProps {
  runs: readonly Run[];
  label: string;
  span: Span;
  /** The row is one of several days. */
  isDay: boolean;
  now: number;
}

/** One span of time with its syncs. The strip is one stop of the Tab key; arrow keys move in it. */
export function StripRow({ runs, label, span, isDay, now }: StripRowProps) {
  const { location } = useStore();
  const { time_zone, settings, created_at } = location;
  const { frequency } = settings;
  const { cells, gaps } = stripOf(runs, { span, frequency, since: Date.parse(created_at), now });
  const [current, setCurrent] = useState<string | null>(null);
  const stop = cells.find(({ run }) => run.run_id === current) ?? cells.at(-1);
  const said = (run: Run) =>
    [
      dateTime(run.started_at, time_zone),
      texts.activity.modes[run.mode],
      texts.activity.states[run.state],
      duration(run.duration_ms ?? now - Date.parse(run.started_at)),
    ].join(" · ");
  const time = (at: number) => dateTime(new Date(at).toISOString(), time_zone);
  return (
    <div>
      {isDay && <p className="text-sm font-medium">{label}</p>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls of a form. */}
      <div
        role="group"
        aria-label={t.stripOf(counted(cells.length, "sync"), label)}
        onKeyDown={moveFocus}
        className={classes(
          "relative overflow-hidden rounded border-b border-edge bg-raised forced-color-adjust-none",
          isDay ? "h-10" : "h-20",
        )}
      >
        {gaps.map((gap) => (
          <span
            key={gap.from}
            title={t.gap(time(gap.from), time(gap.to))}
            className="hatched absolute inset-y-0"
            style={{ left: `${gap.left * 100}%`, width: `${gap.width * 100}%` }}
          />
        ))}
        {cells.map(({ run, left, height }) => (
          <Link
            key={run.run_id}
            isPlain
            href={`${paths.activity(location.location_id, "syncs")}?sync=${run.run_id}`}
            aria-label={said(run)}
            title={said(run)}
            tabIndex={run.run_id === stop?.run.run_id ? 0 : -1}
            onFocus={() => setCurrent(run.run_id)}
            className="absolute bottom-0 flex h-full w-[max(3px,0.6%)] items-end hover:bg-line focus-visible:-outline-offset-2"
            style={{ left: `min(${left * 100}%, 100% - max(3px, 0.6%))` }}
          >
            <span
              className={classes("w-full rounded-t-xs", COLORS[run.state])}
              style={{ height: `${height * 100}%` }}
            />
          </Link>
        ))}
      </div>
      <div aria-hidden className="relative h-5 text-xs text-dim">
        {hoursOf(span, time_zone).map(({ label: hour, left, isMain }) => (
          <span
            key={left}
            className={classes(
              "absolute border-l border-edge pl-1 whitespace-nowrap",
              !isMain && "max-sm:hidden",
              left > 0.93 && "hidden",
            )}
            style={{ left: `${left * 100}%` }}
          >
            {hour}
          </span>
        ))}
      </div>
    </div>
  );
}

const STEPS: Partial<Record<string, (now: number, n: number) => number>> = {
  ArrowRight: (now) => now + 1,
  ArrowLeft: (now) => now - 1,
  Home: () => 0,
  End: (_, n) => n - 1,
};

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const now = links.findIndex((link) => link.matches(":focus"));
  const next = links[step(now, links.length)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
