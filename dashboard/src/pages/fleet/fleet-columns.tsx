import type { FleetStore } from "../../data/fleet.ts";
import { ageOf, count, forPeople, percent } from "../../format.ts";
import { paths } from "../../navigation.ts";
import { texts } from "../../texts.ts";
import type { Column } from "../../ui/data-table.tsx";
import { HealthBadge } from "../../ui/health-badge.tsx";
import { Link } from "../../ui/link.tsx";
import { Name } from "../../ui/name.tsx";
import { Time } from "../../ui/time.tsx";
import { DayStrip } from "./day-strip.tsx";
import { FleetAction } from "./fleet-action.tsx";
import { rankOf } from "./fleet-view.ts";

const t = texts.fleet;

export const COLUMNS: readonly Column<FleetStore>[] = [
  { id: "name", label: t.store, sortBy: ({ name }) => name, cell: (store) => <StoreName store={store} /> },
  { id: "health", label: t.health, sortBy: rankOf, cell: (store) => <HealthBadge {...store} /> },
  { id: "problem", label: t.problem, cell: (store) => <Problem store={store} /> },
  {
    id: "age",
    label: t.age,
    isNumber: true,
    sortBy: ({ data_age_seconds }) => data_age_seconds ?? Number.POSITIVE_INFINITY,
    cell: ({ data_age_seconds }) => <span className="whitespace-nowrap">{ageOf(data_age_seconds, t.neverRead)}</span>,
  },
  {
    id: "accuracy",
    label: t.accuracy,
    isNumber: true,
    sortBy: ({ accuracy }) => accuracy?.value ?? Number.POSITIVE_INFINITY,
    cell: (store) => <Accuracy store={store} />,
  },
  {
    id: "decisions",
    label: t.decisions,
    isNumber: true,
    sortBy: ({ open_reviews }) => open_reviews ?? -1,
    cell: (store) => <Decisions store={store} />,
  },
  { id: "day", label: t.lastDay, cell: ({ hours }) => <DayStrip hours={hours} /> },
  { id: "action", label: t.action, cell: (store) => <FleetAction store={store} /> },
];

/** All of a store in one cell: a phone has no room for more. */
export const PHONE_COLUMNS: readonly Column<FleetStore>[] = [
  {
    id: "name",
    label: t.store,
    sortBy: ({ name }) => name,
    cell: (store) => (
      <div className="flex flex-col items-start gap-1.5">
        <StoreName store={store} />
        <HealthBadge {...store} />
        <Problem store={store} />
        <p className="text-sm text-dim">
          {t.age}: {ageOf(store.data_age_seconds, t.neverRead)} · {t.accuracy}: <Accuracy store={store} />
        </p>
        <DayStrip hours={store.hours} />
        <FleetAction store={store} />
      </div>
    ),
  },
];

function StoreName({ store: { location_id, name, health } }: { store: FleetStore }) {
  // A disconnected store has no pages.
  const pages = health === "disconnected" ? {} : { href: paths.overview(location_id) };
  return (
    <div className="font-semibold md:min-w-36 md:max-w-56">
      <Name {...pages}>{name}</Name>
    </div>
  );
}

function Problem({ store: { problem, disconnected_at } }: { store: FleetStore }) {
  if (disconnected_at !== null) {
    return (
      <p className="max-w-prose text-sm">
        {t.disconnectedSince} <Time at={disconnected_at} isRelative />.
      </p>
    );
  }
  if (problem === null) return null;
  const message = forPeople(problem.message);
  return (
    <div className="max-w-prose text-sm">
      <p className="line-clamp-3" title={message}>
        {message}
      </p>
      {problem.since !== null && (
        <p className="text-dim">
          {t.since} <Time at={problem.since} isRelative />
        </p>
      )}
    </div>
  );
}

function Accuracy({ store: { accuracy } }: { store: FleetStore }) {
  if (accuracy === null) return <span title={t.notChecked}>–</span>;
  return (
    <>
      {percent(accuracy.value)}
      {/* The figure is from before the correction. */}
      {accuracy.healed > 0 && <span className="block text-sm text-dim">{t.corrected(count(accuracy.healed))}</span>}
    </>
  );
}

function Decisions({ store: { location_id, name, open_reviews } }: { store: FleetStore }) {
  if (open_reviews === null) return <span title={t.decisionsUnknown}>?</span>;
  if (open_reviews === 0) return <>0</>;
  return (
    <Link href={paths.inboxOf(location_id)} aria-label={t.decisionsOf(open_reviews, name)}>
      {count(open_reviews)}
    </Link>
  );
}
