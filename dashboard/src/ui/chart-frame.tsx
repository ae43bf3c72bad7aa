import { type ReactNode, useId } from "react";
import { texts } from "../texts.ts";
import { Fold } from "./fold.tsx";

export interface ChartFrameProps {
  title: string;
  /** What it counts, and the time zone. */
  about: string;
  /** The main point, in words. */
  summary: ReactNode;
  actions?: ReactNode;
  /** The same figures for whoever does not see the chart, with the same ways to what they are about. */
  table: ReactNode;
  children: ReactNode;
}

export function ChartFrame({ title, about, summary, actions, table, children }: ChartFrameProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <div className="mb-2 flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          <p className="text-sm text-dim">{about}</p>
          <p>{summary}</p>
        </div>
        {actions}
      </div>
      <div aria-hidden className="h-48">
        {children}
      </div>
      <Fold summary={texts.overview.asTable}>{table}</Fold>
    </section>
  );
}
