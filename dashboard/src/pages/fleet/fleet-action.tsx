import { type ActedOn, isDrift } from "../../data/fleet.ts";
import { paths } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { useSyncNow } from "./use-sync-now.ts";

/** The one thing to do for a store now. */
export function FleetAction({ store }: { store: ActedOn }) {
  const { location_id, health, activity, problem, open_reviews } = store;
  const isAdmin = useMay("admin");
  const mayAct = useMay("manager");
  const t = texts.fleet;
  if (health === "disconnected") {
    if (!isAdmin) return <Said text={t.askToReconnect} />;
    return <Way href={paths.reconnect(location_id)} label={t.reconnect} name={store.name} />;
  }
  if (health === "never_synced" && problem === null && activity !== "idle") return <Said text={t.isRead} />;
  if (health === "never_synced" && problem?.action !== "enter_key" && problem?.action !== "wait") {
    return mayAct ? <SyncButton store={store} label={t.runFirst} /> : <Said text={t.askManager} />;
  }
  switch (problem?.action) {
    case undefined:
      return null;
    case "enter_key":
      if (!isAdmin) return <Said text={t.askAdmin} />;
      return <Way href={paths.settings(location_id)} label={t.enterKey} name={store.name} />;
    case "review":
      if (problem.code === "WEBHOOKS_SILENT")
        return <Way href={paths.settings(location_id)} label={t.checkWebhooks} name={store.name} />;
      if (problem.code === "NOTHING_SYNCED") {
        if (!isAdmin) return <Said text={t.askAdminData} />;
        return <Way href={paths.settings(location_id)} label={t.chooseData} name={store.name} />;
      }
      if (isDrift(store)) return <Way href={paths.differences(location_id)} label={t.seeUnread} name={store.name} />;
      return <Way href={paths.inboxOf(location_id)} label={t.review(problem.code, open_reviews)} name={store.name} />;
    case "run_sync":
      return mayAct ? (
        <SyncButton store={store} label={isDrift(store) ? texts.activity.accuracy.correct : t.runSync} />
      ) : (
        <Said text={t.askManager} />
      );
    case "contact_dutchie":
      return <Way href={paths.overview(location_id)} label={t.contact} name={store.name} />;
    case "wait":
      return <Said text={t.waits} />;
  }
}

function Way({ href, label, name }: { href: string; label: string; name: string }) {
  return (
    <Button asChild size="sm">
      <Link isPlain href={href} aria-label={`${label}: ${name}`}>
        {label}
      </Link>
    </Button>
  );
}

function SyncButton({ store, label }: { store: ActedOn; label: string }) {
  const { run, isBusy } = useSyncNow();
  return (
    <Button
      size="sm"
      busy={isBusy}
      disabled={store.activity === "syncing"}
      aria-label={`${label}: ${store.name}`}
      onClick={() => void run([store])}
    >
      {label}
    </Button>
  );
}

function Said({ text }: { text: string }) {
  return <span className="text-sm text-dim">{text}</span>;
}
