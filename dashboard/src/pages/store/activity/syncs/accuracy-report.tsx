import { parseAsBoolean, useQueryState } from "nuqs";
import type { Run, Status } from "../../../../../../src/client/index.ts";
import { useLastVerification, useStartRun } from "../../../../data/runs.ts";
import { count, counted, money, percent, plain, words } from "../../../../format.ts";
import { useMay } from "../../../../session.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { Section } from "../../../../ui/card.tsx";
import { ConfirmButton } from "../../../../ui/confirm-button.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useStore } from "../../store-context.ts";

const t = texts.activity.accuracy;
type Verification = NonNullable<Run["verification"]>;
type Counts = Verification["resources"][number];

const nameOf = (resource: string) => texts.activity.data[resource] ?? resource;

const COUNTS: readonly Column<Counts>[] = [
  { id: "data", label: texts.activity.syncs.step, cell: ({ resource }) => nameOf(resource) },
  { id: "dutchie", label: t.inDutchie, isNumber: true, isSecondary: true, cell: (row) => count(row.dutchie_count) },
  { id: "reup", label: t.inReup, isNumber: true, isSecondary: true, cell: (row) => count(row.reup_count) },
  { id: "equal", label: t.equalCount, isNumber: true, isSecondary: true, cell: (row) => count(row.matching) },
  {
    id: "different",
    label: t.different,
    isNumber: true,
    cell: ({ mismatching, unreadable = 0 }) => count(mismatching - unreadable),
  },
  {
    id: "unreadable",
    label: t.unreadable,
    isNumber: true,
    isSecondary: true,
    cell: (row) => count(row.unreadable ?? 0),
  },
  { id: "missing", label: t.missing, isNumber: true, cell: (row) => count(row.missing) },
  { id: "extra", label: t.extra, isNumber: true, isSecondary: true, cell: (row) => count(row.extra) },
  { id: "now", label: t.justNow, isNumber: true, isSecondary: true, cell: (row) => count(row.in_flight ?? 0) },
];

type Example = Verification["examples"][number];

const EXAMPLES: readonly Column<Example & { key: string }>[] = [
  { id: "data", label: texts.activity.syncs.step, cell: ({ resource }) => nameOf(resource) },
  { id: "id", label: texts.activity.syncs.dutchieId, isSecondary: true, cell: ({ dutchie_id }) => dutchie_id },
  { id: "field", label: t.field, cell: ({ field }) => words(field) },
  { id: "dutchie", label: t.inDutchie, cell: ({ dutchie_value }) => plain(dutchie_value) },
  { id: "reup", label: t.inReup, cell: ({ reup_value }) => plain(reup_value) },
  { id: "cause", label: t.cause, isSecondary: true, cell: ({ likely_cause }) => words(likely_cause) },
];

/** How much of ReUp equals Dutchie. The figure is the status' own, however many syncs came since. */
export function AccuracyReport({ isBusy }: { isBusy: boolean }) {
  const { location, status } = useStore();
  const { accuracy, last_run } = status;
  const last = useLastVerification(location.location_id, accuracy?.checked_at ?? null);
  return (
    <Section title={t.title}>
      {accuracy === null ? (
        <p>
          {t.none}. {t.noneAbout}
        </p>
      ) : (
        <>
          <p className="mb-2">
            <b>{percent(accuracy.value)}</b> {t.equal} <Time at={accuracy.checked_at} isRelative />.
            {accuracy.healed > 0 && ` ${t.corrected(counted(accuracy.healed, "difference"))}`}
            {mayBeCorrected(accuracy, last_run) && ` ${t.syncedSince}`}
          </p>
          <ListState list={last} what={t.theReport} notLoaded={t.notLoaded}>
            {(run) =>
              run?.verification == null ? (
                <p className="text-sm text-dim">{t.older}</p>
              ) : (
                <Report verification={run.verification} isCorrectable={accuracy.correctable !== 0} isBusy={isBusy} />
              )
            }
          </ListState>
        </>
      )}
    </Section>
  );
}

/** Only a comparison renews the figure: what another sync corrected still counts in it. */
const mayBeCorrected = ({ value, correctable, checked_at }: NonNullable<Status["accuracy"]>, last: Run | null) =>
  value < 1 && correctable !== 0 && last?.state.startsWith("completed") === true && last.started_at > checked_at;

interface ReportProps {
  verification: Verification;
  /** A correction can help. */
  isCorrectable: boolean;
  isBusy: boolean;
}

function Report({ verification, isCorrectable, isBusy }: ReportProps) {
  const { location } = useStore();
  const [isOpen, setOpen] = useQueryState(
    "differences",
    parseAsBoolean.withDefault(false).withOptions({ history: "push" }),
  );
  const heal = useStartRun(location.location_id);
  const may = useMay("manager");
  const { examples, resources, value_at_stake } = verification;
  const unread = resources.reduce((sum, { unreadable = 0 }) => sum + unreadable, 0);
  // Rows without an id may be alike in all.
  const rows = examples.map((example, index) => ({ ...example, key: String(index) }));
  return (
    <>
      {value_at_stake !== 0 && <p>{t.worth(money(value_at_stake))}</p>}
      <DataTable caption={t.list} columns={COUNTS} rows={resources} keyOf={({ resource }) => resource} />
      {unread > 0 && (
        <Notice tone="warn" title={t.notRead(counted(unread, "row"))}>
          {t.notReadAbout}
        </Notice>
      )}
      {heal.error !== undefined && <Problem what={t.notCorrected} error={heal.error} />}
      {examples.length > 0 && (
        <div className="flex flex-wrap gap-2">
          <Button aria-expanded={isOpen} onClick={() => void setOpen(!isOpen)}>
            {isOpen ? t.hide : t.show(counted(examples.length, "difference"))}
          </Button>
          {may && isCorrectable && (
            <ConfirmButton
              title={t.correctQuestion}
              action={t.correct}
              disabled={isBusy}
              onConfirm={() => void heal.run({ mode: "verify", heal: true })}
            >
              {t.correctAbout}
            </ConfirmButton>
          )}
        </div>
      )}
      {isOpen && examples.length > 0 && (
        <DataTable caption={t.examples} columns={EXAMPLES} rows={rows} keyOf={({ key }) => key} />
      )}
    </>
  );
}
