import type { Status } from "../../../../../src/client/index.ts";
import { useToday } from "../../../data/changes.ts";
import { useInbox } from "../../../data/inbox.ts";
import { ageOf, count, counted, percent } from "../../../format.ts";
import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Link } from "../../../ui/link.tsx";
import { Stat } from "../../../ui/stat.tsx";
import { Time } from "../../../ui/time.tsx";
import { useNow } from "../../../ui/use-now.ts";
import { useStore } from "../store-context.ts";

const t = texts.overview;

export function Figures() {
  const { location, status } = useStore();
  const { location_id, time_zone } = location;
  const { accuracy } = status;
  const today = useToday(location_id, time_zone).data;
  const waiting = useWaiting(location_id);
  return (
    <section aria-label={t.figures} className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <Stat label={t.dataAge} note={t.dataAgeAbout}>
        <DataAge status={status} />
      </Stat>
      <Stat
        label={t.accuracy}
        note={
          accuracy !== null && (
            <>
              {t.comparedAt} <Time at={accuracy.checked_at} isRelative />
              {accuracy.healed > 0 && t.corrected(count(accuracy.healed))}
            </>
          )
        }
      >
        {accuracy === null ? (
          t.notCompared
        ) : (
          <Link href={paths.activity(location_id, "syncs")}>{percent(accuracy.value)}</Link>
        )}
      </Stat>
      <Stat label={t.changesToday} note={today && t.changedProducts(counted(today.products, "product"))}>
        {today === undefined ? (
          "…"
        ) : (
          <Link href={paths.activity(location_id)} aria-label={`${t.showChanges}: ${count(today.changes)}`}>
            {count(today.changes)}
            {today.isMore && "+"}
          </Link>
        )}
      </Stat>
      <Stat label={t.nextSync} note={texts.settings.frequencies[location.settings.frequency]}>
        <NextSync status={status} />
      </Stat>
      <Stat
        label={t.waits}
        note={
          (waiting.count > 0 || waiting.isUnread) && (
            <>
              {waiting.isUnread && <>{t.notAllRead} </>}
              <Link href={paths.inboxOf(location_id)}>{t.openInbox}</Link>
            </>
          )
        }
      >
        {waiting.count > 0 ? count(waiting.count) : waiting.isUnread ? "–" : waiting.isLoading ? "…" : t.nothing}
      </Stat>
    </section>
  );
}

/** What waits in one store. `isUnread`: there may be more. */
function useWaiting(location_id: string) {
  const { data, error } = useInbox();
  return {
    count: data?.items.filter((each) => each.location_id === location_id).length ?? 0,
    isUnread:
      error !== undefined || (data !== undefined && (data.missing.includes(location_id) || data.unread.length > 0)),
    isLoading: data === undefined,
  };
}

/** The status says how old the data was when it was made; since then it has grown older. */
function DataAge({ status: { data_age_seconds, updated_at } }: { status: Status }) {
  const now = useNow();
  if (data_age_seconds === null) return <>{t.neverRead}</>;
  const since = Math.max(0, now - Date.parse(updated_at)) / 1_000;
  return <>{ageOf(data_age_seconds + since, t.neverRead)}</>;
}

/** A time that has passed is no next time: the sync is due, and the next look for due stores starts it. */
function NextSync({ status: { current_run, next_sync_at } }: { status: Pick<Status, "current_run" | "next_sync_at"> }) {
  const now = useNow();
  if (current_run !== null) return <>{t.now}</>;
  if (next_sync_at === null) return <>{t.notPlanned}</>;
  if (Date.parse(next_sync_at) <= now) return <>{t.dueNow}</>;
  return <Time at={next_sync_at} isRelative />;
}
