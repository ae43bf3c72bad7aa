import type { CreateLocation } from "../../contract/http/locations.ts";
import { accountsDb } from "../../db/databases.ts";
import {
  type DutchieIdentity,
  findTwin,
  insertLocation,
  type LocationRow,
  reconnectLocation,
} from "../../db/locations.ts";
import { shardForNewStore } from "../../db/shards.ts";
import type { Settings } from "../../domain/records/model.ts";
import { nextNightAt } from "../../domain/runs/schedule.ts";
import { DEFAULT_SETTINGS, mergeSettings } from "../../domain/settings.ts";
import { newPepper } from "../../security/pepper.ts";
import { ApiError, changedMeanwhile, invalid } from "../errors.ts";
import { knownStores } from "../webhooks/isolate-stores.ts";
import type { AppContext } from "./context.ts";

/** What a connection to Dutchie writes into the store's row, whether the store is new or was disconnected. */
export type Connected = DutchieIdentity &
  Pick<
    LocationRow,
    | "location_id"
    | "profile"
    | "auth"
    | "credentials"
    | "webhook_scheme"
    | "webhook_secrets"
    | "webhook_secret_hint"
    | "next_sync_at"
    | "wake_at"
    | "deleted_at"
  >;

export async function insertStore(
  c: AppContext,
  given: CreateLocation,
  { now, ...connected }: Connected & { now: number },
): Promise<LocationRow> {
  const named = nameOfNew(given);
  const shard = await shardForNewStore(c.env);
  if (shard === null) throw allFull();
  const settings = mergeSettings(DEFAULT_SETTINGS, given.settings ?? {});
  const { location_id } = connected;
  const row: LocationRow = {
    shard,
    other_shard: null,
    ...connected,
    ...named,
    ...(await scheduled(c, { location_id, settings, time_zone: named.time_zone, now })),
    state: "never_synced",
    last_sync_at: null,
    last_success_at: null,
    error_rate_24h: 0,
    standing: null,
    created_at: now,
  };
  if ((await insertLocation(accountsDb(c.env), row)) === "twin") throw await alreadyConnected(c, row, location_id);
  return row;
}

/** Connects a disconnected store again. Its records, settings and webhook address stay; so do name and time zone, unless new ones are given. */
export async function takeUpStore(
  c: AppContext,
  { given, before }: { given: CreateLocation; before: LocationRow },
  { now, location_id, ...connected }: Connected & { now: number },
): Promise<LocationRow> {
  const { name = before.name, time_zone = before.time_zone } = given;
  const settings = mergeSettings(before.settings, given.settings ?? {});
  const change = {
    ...connected,
    name,
    time_zone,
    ...(await scheduled(c, { location_id, settings, time_zone, now })),
    state: before.last_success_at === null ? ("never_synced" as const) : ("idle" as const),
    standing: null,
  };
  if ((await reconnectLocation(accountsDb(c.env), before, change)) === "twin") {
    throw await alreadyConnected(c, before, location_id);
  }
  knownStores(c.env).forget(location_id);
  return { ...before, ...change };
}

async function scheduled(
  c: AppContext,
  given: { location_id: string; settings: Settings; time_zone: string; now: number },
) {
  const { location_id, settings, time_zone, now } = given;
  return {
    settings,
    next_full_at: nextNightAt(settings, time_zone, now, location_id),
    customer_pepper: settings.data_types.customers ? await newPepper(c.var.config.credential_keys, location_id) : null,
  };
}

type Named = Pick<LocationRow, "name" | "time_zone">;

/** Only a store that is reconnected has a name and a time zone already. */
export function nameOfNew({ name, time_zone }: Partial<Named>): Named {
  if (name !== undefined && time_zone !== undefined) return { name, time_zone };
  const missing = [...(name === undefined ? ["name"] : []), ...(time_zone === undefined ? ["time_zone"] : [])];
  throw invalid(missing.map((path) => ({ path, message: "is needed for a new store" })));
}

/** An operator has to add a database; until then nothing helps. */
const allFull = () =>
  new ApiError(
    "UNAVAILABLE",
    "There is no room for another store at the moment. The operators of ReUp must add a database.",
  );

/** 409 with the id of the store that has the same Dutchie location. */
export async function alreadyConnected(c: AppContext, identity: DutchieIdentity, except: string): Promise<ApiError> {
  const twin = await findTwin(accountsDb(c.env), identity, except);
  if (twin === null) return changedMeanwhile();
  const message = "This Dutchie location is connected already.";
  return new ApiError("CONFLICT", message, { details: { location_id: twin } });
}
