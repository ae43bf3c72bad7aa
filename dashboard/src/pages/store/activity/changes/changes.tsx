import { parseAsStringLiteral, useQueryStates } from "nuqs";
import type { Change } from "../../../../../../src/client/index.ts";
import { CHANGED_KINDS, useChanges } from "../../../../data/changes.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import type { Column } from "../../../../ui/data-table.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { FilterSelect } from "../../../../ui/filter-select.tsx";
import { Segments } from "../../../../ui/segments.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useCursorPages } from "../../../../use-cursor-pages.ts";
import { useStore } from "../../store-context.ts";
import { CursorTable } from "../cursor-table.tsx";
import { BeforeAfter, Subject, Why } from "./change-cells.tsx";

const t = texts.activity.changes;
const WHENS = ["today", "all"] as const;

const COLUMNS: readonly Column<Change>[] = [
  { id: "when", label: t.when, isSecondary: true, cell: ({ at }) => <Time at={at} /> },
  {
    id: "product",
    label: t.product,
    cell: (change) => (
      <>
        <Subject change={change} />
        <p className="text-sm text-dim md:hidden">
          <Time at={change.at} isRelative /> · <Why change={change} />
        </p>
      </>
    ),
  },
  { id: "change", label: t.change, cell: (change) => <BeforeAfter change={change} /> },
  { id: "why", label: t.why, isSecondary: true, cell: (change) => <Why change={change} /> },
];

/** What changed today: product, before → after, why. */
export function Changes() {
  const { location_id, time_zone } = useStore().location;
  const pages = useCursorPages();
  const [{ kind, when }, ask] = useQueryStates(
    { kind: parseAsStringLiteral(CHANGED_KINDS), when: parseAsStringLiteral(WHENS).withDefault("today") },
    { history: "push" },
  );
  const isToday = when === "today";
  const list = useChanges(location_id, { kind, isToday, time_zone, cursor: pages.cursor });
  const change = (next: Parameters<typeof ask>[0]) => {
    void ask(next);
    pages.first();
  };
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-2">
        <Segments
          label={t.when}
          options={WHENS.map((value) => ({ value, label: t.whens[value] }))}
          value={when}
          onChange={(next) => change({ when: next })}
        />
        <FilterSelect
          label={t.kind}
          any={t.kinds.any}
          choices={CHANGED_KINDS}
          labelOf={(each) => t.kinds[each]}
          value={kind}
          onChange={(next) => change({ kind: next })}
        />
      </div>
      <CursorTable
        list={list}
        pages={pages}
        what={t.theChanges}
        notLoaded={t.notLoaded}
        caption={t.list}
        columns={COLUMNS}
        keyOf={({ change_id }) => change_id}
        empty={
          <Empty
            title={isToday ? t.noneToday : t.none}
            action={isToday && <Button onClick={() => change({ when: "all" })}>{t.showAll}</Button>}
          >
            {t.noneAbout}
          </Empty>
        }
      />
    </>
  );
}
