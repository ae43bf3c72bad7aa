import { createRoute, z } from "@hono/zod-openapi";
import {
  createLocation,
  type DutchieInput,
  location as locationSchema,
  webhookSecret,
} from "../../../contract/http/locations.ts";
import { accountsDb } from "../../../db/databases.ts";
import {
  type DutchieIdentity,
  deleteLocation,
  findDisconnected,
  findLocation,
  findTwin,
  type LocationRow,
  updateUnchanged,
} from "../../../db/locations.ts";
import { DEFAULT_SETTINGS, mergeSettings } from "../../../domain/settings.ts";
import { toHex } from "../../../domain/values/hex.ts";
import { locationStub } from "../../../location/stub.ts";
import { type Credentials, sealCredentials } from "../../../security/credentials.ts";
import { keyHint } from "../../../security/hint.ts";
import { locationJson, webhookUrl } from "../../answers/location-json.ts";
import { ApiError, notFound } from "../../errors.ts";
import { acceptedEndpoint, neededResources, testedConnection } from "../../requests/connect.ts";
import { alreadyConnected, insertStore, nameOfNew, takeUpStore } from "../../requests/connect-store.ts";
import type { AppContext } from "../../requests/context.ts";
import { retailerOf } from "../../requests/retailer-of.ts";
import { errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";
import { newWebhookSecret } from "../../webhooks/secrets.ts";

const create = createRoute({
  method: "post",
  path: "/v1/locations",
  tags: ["Connecting"],
  summary: "Connect a store (admin)",
  description:
    "The connection is tested first. If the test fails, nothing is saved and `details.test` says why. A Dutchie location that " +
    "was disconnected is 409 with `details.disconnected_location_id`, unless `reconnect` is true.",
  ...secured("admin"),
  request: { body: jsonBody(createLocation) },
  responses: {
    201: json(
      z.object({ location: locationSchema, webhook: webhookSecret }),
      "The store, and its webhook secret, which is shown only here",
    ),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

export const locationCreateRoutes = router().openapi(create, async (c) => {
  const given = c.req.valid("json");
  const { dutchie, settings = {}, reconnect_location_id } = given;
  const reconnect = given.reconnect || reconnect_location_id !== undefined;
  const { config, deps } = c.var;
  const retailer_id = retailerOf(c, "connect another one");
  if (!reconnect) nameOfNew(given);
  if (reconnect_location_id !== undefined) await refuseUnlessDisconnected(c, reconnect_location_id);
  const endpoint = acceptedEndpoint(c, dutchie.endpoint);
  const { data_types } = mergeSettings(DEFAULT_SETTINGS, settings);
  const tested = await testedConnection(c, { ...dutchie, endpoint }, neededResources(data_types));

  const { dutchie_location_id, profile, auth } = tested;
  const identity = { retailer_id, endpoint, dutchie_location_id, api_key_hint: keyHint(dutchie.api_key) };
  const before = await findDisconnected(accountsDb(c.env), identity, reconnect_location_id);
  if (before === null && reconnect_location_id !== undefined) throw await notThatStore(c, identity);
  if (before !== null && !reconnect) throw wasDisconnected(before);
  const location_id = before?.location_id ?? newLocationId();
  const now = deps.now();
  const fresh = await newWebhookSecret(config, location_id);
  const connected = {
    ...identity,
    location_id,
    profile,
    auth,
    credentials: await sealCredentials(config.credential_keys, location_id, pickKeys(dutchie)),
    webhook_scheme: { kind: "standard" as const },
    webhook_secrets: [fresh.sealed],
    webhook_secret_hint: fresh.hint,
    // Due at once: cron starts the first sync if nobody else does.
    next_sync_at: now,
    wake_at: now,
    deleted_at: null,
    now,
  };
  const row =
    before === null ? await insertStore(c, given, connected) : await takeUpStore(c, { given, before }, connected);
  await announce(c, row, before);
  const webhook = { url: webhookUrl(config.public_url, location_id), secret: fresh.secret };
  return c.json({ location: locationJson(row, c.var), webhook }, 201);
});

/** Before the connection is tested, which may take a minute. A store whose records are being deleted has no address any more. */
async function refuseUnlessDisconnected(c: AppContext, location_id: string): Promise<void> {
  const named = await findLocation(accountsDb(c.env), location_id);
  if (named?.retailer_id !== c.var.caller.retailer_id) throw notFound("location");
  if (named.deleted_at === null) {
    throw new ApiError("CONFLICT", "The store is connected already.", { details: { location_id } });
  }
  if (named.endpoint === "")
    throw new ApiError("CONFLICT", "The store's records are being deleted. Connect it as a new store.");
}

/** The records of one store must not be taken up with the connection of another. */
async function notThatStore(c: AppContext, identity: DutchieIdentity): Promise<ApiError> {
  if ((await findTwin(accountsDb(c.env), identity, "")) !== null) return alreadyConnected(c, identity, "");
  return new ApiError(
    "CONFLICT",
    "This connection leads to another Dutchie location than the store's, or Dutchie does not name its location and the API key " +
      "is another one. So the store was not reconnected. Enter the address and the API key of its own location, or connect " +
      "this one as a new store.",
  );
}

/** Its records would be there twice, and nobody would find the old ones. */
function wasDisconnected({ location_id, name }: LocationRow): ApiError {
  const message =
    `This Dutchie location was connected as "${name}" and disconnected; its records are still here. Connect it with ` +
    "reconnect: true to take them up again, or delete them first (DELETE …?purge=true).";
  return new ApiError("CONFLICT", message, { details: { disconnected_location_id: location_id } });
}

/**
 * Removes the store again, or disconnects it, if its Location cannot be reached: it would never sync, and its secret was not
 * shown yet.
 */
async function announce(c: AppContext, row: LocationRow, before: LocationRow | null): Promise<void> {
  try {
    await locationStub(c.env, row.location_id).configured();
  } catch (error) {
    if (before === null) await deleteLocation(accountsDb(c.env), row.location_id);
    else await updateUnchanged(accountsDb(c.env), row, before);
    throw error;
  }
}

/** Only the keys are sealed. */
function pickKeys({ api_key, integrator_key }: DutchieInput): Credentials {
  return integrator_key === undefined ? { api_key } : { api_key, integrator_key };
}

/** 64 random bits: hard to guess, short enough to read out. */
function newLocationId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `loc_${toHex(bytes)}`;
}
