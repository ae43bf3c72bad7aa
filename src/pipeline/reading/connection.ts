import type { LocationRow } from "../../db/schema/accounts.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { createClient, type DutchieClient } from "../../dutchie/client.ts";
import { type DutchieConfig, TIMEOUTS } from "../../dutchie/http/config.ts";
import { dutchieError } from "../../dutchie/http/errors.ts";
import type { Meter } from "../../dutchie/http/meter.ts";
import { endpointRules, parseConfig } from "../../env.ts";
import type { LocationStub } from "../../location/stub.ts";
import { openCredentials } from "../../security/credentials.ts";
import { checkEndpoint } from "../../security/endpoint.ts";
import { resealLazily } from "../sealing/reseal.ts";

/** A store's Dutchie, with its credentials opened. */
export interface Connection {
  config: DutchieConfig;
  /** Why nothing may be sent to its endpoint; null: it may. */
  refused: DutchieError | null;
}

/** Why nothing is read or written when the credentials do not open. */
export const UNOPENED = dutchieError(
  "UNAUTHORIZED",
  "The stored API key cannot be opened with the Worker's keys; enter it again",
);

/** null: the credentials do not open (`UNOPENED`). */
export async function openConnection(env: Env, location: LocationRow): Promise<Connection | null> {
  const worker = parseConfig(env);
  const opened = await openCredentials(worker.credential_keys, location.location_id, location.credentials);
  if (!opened.ok) return null;
  await resealLazily(env, location);
  const config: DutchieConfig = {
    endpoint: location.endpoint,
    ...opened.credentials,
    ...(location.dutchie_location_id === null ? {} : { location_id: location.dutchie_location_id }),
    profile: location.profile,
    auth: location.auth,
  };
  // Checked again: what was allowed in development may have been carried over with the database.
  const allowed = checkEndpoint(location.endpoint, endpointRules(worker));
  return { config, refused: allowed.ok ? null : dutchieError("NOT_DUTCHIE", allowed.reason) };
}

/**
 * A client for the store's Dutchie that spends from the store's one rate budget. Before each request the Location hears
 * that the reader is alive: of a run's step by its attempt, or of the pushes.
 */
export function clientOf(
  { config, refused }: Connection,
  { stub, reader, meter }: { stub: LocationStub; reader: number | "pushes"; meter: Meter },
): DutchieClient {
  return createClient(config, {
    timeouts: TIMEOUTS,
    meter,
    beforeRequest: async (rate) => {
      if (refused !== null) return { ok: false, error: refused };
      const result = await stub.spend(rate, reader);
      if (result.ok) return result;
      const error = {
        ...dutchieError("RATE_LIMITED", "The key's budget for this minute is spent"),
        retry_after_ms: result.retry_after_ms,
      };
      return { ok: false, error };
    },
  });
}
