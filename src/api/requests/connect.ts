import type { AuthScheme, ProfileName } from "../../contract/http/locations.ts";
import type { LocationRow } from "../../db/locations.ts";
import type { Resource, Settings } from "../../domain/records/model.ts";
import type { ConnectionTest } from "../../dutchie/connect/connection-test.ts";
import type { DutchieCandidate } from "../../dutchie/connect/detect.ts";
import { endpointRules } from "../../env.ts";
import { type Credentials, openCredentials } from "../../security/credentials.ts";
import { checkEndpoint } from "../../security/endpoint.ts";
import { invalid } from "../errors.ts";
import type { AppContext } from "./context.ts";

/** What the API key must be able to read for these settings. Inventory needs rooms. */
export function neededResources(data_types: Settings["data_types"]): Resource[] {
  const needed: Resource[] = [];
  if (data_types.products) needed.push("products");
  if (data_types.inventory) needed.push("inventory", "rooms");
  if (data_types.sales) needed.push("sales");
  return needed;
}

/** The endpoint as it is stored, or 400. */
export function acceptedEndpoint(c: AppContext, endpoint: string): string {
  const checked = checkEndpoint(endpoint, endpointRules(c.var.config));
  if (!checked.ok) throw invalid([{ path: "dutchie.endpoint", message: checked.reason }]);
  return checked.url;
}

export interface TestedConnection {
  test: ConnectionTest;
  profile: ProfileName;
  auth: AuthScheme;
  dutchie_location_id: string | null;
}

/** Tests a connection before it is saved, and finds out what the caller left open. A failed test is 400 with its result. */
export async function testedConnection(
  c: AppContext,
  candidate: DutchieCandidate,
  needed: Resource[],
): Promise<TestedConnection> {
  const test = await c.var.deps.testConnection(candidate, needed);
  if (!test.ok || test.profile === null || test.auth === null) {
    const message = test.error === null ? "The connection test failed." : `${test.error.message}. ${test.error.hint}`;
    throw invalid([{ path: "dutchie", message }], { test });
  }
  const dutchie_location_id = candidate.location_id ?? test.location?.dutchie_location_id ?? null;
  return { test, profile: test.profile, auth: test.auth, dutchie_location_id };
}

/** Throws if they do not open: then a key was removed from CREDENTIAL_KEYS too early, which is our fault. */
export async function storedCredentials(c: AppContext, row: LocationRow): Promise<Credentials> {
  const opened = await openCredentials(c.var.config.credential_keys, row.location_id, row.credentials);
  if (!opened.ok) throw new Error(`The credentials of ${row.location_id} do not open`);
  return opened.credentials;
}
