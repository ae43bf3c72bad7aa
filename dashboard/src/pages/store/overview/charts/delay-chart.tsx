import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useLocation } from "wouter";
import { useAppliedEvents } from "../../../../data/events.ts";
import { count, counted, duration } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { Section } from "../../../../ui/card.tsx";
import { ChartFrame } from "../../../../ui/chart-frame.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { Link } from "../../../../ui/link.tsx";
import { Loading } from "../../../../ui/loading.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useNow } from "../../../../ui/use-now.ts";
import { useStore } from "../../store-context.ts";
import { GRID, MARGIN, TOOLTIP, X_AXIS, Y_AXIS } from "./chart-style.ts";
import { type DelayBucket, delayLines, delaysOf, spanFormat } from "./delay-buckets.ts";

const t = texts.overview;
const BUCKETS = 24;

export function DelayChart() {
  const { location_id } = useStore().location;
  const events = useAppliedEvents(location_id);
  const now = useNow(60_000);
  const buckets = events.data && delaysOf(events.data, BUCKETS, now);
  if (buckets !== undefined && buckets.length > 0) return <Drawn buckets={buckets} />;
  return (
    <Section title={t.delay}>
      <div className="flex flex-col gap-3">
        {events.error !== undefined && (
          <Problem what={t.webhooksNotLoaded} error={events.error} retry={() => events.mutate()} />
        )}
        {events.data === undefined && events.error === undefined && (
          <Loading what={texts.activity.webhooks.theWebhooks} />
        )}
        {buckets?.length === 0 && (
          <Empty
            title={t.noDelay}
            action={
              <Button asChild size="sm">
                <Link isPlain href={paths.settings(location_id)}>
                  {t.goToWebhookSettings}
                </Link>
              </Button>
            }
          >
            {t.noDelayAbout}
          </Empty>
        )}
      </div>
    </Section>
  );
}

function Drawn({ buckets }: { buckets: readonly DelayBucket[] }) {
  const { location, status } = useStore();
  const { location_id, time_zone } = location;
  const [, navigate] = useLocation();
  const all = buckets.reduce((sum, { webhooks }) => sum + webhooks, 0);
  const { lag_ms_p50, lag_ms_p95 } = status.last_24h.webhooks;
  const clock = spanFormat(buckets, time_zone);
  const lines = delayLines(buckets);
  const wayTo = ({ event_id }: { event_id: string }) =>
    `${paths.activity(location_id, "webhooks")}?webhook=${encodeURIComponent(event_id)}`;
  const open = (index: number) => {
    const slowest = buckets[index]?.slowest;
    if (slowest != null) navigate(wayTo(slowest));
  };
  const bar = { isAnimationActive: false, cursor: "pointer", onClick: (_: unknown, index: number) => open(index) };
  const columns: Column<DelayBucket>[] = [
    { id: "from", label: t.period, cell: ({ from }) => <Time at={new Date(from).toISOString()} /> },
    { id: "n", label: t.webhooks, isNumber: true, isSecondary: true, cell: ({ webhooks }) => count(webhooks) },
    { id: "p50", label: t.half, isNumber: true, cell: ({ p50_ms }) => duration(p50_ms) },
    { id: "p95", label: t.most, isNumber: true, cell: ({ p95_ms }) => duration(p95_ms) },
    {
      id: "slowest",
      label: t.slowest,
      isNumber: true,
      cell: ({ slowest }) => slowest && <Link href={wayTo(slowest)}>{duration(slowest.delay_ms)}</Link>,
    },
  ];
  return (
    <ChartFrame
      title={t.delay}
      about={t.delayAbout(lastOf(all), time_zone)}
      summary={lag_ms_p50 === null ? null : t.delaySummary(duration(lag_ms_p50), duration(lag_ms_p95))}
      table={
        <DataTable
          caption={t.delay}
          columns={columns}
          rows={buckets.filter(({ webhooks }) => webhooks > 0)}
          keyOf={({ from }) => String(from)}
        />
      }
    >
      <ResponsiveContainer>
        <BarChart data={[...buckets]} accessibilityLayer={false} barGap={0} margin={MARGIN}>
          <CartesianGrid {...GRID} />
          <XAxis {...X_AXIS} dataKey="from" tickFormatter={(at: number) => clock.format(at)} />
          <YAxis
            {...Y_AXIS}
            ticks={lines}
            domain={[0, lines.at(-1) ?? 0]}
            tickFormatter={(ms: number) => (ms === 0 ? "0" : duration(ms))}
          />
          <Tooltip
            {...TOOLTIP}
            labelFormatter={(at) => clock.format(Number(at))}
            formatter={(ms) => duration(Number(ms))}
          />
          <Bar {...bar} dataKey="p50_ms" name={t.half} fill="var(--color-brand)" />
          <Bar {...bar} dataKey="p95_ms" name={t.most} fill="var(--color-edge)" />
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

const lastOf = (n: number) => `last ${counted(n, "webhook")}`;
