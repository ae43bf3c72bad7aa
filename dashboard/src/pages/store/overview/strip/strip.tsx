import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { Run } from "../../../../../../src/client/index.ts";
import { addDays, localDay, startOfDay } from "../../../../../../src/client/rules.ts";
import { useRunsSince } from "../../../../data/runs.ts";
import { texts } from "../../../../texts.ts";
import { Section } from "../../../../ui/card.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { Fold } from "../../../../ui/fold.tsx";
import { Loading } from "../../../../ui/loading.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { Segments } from "../../../../ui/segments.tsx";
import { useNow } from "../../../../ui/use-now.ts";
import { useStore } from "../../store-context.ts";
import { withLive } from "../../with-live.ts";
import type { Span } from "./strip-layout.ts";
import { StripRow } from "./strip-row.tsx";
import { StripTable } from "./strip-table.tsx";

const t = texts.overview;
const SPANS = ["1", "7"] as const;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The syncs of the last day or week, one cell each. */
export function Strip() {
  const { location, status } = useStore();
  const { location_id, time_zone } = location;
  const [days, setDays] = useQueryState(
    "days",
    parseAsStringLiteral(SPANS).withDefault("1").withOptions({ history: "push" }),
  );
  // One day more than is shown: a sync that began before the first one may reach into it.
  const runs = useRunsSince(location_id, (Number(days) + 1) * 24);
  const now = useNow(MINUTE_MS);
  const all = runs.data && withLive(runs.data, status);
  return (
    <Section
      title={t.strip}
      about={t.stripAbout(time_zone)}
      actions={
        <Segments
          label={t.span}
          options={SPANS.map((value) => ({ value, label: t.spans[value] }))}
          value={days}
          onChange={(next) => void setDays(next)}
        />
      }
    >
      {runs.error !== undefined && <Problem what={t.syncsNotLoaded} error={runs.error} retry={() => runs.mutate()} />}
      {all === undefined && runs.error === undefined && <Loading what={t.theSyncs} />}
      {all?.length === 0 && <Empty title={t.noSyncs} />}
      {all !== undefined && all.length > 0 && <Rows runs={all} days={days} now={now} />}
    </Section>
  );
}

function Rows({ runs, days, now: minute }: { runs: readonly Run[]; days: (typeof SPANS)[number]; now: number }) {
  const { time_zone } = useStore().location;
  // A sync of the running minute is no sync of the future.
  const now = Math.max(minute, ...runs.map(({ started_at }) => Date.parse(started_at) + 1));
  const rows: { label: string; span: Span }[] =
    days === "1" ? [{ label: t.spans[1], span: { from: now - DAY_MS, to: now } }] : weekOf(time_zone, now);
  const first = Math.min(...rows.map(({ span }) => span.from));
  return (
    <>
      <div className="flex flex-col gap-2">
        {rows.map(({ label, span }) => (
          <StripRow key={label} runs={runs} label={label} span={span} isDay={days === "7"} now={now} />
        ))}
      </div>
      <Fold summary={t.asTable}>
        <StripTable runs={runs.filter(({ started_at }) => Date.parse(started_at) >= first)} />
      </Fold>
    </>
  );
}

/** The store's days of the week that ends today, the newest first. */
function weekOf(time_zone: string, now: number): { label: string; span: Span }[] {
  const today = localDay(now, time_zone);
  const name = new Intl.DateTimeFormat("en-US", {
    timeZone: time_zone,
    weekday: "short",
    month: "short",
    day: "numeric",
  });
  return [0, 1, 2, 3, 4, 5, 6].map((back) => {
    const day = addDays(today, -back);
    const from = startOfDay(day, time_zone);
    return { label: name.format(from), span: { from, to: startOfDay(addDays(day, 1), time_zone) } };
  });
}
