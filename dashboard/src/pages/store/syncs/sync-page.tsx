import { Button, Text } from "@mantine/core";
import { ConfirmButton } from "../../../components/confirm-button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageTitle } from "../../../components/page-title.tsx";
import { Problem } from "../../../components/problem.tsx";
import { RunProgress } from "../../../components/run-progress.tsx";
import { useCancelRun, useStartRun } from "../../../data/runs.ts";
import { useMay } from "../../../session.ts";
import { useStore } from "../store-context.ts";
import { AccuracyReport } from "./accuracy-report.tsx";
import { RunHistory } from "./run-history.tsx";

export function SyncPage() {
  const { location, status } = useStore();
  const start = useStartRun(location.location_id);
  const cancel = useCancelRun(location.location_id);
  const may = useMay("manager");
  const run = status.current_run;
  const first = status.last_success_at === null;
  // A run that waits does not block another start.
  const busy = (run !== null && run.state !== "waiting") || start.isPending;
  return (
    <>
      <PageTitle title="Sync Status" where="Inventory > Sync Status">
        {may && (
          <>
            <Button
              variant={first ? "filled" : "default"}
              disabled={busy}
              onClick={() => start.mutate({ mode: "initial" })}
            >
              Run initial sync
            </Button>
            <Button
              variant={first ? "default" : "filled"}
              disabled={busy}
              onClick={() => start.mutate({ mode: "full" })}
            >
              Run full sync
            </Button>
            <Button variant="default" disabled={busy} onClick={() => start.mutate({ mode: "verify" })}>
              Verify
            </Button>
          </>
        )}
      </PageTitle>
      {start.isError && <Problem what="The sync could not be started" error={start.error} />}
      {cancel.isError && <Problem what="The sync could not be cancelled" error={cancel.error} />}
      {run !== null ? (
        <RunProgress
          run={run}
          action={
            may && (
              <ConfirmButton
                label="Cancel sync"
                question="Cancel this sync?"
                size="xs"
                loading={cancel.isPending}
                onConfirm={() => cancel.mutate(run.run_id)}
              >
                What the sync has changed so far stays. The next sync reads everything again.
              </ConfirmButton>
            )
          }
        />
      ) : (
        <Notice tone="info" title="No sync is running">
          <Text size="sm">
            {first
              ? "The initial sync reads all products, inventory and sales, and then verifies them."
              : "A full sync reads everything and corrects ReUp. Verify only compares and changes nothing."}
          </Text>
        </Notice>
      )}
      <AccuracyReport busy={busy} />
      <RunHistory />
    </>
  );
}
