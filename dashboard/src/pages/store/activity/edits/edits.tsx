import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { Push } from "../../../../../../src/client/index.ts";
import { usePushes } from "../../../../data/pushes.ts";
import { text } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { nameOfField, shownValue } from "../../../../product-fields.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import type { Column } from "../../../../ui/data-table.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { FilterSelect } from "../../../../ui/filter-select.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Name } from "../../../../ui/name.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useCursorPages } from "../../../../use-cursor-pages.ts";
import { useStore } from "../../store-context.ts";
import { CursorTable } from "../cursor-table.tsx";
import { EditNext } from "./edit-next.tsx";

const t = texts.activity.edits;
const STATES = ["waiting", "sending", "parked", "conflict", "done", "cancelled"] as const;

/** ReUp's edits on their way to Dutchie, and those of the last 30 days with what became of them. */
export function Edits() {
  const { location_id } = useStore().location;
  const pages = useCursorPages();
  const [state, setState] = useQueryState("state", parseAsStringLiteral(STATES).withOptions({ history: "push" }));
  const list = usePushes(location_id, state, pages.cursor);
  const filter = (next: (typeof STATES)[number] | null) => {
    void setState(next);
    pages.first();
  };
  const columns: Column<Push>[] = [
    { id: "edited", label: t.edited, isSecondary: true, cell: ({ created_at }) => <Time at={created_at} isRelative /> },
    {
      id: "product",
      label: t.product,
      cell: ({ product_id, product_name }) => (
        <Name href={paths.product(location_id, product_id)}>{product_name ?? product_id}</Name>
      ),
    },
    {
      id: "change",
      label: t.change,
      cell: ({ fields }) =>
        fields.map(({ field, base, value }) => (
          <p key={field}>
            {nameOfField(field)}: {shownValue(field, base)} → <b>{shownValue(field, value)}</b>
          </p>
        )),
    },
    {
      id: "state",
      label: t.state,
      cell: (push) => (
        <>
          <StateBadge state={push.state} />
          <p className="mt-1 text-sm md:hidden">
            <EditNext push={push} />
          </p>
        </>
      ),
    },
    { id: "next", label: t.next, isSecondary: true, cell: (push) => <EditNext push={push} /> },
    { id: "by", label: t.by, isSecondary: true, cell: ({ edited_by }) => text(edited_by) },
  ];
  return (
    <>
      <div className="mb-3 w-fit">
        <FilterSelect
          label={t.state}
          any={t.any}
          choices={STATES}
          labelOf={(each) => texts.activity.states[each]}
          value={state}
          onChange={filter}
        />
      </div>
      <CursorTable
        list={list}
        pages={pages}
        what={t.theEdits}
        notLoaded={t.notLoaded}
        caption={t.list}
        columns={columns}
        keyOf={({ push_id }) => push_id}
        empty={<Nothing isFiltered={state !== null} onAll={() => filter(null)} />}
      />
    </>
  );
}

function Nothing({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  const { location_id, settings } = useStore().location;
  if (isFiltered) return <Empty title={t.noneSuch} action={<Button onClick={onAll}>{t.showAll}</Button>} />;
  const isOneWay = settings.direction !== "bidirectional";
  return (
    <Empty
      title={isOneWay ? t.oneWay : t.none}
      action={
        <Button asChild>
          <Link isPlain href={isOneWay ? paths.settings(location_id) : paths.inventory(location_id)}>
            {isOneWay ? t.goToSettings : t.goToProducts}
          </Link>
        </Button>
      }
    >
      {isOneWay ? t.oneWayAbout : t.noneAbout}
    </Empty>
  );
}
