import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { connectionTest, dutchieInput } from "../../../contract/http/locations.ts";
import { DEFAULT_SETTINGS } from "../../../domain/settings.ts";
import { resealLazily } from "../../../pipeline/sealing/reseal.ts";
import { acceptedEndpoint, neededResources, storedCredentials } from "../../requests/connect.ts";
import { storeOf } from "../../requests/store-of.ts";
import { json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const testNew = createRoute({
  method: "post",
  path: "/v1/connections/test",
  tags: ["Connecting"],
  summary: "Test a connection without saving it (admin)",
  ...secured("admin"),
  request: { body: jsonBody(z.strictObject({ dutchie: dutchieInput })) },
  responses: { 200: json(connectionTest, "The test ran; `ok` says whether it passed"), ...writeErrors() },
});

const testStored = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/test",
  tags: ["Connecting"],
  summary: "Test a store's connection with its stored credentials (manager)",
  ...secured("manager"),
  request: { params: locationPath },
  responses: { 200: json(connectionTest, "The test ran; `ok` says whether it passed"), ...writeErrors() },
});

export const connectionRoutes = router()
  .openapi(testNew, async (c) => {
    const { dutchie } = c.req.valid("json");
    const candidate = { ...dutchie, endpoint: acceptedEndpoint(c, dutchie.endpoint) };
    const needed = neededResources(DEFAULT_SETTINGS.data_types);
    return c.json(await c.var.deps.testConnection(candidate, needed), 200);
  })
  .openapi(testStored, async (c) => {
    const row = await storeOf(c, c.req.valid("param").location_id);
    const credentials = await storedCredentials(c, row);
    await resealLazily(c.env, row);
    const candidate = {
      // Checked again: a database copied from development may contain endpoints that are allowed only there.
      endpoint: acceptedEndpoint(c, row.endpoint),
      ...credentials,
      ...(row.dutchie_location_id === null ? {} : { location_id: row.dutchie_location_id }),
      profile: row.profile,
      auth: row.auth,
    };
    const needed = neededResources(row.settings.data_types);
    return c.json(await c.var.deps.testConnection(candidate, needed), 200);
  });
