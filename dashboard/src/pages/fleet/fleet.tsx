import { agedBy, type FleetStore, type FleetSummary, isUnread, useDisconnected, useFleet } from "../../data/fleet.ts";
import { paths } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Link } from "../../ui/link.tsx";
import { ListState } from "../../ui/list-state.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Time } from "../../ui/time.tsx";
import { useNow } from "../../ui/use-now.ts";
import { Counters } from "./counters.tsx";
import { needsPerson } from "./fleet-view.ts";
import { StoreList } from "./store-list.tsx";
import { useFleetQuery } from "./use-fleet-query.ts";

const t = texts.fleet;

/** ms; so long after they were loaded, stores are shown with the age that their data has now: the page slept, or nobody answers. */
const LATE_MS = 30_000;

/** All stores, those that need a person first. */
export function Fleet() {
  const fleet = useFleet();
  const mayConnect = useMay("admin");
  const connect = mayConnect && (
    <Button asChild>
      <Link isPlain href={paths.connect}>
        {t.connect}
      </Link>
    </Button>
  );
  const now = useNow();
  const late_ms = fleet.data === undefined ? 0 : now - fleet.data.loaded_at;
  const stores = fleet.data && (late_ms > LATE_MS ? agedBy(fleet.data.data, late_ms) : fleet.data.data);
  const unread = stores?.filter(isUnread).length ?? 0;
  const summary = fleet.data?.summary;
  const isEmpty = stores?.length === 0 && summary?.disconnected === 0;
  return (
    <>
      <PageTitle title={t.title} {...(stores === undefined || stores.length === 0 ? {} : { about: sentence(stores) })}>
        {connect}
      </PageTitle>
      {fleet.error !== undefined && (
        <div className="mb-4">
          <Problem what={t.notLoaded} error={fleet.error} retry={() => fleet.mutate()}>
            {fleet.data !== undefined && (
              <>
                {" "}
                {t.loadedAt} <Time at={new Date(fleet.data.loaded_at).toISOString()} isRelative />.
              </>
            )}
          </Problem>
        </div>
      )}
      {unread > 0 && (
        <div className="mb-4">
          <Notice tone="warn" title={t.unread(unread)} isLive>
            {t.unreadAbout}
          </Notice>
        </div>
      )}
      {stores === undefined && fleet.error === undefined && <Loading what={t.yourStores} />}
      {isEmpty && <Empty title={t.none}>{mayConnect ? t.noneAdmin : t.noneOther}</Empty>}
      {stores !== undefined && summary !== undefined && !isEmpty && <List stores={stores} summary={summary} />}
    </>
  );
}

function sentence(stores: readonly FleetStore[]): string {
  return t.sentence(stores.filter(needsPerson).length, stores.length);
}

/** The filter decides which list is asked for. */
function List({ stores, summary }: { stores: readonly FleetStore[]; summary: FleetSummary }) {
  const [{ health }, ask] = useFleetQuery();
  return (
    <>
      <Counters counts={summary} chosen={health} onChoose={(next) => void ask({ health: next })} />
      {health === "disconnected" ? <Disconnected /> : <StoreList stores={stores} />}
    </>
  );
}

function Disconnected() {
  const list = useDisconnected();
  return (
    <ListState list={list} what={t.theDisconnected} notLoaded={t.notLoadedDisconnected}>
      {(stores) => <StoreList stores={stores} />}
    </ListState>
  );
}
