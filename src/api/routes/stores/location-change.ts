import { createRoute } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import {
  type ChangeLocation,
  changeLocation,
  type DutchiePatch,
  location as locationSchema,
} from "../../../contract/http/locations.ts";
import { MESSAGE_VERSION, type SyncMessage } from "../../../contract/messages.ts";
import { accountsDb, recordsDb } from "../../../db/databases.ts";
import { findTwin, type LocationChange, type LocationRow, updateUnchanged } from "../../../db/locations.ts";
import { hasRecords } from "../../../db/queries/has-records.ts";
import type { Settings } from "../../../domain/records/model.ts";
import { mergeSettings } from "../../../domain/settings.ts";
import { locationStub } from "../../../location/stub.ts";
import { type Credentials, sealCredentials } from "../../../security/credentials.ts";
import { isSameOrigin } from "../../../security/endpoint.ts";
import { keyHint } from "../../../security/hint.ts";
import { newPepper } from "../../../security/pepper.ts";
import { locationJson } from "../../answers/location-json.ts";
import { ApiError, changedMeanwhile, invalid } from "../../errors.ts";
import { acceptedEndpoint, neededResources, storedCredentials, testedConnection } from "../../requests/connect.ts";
import { alreadyConnected } from "../../requests/connect-store.ts";
import type { AppContext } from "../../requests/context.ts";
import { storeOf } from "../../requests/store-of.ts";
import { errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";
import { knownStores } from "../../webhooks/isolate-stores.ts";

const change = createRoute({
  method: "patch",
  path: "/v1/locations/{location_id}",
  tags: ["Connecting"],
  summary: "Change a store; settings are merged (admin)",
  description:
    "A new connection is tested before it replaces the current one. Switching `data_types.customers` off deletes all " +
    "pseudonyms of the store's customers, the key that makes them, and the insights computed from them. Switching it on " +
    "reads the sales of `sales_history_days` again.",
  ...secured("admin"),
  request: { params: locationPath, body: jsonBody(changeLocation) },
  responses: {
    200: json(locationSchema, "The store as it is now"),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

/** How often a change of settings is merged anew, because somebody else saved others at the same moment. */
const MERGES = 5;

export const locationChangeRoutes = router().openapi(change, async (c) => {
  const { location_id } = c.req.valid("param");
  const given = c.req.valid("json");
  const { row, changed } = await saved(c, location_id, given);
  knownStores(c.env).forget(location_id);
  await locationStub(c.env, location_id).configured();
  // Only now, when the Location knows the change: from here on nothing writes another pseudonym.
  if (given.settings?.data_types?.customers !== undefined) {
    await c.env.CHORES.send({
      kind: "forget_customers",
      v: MESSAGE_VERSION,
      location_id,
      request_id: c.var.requestId,
    } satisfies SyncMessage);
  }
  return c.json(locationJson({ ...row, ...changed }, c.var), 200);
});

/** Saves a change over what others saved meanwhile: settings are merged into theirs; a new connection is 409. */
async function saved(
  c: AppContext,
  location_id: string,
  { name, time_zone, dutchie, settings: patch }: ChangeLocation,
) {
  for (let merges = 1; ; merges++) {
    const row = await storeOf(c, location_id);
    const settings = patch === undefined ? row.settings : mergeSettings(row.settings, patch);
    const changed: LocationChange = {
      ...(name === undefined ? {} : { name }),
      ...(time_zone === undefined ? {} : { time_zone }),
      ...(patch === undefined ? {} : { settings, ...(await pepperFor(c, row, settings)) }),
      ...(dutchie === undefined ? {} : await reconnect(c, row, dutchie, settings)),
    };
    if (await updateUnchanged(accountsDb(c.env), row, changed)) return { row, changed };
    // The test of a connection takes up to a minute: nobody waits for a second one.
    if (dutchie !== undefined || merges === MERGES) throw changedMeanwhile();
  }
}

/** A store has a pepper while customers are on. Each time it is a new one, so that deleted pseudonyms never come back. */
async function pepperFor(c: AppContext, row: LocationRow, settings: Settings): Promise<LocationChange> {
  if (!settings.data_types.customers) return { customer_pepper: null };
  if (row.customer_pepper !== null) return {};
  return { customer_pepper: await newPepper(c.var.config.credential_keys, row.location_id) };
}

/** Applies the patch to the connection and tests the result. */
async function reconnect(
  c: AppContext,
  row: LocationRow,
  patch: DutchiePatch,
  settings: Settings,
): Promise<LocationChange> {
  const endpoint = patch.endpoint === undefined ? row.endpoint : acceptedEndpoint(c, patch.endpoint);
  const stored = await storedCredentials(c, row);
  if (!isSameOrigin(endpoint, row.endpoint)) refuseStoredParts(stored, patch);
  const credentials = merged(stored, patch);
  const location_id = patch.location_id ?? row.dutchie_location_id;
  const tested = await testedConnection(
    c,
    {
      endpoint,
      ...credentials,
      ...(location_id === null ? {} : { location_id }),
      profile: patch.profile ?? row.profile,
      auth: patch.auth ?? row.auth,
    },
    neededResources(settings.data_types),
  );
  await refuseAnotherStore(c, row, tested.dutchie_location_id);
  const identity = {
    retailer_id: row.retailer_id,
    endpoint,
    dutchie_location_id: tested.dutchie_location_id,
    api_key_hint: keyHint(credentials.api_key),
  };
  const twin = await findTwin(accountsDb(c.env), identity, row.location_id);
  if (twin !== null) throw await alreadyConnected(c, identity, row.location_id);
  return {
    endpoint,
    dutchie_location_id: tested.dutchie_location_id,
    profile: tested.profile,
    auth: tested.auth,
    api_key_hint: identity.api_key_hint,
    credentials: await sealCredentials(c.var.config.credential_keys, row.location_id, credentials),
  };
}

/** A new host gets nothing that is stored; otherwise the holder of an admin's token could have it sent to a host of his own. */
function refuseStoredParts(stored: Credentials, patch: DutchiePatch): void {
  const missing: [string, string][] = [];
  if (patch.api_key === undefined) {
    missing.push(["dutchie.api_key", "must be given again when the endpoint's host, port or scheme changes"]);
  }
  if (stored.integrator_key !== undefined && patch.integrator_key === undefined) {
    const message =
      "must be given again when the endpoint's host, port or scheme changes; null if there is none any more";
    missing.push(["dutchie.integrator_key", message]);
  }
  if (missing.length > 0) throw invalid(missing.map(([path, message]) => ({ path, message })));
}

/** The stored integrator key stays unless the patch gives another one, or null to remove it. */
function merged(stored: Credentials, patch: DutchiePatch): Credentials {
  const api_key = patch.api_key ?? stored.api_key;
  const integrator_key = patch.integrator_key === undefined ? stored.integrator_key : patch.integrator_key;
  return integrator_key === undefined || integrator_key === null ? { api_key } : { api_key, integrator_key };
}

/**
 * The records of a store belong to one Dutchie location. With another one, all products would seem to be gone and as many
 * new ones to have come.
 */
async function refuseAnotherStore(c: AppContext, row: LocationRow, dutchie_location_id: string | null): Promise<void> {
  const known = row.dutchie_location_id;
  if (known === null || known === dutchie_location_id) return;
  // A store that never synced may have records of webhooks, or of a first sync that was cancelled. One whose first sync failed may
  // have none, but it remembers what it has read of that location.
  if (row.state === "never_synced" && !(await hasRecords(recordsDb(c.env, row), row.location_id))) return;
  const message = `This store belongs to Dutchie location ${known}. Connect the other location as a new store.`;
  throw new ApiError("CONFLICT", message, { details: { dutchie_location_id: known } });
}
