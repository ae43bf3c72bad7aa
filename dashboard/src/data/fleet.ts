import useSWR, { useSWRConfig } from "swr";
import { type FleetSummary, type LocationSummary, ok, ReupError, type Run } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import type { StartRun } from "./runs.ts";

/** How one store fares. */
export type FleetStore = LocationSummary;
export type { FleetSummary };
export type Health = FleetStore["health"];
/** What the one action of a store depends on; its own status says it, too. */
export type ActedOn = Pick<FleetStore, "location_id" | "name" | "health" | "activity" | "problem" | "open_reviews">;

const FLEET = ["fleet"];
const DISCONNECTED = [...FLEET, "disconnected"];
/** Both lists. */
export const ofTheFleet = (key: unknown): boolean => Array.isArray(key) && key[0] === FLEET[0];
const EVERY_MS = 10_000;

/** All connected stores at a glance, and how many others there are. One request, however many they are. */
export function useFleet() {
  const read = async () => ({ ...(await ok(client.v1.status.$get({ query: {} }))), loaded_at: Date.now() });
  return useSWR(FLEET, read, { refreshInterval: EVERY_MS });
}

/** The stores so long after they were loaded: their data has grown older since. */
export const agedBy = (stores: readonly FleetStore[], ms: number): FleetStore[] =>
  stores.map((store) => ({
    ...store,
    data_age_seconds:
      store.data_age_seconds === null ? null : store.data_age_seconds + Math.floor(Math.max(0, ms) / 1_000),
  }));

/** The database of the store's records is away: nobody knows its decisions. */
export const isUnread = ({ open_reviews }: Pick<FleetStore, "open_reviews">): boolean => open_reviews === null;

/** The stores that were disconnected, and whose records are still there. */
export function useDisconnected() {
  return useSWR(
    DISCONNECTED,
    async () => (await ok(client.v1.status.$get({ query: { health: "disconnected" } }))).data,
    { refreshInterval: EVERY_MS },
  );
}

export interface Started {
  started: number;
  /** They were syncing already. */
  running: number;
  failed: { name: string; message: string }[];
}

/** So many requests at once; more would only queue in the browser. */
const AT_ONCE = 4;

/** Compares everything and takes over Dutchie's values. No other sync ends the alert of a comparison. */
export const CORRECT: StartRun = { mode: "verify", heal: true };

/** Starts the sync that each store needs, or this one. Each answers for itself. */
export function useStartSyncs(): (stores: readonly ActedOn[], asked?: StartRun) => Promise<Started> {
  const { mutate } = useSWRConfig();
  return async (stores, asked) => {
    const result: Started = { started: 0, running: 0, failed: [] };
    const waiting = [...stores];
    const work = async () => {
      for (let store = waiting.shift(); store !== undefined; store = waiting.shift()) {
        try {
          await start(store, asked ?? neededRun(store));
          result.started++;
        } catch (error) {
          if (error instanceof ReupError && error.code === "CONFLICT") result.running++;
          else result.failed.push({ name: store.name, message: error instanceof Error ? error.message : "" });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await mutate(FLEET);
    return result;
  };
}

/** A correction cannot help: the rows could not be read. */
export const isOnlyUnread = ({ accuracy }: Pick<FleetStore, "accuracy">): boolean => accuracy?.correctable === 0;

export const isDrift = ({ problem }: Pick<FleetStore, "problem">): boolean => problem?.code === "DRIFT";

function neededRun(store: ActedOn): StartRun {
  if (store.health === "never_synced") return { mode: "initial" };
  return isDrift(store) ? CORRECT : { mode: "incremental" };
}

function start({ location_id }: ActedOn, json: StartRun): Promise<Run> {
  return ok(client.v1.locations[":location_id"].syncs.$post({ param: { location_id }, json }));
}
