import type { Status } from "../../../../../src/client/index.ts";
import { forPeople } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { type Column, DataTable } from "../../../ui/data-table.tsx";
import { Time } from "../../../ui/time.tsx";

const t = texts.overview;
const KEYS = ["products", "inventory", "sales"] as const;

interface Line {
  key: (typeof KEYS)[number];
  type: Status["data_types"]["products"];
}

const COLUMNS: readonly Column<Line>[] = [
  { id: "data", label: t.data, cell: ({ key }) => texts.activity.data[key] },
  {
    id: "last",
    label: t.lastRead,
    cell: ({ type }) => (type === null ? "–" : <Time at={type.last_success_at} isRelative />),
  },
  {
    id: "next",
    label: t.nextRead,
    isSecondary: true,
    cell: ({ type }) => (type === null ? "–" : <Time at={type.next_sync_at} none={t.notPlanned} />),
  },
  { id: "state", label: t.state, cell: ({ type }) => <State type={type} /> },
];

/** The state of each kind of data. One that fails does not stop the others. */
export function DataTypes({ types }: { types: Status["data_types"] }) {
  const rows = KEYS.map((key) => ({ key, type: types[key] }));
  return <DataTable caption={t.data} columns={COLUMNS} rows={rows} keyOf={({ key }) => key} />;
}

function State({ type }: { type: Line["type"] }) {
  if (type === null) return <>{t.off}</>;
  if (type.error === null) return <>{t.fine}</>;
  return (
    <span className="text-sm text-bad">
      {forPeople(type.error.message)}. {type.error.hint}
    </span>
  );
}
