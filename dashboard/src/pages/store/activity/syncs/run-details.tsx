import type { Run } from "../../../../../../src/client/index.ts";
import { useRun } from "../../../../data/runs.ts";
import { count, duration, forPeople, text } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Dialog } from "../../../../ui/dialog.tsx";
import { Facts } from "../../../../ui/facts.tsx";
import { Fold } from "../../../../ui/fold.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useStore } from "../../store-context.ts";

const t = texts.activity.syncs;
type Phase = Run["phases"][number];
type Failure = Run["failures"][number];

const nameOf = (resource: string) => texts.activity.data[resource] ?? resource;

const PHASES: readonly Column<Phase>[] = [
  {
    id: "data",
    label: t.step,
    cell: ({ resource, state }) => (
      <>
        <p>{nameOf(resource)}</p>
        <StateBadge state={state} />
      </>
    ),
  },
  { id: "read", label: t.read, isNumber: true, cell: ({ processed }) => count(processed) },
  { id: "created", label: t.created, isNumber: true, isSecondary: true, cell: ({ created }) => count(created) },
  { id: "updated", label: t.updated, isNumber: true, cell: ({ updated }) => count(updated) },
  { id: "gone", label: t.gone, isNumber: true, isSecondary: true, cell: ({ deleted }) => count(deleted) },
  { id: "failed", label: t.failed, isNumber: true, isSecondary: true, cell: ({ failed }) => count(failed) },
];

const FAILURES: readonly Column<Failure>[] = [
  { id: "data", label: t.step, cell: ({ resource }) => nameOf(resource) },
  { id: "reason", label: t.reason, cell: ({ reason }) => reason },
  { id: "id", label: t.dutchieId, isSecondary: true, cell: ({ dutchie_id }) => text(dutchie_id) },
];

/** One sync beside the page; the address leads to it. */
export function RunDetails({ run_id, onClose }: { run_id: string; onClose: () => void }) {
  const { location, status } = useStore();
  const { current_run } = status;
  const read = useRun(location.location_id, run_id);
  const live = current_run?.run_id === run_id ? current_run : undefined;
  const run = live ?? read.data;
  const list = live === undefined ? read : { data: live, error: undefined, mutate: read.mutate };
  return (
    <Dialog isOpen isPanel onClose={onClose} title={run === undefined ? t.theSync : texts.activity.modes[run.mode]}>
      <ListState list={list} what={t.theSync} notLoaded={t.oneNotLoaded}>
        {(found) => <Details run={found} />}
      </ListState>
    </Dialog>
  );
}

function Details({ run }: { run: Run }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <StateBadge state={run.state} />
        <span>
          {texts.activity.triggers[run.trigger]} · <Time at={run.started_at} />
          {run.duration_ms !== null && t.took(duration(run.duration_ms))}
        </span>
      </p>
      {run.error !== null && (
        <Notice tone={run.state === "failed" ? "bad" : "warn"} title={forPeople(run.error.message)}>
          {run.error.hint}
        </Notice>
      )}
      <h3 className="font-semibold">{t.steps}</h3>
      <DataTable caption={t.steps} columns={PHASES} rows={run.phases} keyOf={({ resource }) => resource} />
      {run.failures.length > 0 && <Failures run={run} />}
      <Fold summary={t.technical}>
        <Facts
          facts={[
            ["run_id", run.run_id],
            ["mode", run.mode],
            ["error", run.error === null ? "–" : `${run.error.code}: ${run.error.message}`],
          ]}
        />
      </Fold>
    </>
  );
}

function Failures({ run }: { run: Run }) {
  const rows = run.failures.map((failure, index) => ({ ...failure, key: String(index) }));
  return (
    <>
      <h3 className="font-semibold">{t.unreadable}</h3>
      {run.failed > rows.length && <p className="text-sm">{t.firstOf(count(rows.length), count(run.failed))}</p>}
      <DataTable caption={t.unreadable} columns={FAILURES} rows={rows} keyOf={({ key }) => key} />
    </>
  );
}
