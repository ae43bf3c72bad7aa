import { parseAsString, useQueryState } from "nuqs";
import { toast } from "sonner";
import { useCancelRun, useStartRun } from "../../../../data/runs.ts";
import { useMay } from "../../../../session.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { ConfirmButton } from "../../../../ui/confirm-button.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { RunProgress } from "../../run-progress.tsx";
import { useStore } from "../../store-context.ts";
import { AccuracyReport } from "./accuracy-report.tsx";
import { RunDetails } from "./run-details.tsx";
import { RunHistory } from "./run-history.tsx";

const t = texts.activity.syncs;

/** The sync under way, how well ReUp equals Dutchie, and the syncs so far. */
export function Syncs() {
  const { location, status } = useStore();
  const { location_id } = location;
  const [shown, show] = useQueryState("sync", parseAsString.withOptions({ history: "push" }));
  const start = useStartRun(location_id, () => toast.success(t.started));
  const cancel = useCancelRun(location_id);
  const may = useMay("manager");
  const run = status.current_run;
  const isFirst = status.last_success_at === null;
  // A sync that waits does not keep another from starting.
  const isBusy = (run !== null && run.state !== "waiting") || start.isBusy;
  return (
    <div className="flex flex-col gap-4">
      {start.error !== undefined && <Problem what={t.notStarted} error={start.error} />}
      {cancel.error !== undefined && <Problem what={t.notCancelled} error={cancel.error} />}
      {run !== null && (
        <RunProgress
          run={run}
          action={
            may && (
              <ConfirmButton
                title={t.cancelQuestion}
                action={t.cancel}
                size="sm"
                busy={cancel.isBusy}
                onConfirm={() => void cancel.run(run.run_id)}
              >
                {t.cancelAbout}
              </ConfirmButton>
            )
          }
        />
      )}
      {run === null && (
        <Notice tone="info" title={t.nothingRuns}>
          {isFirst ? t.aboutFirst : t.aboutNext}
        </Notice>
      )}
      {may && (
        <div className="flex flex-wrap gap-2">
          {isFirst ? (
            <Button kind="primary" disabled={isBusy} onClick={() => void start.run({ mode: "initial" })}>
              {t.first}
            </Button>
          ) : (
            <Button kind="primary" disabled={isBusy} onClick={() => void start.run({ mode: "full" })}>
              {t.full}
            </Button>
          )}
          <Button disabled={isBusy || isFirst} onClick={() => void start.run({ mode: "verify" })}>
            {t.compare}
          </Button>
        </div>
      )}
      <AccuracyReport isBusy={isBusy} />
      <RunHistory />
      {shown !== null && <RunDetails run_id={shown} onClose={() => void show(null)} />}
    </div>
  );
}
