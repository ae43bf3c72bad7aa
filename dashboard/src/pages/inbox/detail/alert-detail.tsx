import { CORRECT, isOnlyUnread } from "../../../data/fleet.ts";
import { acts } from "../../../data/inbox-acts.ts";
import { forPeople } from "../../../format.ts";
import { paths } from "../../../navigation.ts";
import { useMay } from "../../../session.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { useSyncNow } from "../../fleet/use-sync-now.ts";
import type { DetailProps } from "./detail-props.ts";

const t = texts.inbox;

/** Their messages name the sync that says which rows, and why. */
const SAID_BY_SYNC: readonly string[] = ["high_error_rate", "rows_without_id"];

export function AlertDetail({ item, store, settle, reason, isWaiting, mayAct }: DetailProps<"alert">) {
  const { alert, location_id } = item;
  const sync = useSyncNow();
  const isAdmin = useMay("admin");
  const seen = () =>
    void settle({
      items: [item],
      send: () => acts.markSeen(alert, reason),
      said: t.markedSeen,
      isDelayed: true,
    });
  const mustLook = alert.rule === "stock_ended" || alert.rule === "mass_change";
  const isUnread = alert.rule === "drift" && store !== undefined && isOnlyUnread(store);
  const syncs = (alert.rule === "stale" || alert.rule === "drift") && mayAct && store !== undefined && !isUnread;
  // As in the list of stores: a refused key ends by a new one, whatever else the store's page shows.
  const needsKey = alert.rule === "sync_failed" && store?.problem?.action === "enter_key";
  return (
    <>
      <p>{forPeople(alert.message)}</p>
      {needsKey && !isAdmin && <p className="text-dim">{texts.fleet.askAdmin}</p>}
      <div className="flex flex-wrap gap-2">
        {syncs && (
          <Button
            kind="primary"
            busy={sync.isBusy}
            disabled={isWaiting}
            onClick={() => void sync.run([store], alert.rule === "drift" ? CORRECT : { mode: "incremental" })}
          >
            {alert.rule === "drift" ? texts.activity.accuracy.correct : t.syncNow}
          </Button>
        )}
        <Button asChild kind={syncs || mustLook ? "secondary" : "primary"}>
          {needsKey && isAdmin ? (
            <Link isPlain href={paths.settings(location_id)}>
              {texts.fleet.enterKey}
            </Link>
          ) : alert.rule === "webhooks_silent" ? (
            <Link isPlain href={paths.settings(location_id)}>
              {t.checkWebhooks}
            </Link>
          ) : isUnread ? (
            <Link isPlain href={paths.differences(location_id)}>
              {texts.fleet.seeUnread}
            </Link>
          ) : SAID_BY_SYNC.includes(alert.rule) ? (
            <Link isPlain href={paths.activity(location_id, "syncs")}>
              {texts.fleet.seeSyncs}
            </Link>
          ) : (
            <Link isPlain href={paths.overview(location_id)} className="max-w-full whitespace-normal! wrap-anywhere">
              {t.openStore(store?.name ?? location_id)}
            </Link>
          )}
        </Button>
        {mayAct && (
          <Button kind={mustLook ? "primary" : "secondary"} disabled={isWaiting} onClick={seen}>
            {t.markSeen}
          </Button>
        )}
      </div>
    </>
  );
}
