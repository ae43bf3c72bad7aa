import type { Run } from "../../../../../../src/client/index.ts";
import { duration } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Link } from "../../../../ui/link.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";

const t = texts.activity.syncs;

const COLUMNS: readonly Column<Run>[] = [
  {
    id: "started",
    label: t.startedAt,
    cell: ({ run_id, location_id, started_at }) => (
      <Link href={`${paths.activity(location_id, "syncs")}?sync=${run_id}`}>
        <Time at={started_at} />
      </Link>
    ),
  },
  { id: "kind", label: t.kind, isSecondary: true, cell: ({ mode }) => texts.activity.modes[mode] },
  { id: "outcome", label: t.outcome, cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: "duration",
    label: t.duration,
    isNumber: true,
    isSecondary: true,
    cell: ({ duration_ms }) => duration(duration_ms),
  },
];

/** The strip for whoever does not see it. */
export function StripTable({ runs }: { runs: readonly Run[] }) {
  return <DataTable caption={t.list} columns={COLUMNS} rows={runs} keyOf={({ run_id }) => run_id} />;
}
