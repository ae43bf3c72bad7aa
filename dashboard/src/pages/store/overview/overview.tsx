import { lazy } from "react";
import { texts } from "../../../texts.ts";
import { HealthBadge } from "../../../ui/health-badge.tsx";
import { PageTitle } from "../../../ui/page-title.tsx";
import { Part } from "../../../ui/part.tsx";
import { RunProgress } from "../run-progress.tsx";
import { useStore } from "../store-context.ts";
import { Diagnostics } from "./diagnostics.tsx";
import { Figures } from "./figures.tsx";
import { Held } from "./held.tsx";
import { StoreProblem } from "./store-problem.tsx";
import { Strip } from "./strip/strip.tsx";

// The library of charts is the largest part of the page, so all else shows before it has loaded.
const Charts = lazy(() => import("./charts/charts.tsx"));

/** How the store fares, for a look of ten seconds. */
export default function Overview() {
  const { status } = useStore();
  const { current_run: run } = status;
  // A check for changes takes seconds: its progress would only flicker.
  const isLong = run !== null && run.mode !== "incremental";
  const isRead = status.last_success_at !== null;
  return (
    <>
      <PageTitle title={texts.overview.title}>
        <HealthBadge {...status} />
      </PageTitle>
      <div className="flex flex-col gap-4">
        <StoreProblem />
        <Held />
        {isLong && <RunProgress run={run} />}
        <Figures />
        <Strip />
        {isRead && (
          <Part of={[]} what={texts.overview.theCharts}>
            <Charts />
          </Part>
        )}
        <Diagnostics />
      </div>
    </>
  );
}
