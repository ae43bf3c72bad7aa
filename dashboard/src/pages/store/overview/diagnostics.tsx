import { count, duration } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { Facts } from "../../../ui/facts.tsx";
import { Fold } from "../../../ui/fold.tsx";
import { Time } from "../../../ui/time.tsx";
import { countedThings } from "../run-progress.tsx";
import { useStore } from "../store-context.ts";
import { DataTypes } from "./data-types.tsx";

const t = texts.overview;

/** What support asks for. It has no place in a look of ten seconds. */
export function Diagnostics() {
  const { location, status } = useStore();
  const { last_24h: day, records, queue, last_error } = status;
  const { webhooks } = day;
  return (
    <Fold summary={t.diagnostics}>
      <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4">
        <DataTypes types={status.data_types} />
        <Facts
          facts={[
            [t.syncsOfDay, t.failedSyncs(count(day.failed_runs), count(day.runs))],
            [t.recordsOfDay, `${count(day.records_processed)}, ${t.unreadable(count(day.records_failed))}`],
            [t.average, duration(day.avg_duration_ms)],
            [
              t.webhooksOfDay,
              t.webhookOutcomes(
                count(webhooks.applied),
                count(webhooks.stale + webhooks.duplicate),
                count(webhooks.invalid),
              ),
            ],
            [t.missed, count(webhooks.missed)],
            [t.queued, count(queue.pending_events)],
            [
              t.inReup,
              t.inReupCounts(
                countedThings(records.products, "products"),
                countedThings(records.inventory, "inventory"),
                countedThings(records.sales, "sales"),
              ),
            ],
            [
              t.lastError,
              last_error === null ? (
                "–"
              ) : (
                <>
                  {last_error.code}: {last_error.message}. {last_error.hint} (<Time at={last_error.at} />)
                </>
              ),
            ],
            [t.storeId, location.location_id],
          ]}
        />
      </div>
    </Fold>
  );
}
