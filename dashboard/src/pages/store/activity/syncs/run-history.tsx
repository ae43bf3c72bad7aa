import type { Run } from "../../../../../../src/client/index.ts";
import { useRuns } from "../../../../data/runs.ts";
import { count, duration } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import type { Column } from "../../../../ui/data-table.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { Link } from "../../../../ui/link.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useCursorPages } from "../../../../use-cursor-pages.ts";
import { useWayWith } from "../../../../use-way-with.ts";
import { useStore } from "../../store-context.ts";
import { withLive } from "../../with-live.ts";
import { CursorTable } from "../cursor-table.tsx";

const t = texts.activity.syncs;

const columnsOf = (wayTo: (run: Run) => string): Column<Run>[] => [
  { id: "started", label: t.startedAt, cell: (run) => <Started run={run} href={wayTo(run)} /> },
  { id: "kind", label: t.kind, isSecondary: true, cell: ({ mode }) => texts.activity.modes[mode] },
  { id: "by", label: t.by, isSecondary: true, cell: ({ trigger }) => texts.activity.triggers[trigger] },
  { id: "outcome", label: t.outcome, cell: ({ state }) => <StateBadge state={state} /> },
  number("duration", t.duration, ({ duration_ms }) => duration(duration_ms)),
  number("read", t.read, ({ records_processed }) => count(records_processed)),
  number("created", t.created, ({ created }) => count(created)),
  number("updated", t.updated, ({ updated }) => count(updated)),
  number("failed", t.failed, ({ failed }) => count(failed)),
];

function number(id: string, label: string, cell: (run: Run) => string): Column<Run> {
  return { id, label, cell, isNumber: true, isSecondary: true };
}

function Started({ run, href }: { run: Run; href: string }) {
  return (
    <Link href={href}>
      <Time at={run.started_at} />
    </Link>
  );
}

export function RunHistory() {
  const { location, status } = useStore();
  const pages = useCursorPages();
  const wayWith = useWayWith();
  const columns = columnsOf(({ run_id }) => wayWith("sync", run_id));
  const list = useRuns(location.location_id, pages.cursor);
  const data = list.data && pages.page === 1 ? { ...list.data, data: withLive(list.data.data, status) } : list.data;
  return (
    <Section title={t.history}>
      <CursorTable
        list={{ ...list, data }}
        pages={pages}
        what={t.theHistory}
        notLoaded={t.notLoaded}
        caption={t.list}
        columns={columns}
        keyOf={({ run_id }) => run_id}
        empty={<Empty title={t.none}>{t.aboutFirst}</Empty>}
      />
    </Section>
  );
}
