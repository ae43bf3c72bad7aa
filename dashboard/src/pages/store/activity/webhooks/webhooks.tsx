import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { WebhookEvent } from "../../../../../../src/client/index.ts";
import { useEvents } from "../../../../data/events.ts";
import { duration, text } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import type { Column } from "../../../../ui/data-table.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { FilterSelect } from "../../../../ui/filter-select.tsx";
import { Link } from "../../../../ui/link.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useCursorPages } from "../../../../use-cursor-pages.ts";
import { useStore } from "../../store-context.ts";
import { CursorTable } from "../cursor-table.tsx";
import { WebhookDetails } from "./webhook-details.tsx";
import { kindOf } from "./webhook-kind.ts";

const t = texts.activity.webhooks;
const OUTCOMES = ["pending", "applied", "duplicate", "stale", "invalid", "ignored"] as const;

/** The webhooks of the last 30 days, and what became of each. */
export function Webhooks() {
  const { location_id } = useStore().location;
  const pages = useCursorPages();
  const [{ outcome, webhook }, ask] = useQueryStates(
    { outcome: parseAsStringLiteral(OUTCOMES), webhook: parseAsString },
    { history: "push" },
  );
  const list = useEvents(location_id, outcome, pages.cursor);
  const filter = (next: (typeof OUTCOMES)[number] | null) => {
    void ask({ outcome: next });
    pages.first();
  };
  const columns: Column<WebhookEvent>[] = [
    {
      id: "received",
      label: t.received,
      cell: ({ event_id, received_at, type }) => (
        <>
          <button
            type="button"
            className="text-left text-brand underline underline-offset-2"
            onClick={() => void ask({ webhook: event_id })}
          >
            <Time at={received_at} />
          </button>
          <p className="text-sm md:hidden">{kindOf(type)}</p>
        </>
      ),
    },
    { id: "kind", label: t.kind, isSecondary: true, cell: ({ type }) => kindOf(type) },
    { id: "outcome", label: t.outcome, cell: (event) => <StateBadge state={event.outcome} /> },
    { id: "reason", label: t.reason, isSecondary: true, cell: ({ reason }) => text(reason) },
    {
      id: "after",
      label: t.after,
      isNumber: true,
      isSecondary: true,
      cell: ({ applied_at, received_at }) =>
        duration(applied_at === null ? null : Date.parse(applied_at) - Date.parse(received_at)),
    },
  ];
  return (
    <>
      <div className="mb-3 w-fit">
        <FilterSelect
          label={t.outcome}
          any={t.any}
          choices={OUTCOMES}
          labelOf={(each) => texts.activity.states[each]}
          value={outcome}
          onChange={filter}
        />
      </div>
      <CursorTable
        list={list}
        pages={pages}
        what={t.theWebhooks}
        notLoaded={t.notLoaded}
        caption={t.list}
        columns={columns}
        keyOf={({ event_id }) => event_id}
        empty={<Nothing isFiltered={outcome !== null} onAll={() => filter(null)} />}
      />
      {webhook !== null && <WebhookDetails event_id={webhook} onClose={() => void ask({ webhook: null })} />}
    </>
  );
}

function Nothing({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  const { location_id } = useStore().location;
  if (isFiltered) return <Empty title={t.noneSuch} action={<Button onClick={onAll}>{t.showAll}</Button>} />;
  return (
    <Empty
      title={t.none}
      action={
        <Button asChild>
          <Link isPlain href={paths.settings(location_id)}>
            {t.goToSettings}
          </Link>
        </Button>
      }
    >
      {t.noneAbout}
    </Empty>
  );
}
