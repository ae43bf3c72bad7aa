import { createRoute, z } from "@hono/zod-openapi";
import { flag, listOf, locationPath, pageQuery } from "../../../contract/http/common.ts";
import { location as locationSchema } from "../../../contract/http/locations.ts";
import { MESSAGE_VERSION, type SyncMessage } from "../../../contract/messages.ts";
import { accountsDb } from "../../../db/databases.ts";
import { disconnectLocation, listLocations } from "../../../db/locations.ts";
import { locationStub } from "../../../location/stub.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { locationJson } from "../../answers/location-json.ts";
import { changedMeanwhile } from "../../errors.ts";
import { storeEvenDeleted, storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured, writeErrors } from "../../router.ts";
import { knownStores } from "../../webhooks/isolate-stores.ts";

const list = createRoute({
  method: "get",
  path: "/v1/locations",
  tags: ["Connecting"],
  summary: "The stores that are connected (viewer)",
  ...secured("viewer"),
  request: { query: pageQuery },
  responses: { 200: json(listOf(locationSchema), "Stores by id"), ...commonErrors() },
});

const get = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}",
  tags: ["Connecting"],
  summary: "One store (viewer)",
  ...secured("viewer"),
  request: { params: locationPath },
  responses: { 200: json(locationSchema, "The store"), ...commonErrors() },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/locations/{location_id}",
  tags: ["Connecting"],
  summary: "Disconnect a store: its syncs and webhooks stop (admin)",
  description:
    "With `purge=true` its records are deleted, too. That also works later, after the store was disconnected. To repeat a call changes nothing.",
  ...secured("admin"),
  request: { params: locationPath, query: z.object({ purge: flag }) },
  responses: { 204: { description: "It is disconnected" }, ...writeErrors() },
});

export const locationRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const rows = await listLocations(accountsDb(c.env), c.var.caller, { after, limit: limit + 1 });
    const { data, next_cursor } = toPage(rows, { limit, list: c.req.path }, (row) => [row.location_id]);
    return c.json(
      {
        data: data.map((row) => locationJson(row, c.var)),
        next_cursor,
      },
      200,
    );
  })
  .openapi(get, async (c) => {
    const row = await storeOf(c, c.req.valid("param").location_id);
    return c.json(locationJson(row, c.var), 200);
  })
  .openapi(remove, async (c) => {
    const { location_id } = c.req.valid("param");
    const { purge } = c.req.valid("query");
    const row = await storeEvenDeleted(c, location_id);
    // The row first: it keeps webhooks, cron and the API out. If something fails after it, the caller asks again, and a
    // Location that wakes finds its row deleted.
    const change = {
      ...(row.deleted_at === null ? disconnected(c.var.deps.now()) : {}),
      ...(purge ? NAMELESS : {}),
    };
    const isDone = Object.keys(change).length === 0;
    if (!isDone && !(await disconnectLocation(accountsDb(c.env), row, change))) throw changedMeanwhile();
    knownStores(c.env).forget(location_id);
    await locationStub(c.env, location_id).disconnect();
    if (purge) {
      await c.env.CHORES.send({
        kind: "purge",
        v: MESSAGE_VERSION,
        location_id,
        request_id: c.var.requestId,
      } satisfies SyncMessage);
    }
    return c.body(null, 204);
  });

/** The keys are deleted at once: nothing needs them any more. */
const disconnected = (now: number) => ({
  state: "disconnected" as const,
  deleted_at: now,
  next_sync_at: null,
  credentials: "",
  webhook_secrets: [],
  customer_pepper: null,
});

/** Its records are being deleted: whoever connects the Dutchie location again gets a new store. */
const NAMELESS = { endpoint: "", dutchie_location_id: null, api_key_hint: "" };
