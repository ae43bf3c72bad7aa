import { createRoute, z } from "@hono/zod-openapi";
import { listOf, locationPath, pageQuery } from "../../../contract/http/common.ts";
import { webhookEvent } from "../../../contract/http/records.ts";
import { locationStub } from "../../../location/stub.ts";
import { decodeCursor, encodeCursor } from "../../answers/cursor.ts";
import { ApiError, notFound } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, router, secured, writeErrors } from "../../router.ts";

const tags = ["Putting things right"];
const eventPath = locationPath.extend({ event_id: z.string() });

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/events",
  tags,
  summary: "The webhooks of the last 30 days, newest first (viewer)",
  ...secured("viewer"),
  request: { params: locationPath, query: pageQuery.extend({ outcome: webhookEvent.shape.outcome.optional() }) },
  responses: { 200: json(listOf(webhookEvent), "Webhooks, without their bodies"), ...commonErrors() },
});

const get = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/events/{event_id}",
  tags,
  summary: "One webhook with its body (viewer)",
  ...secured("viewer"),
  request: { params: eventPath },
  responses: { 200: json(webhookEvent, "The webhook"), ...commonErrors() },
});

const replay = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/events/{event_id}/replay",
  tags,
  summary: "Apply a webhook again; a stale one stays stale (manager)",
  ...secured("manager"),
  request: { params: eventPath },
  responses: {
    202: json(z.object({ status: z.literal("accepted"), event_id: z.string() }), "It will be applied again"),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

export const eventRoutes = router()
  .openapi(list, async (c) => {
    const { location_id } = await storeOf(c, c.req.valid("param").location_id);
    const { limit, cursor, outcome = null } = c.req.valid("query");
    // The Location has its own cursors. They are wrapped here, so that a cursor it did not give out is refused.
    const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const page = await locationStub(c.env, location_id).listEvents({ outcome, cursor: after, limit });
    const next_cursor = page.next_cursor === null ? null : encodeCursor([page.next_cursor], c.req.path);
    return c.json({ data: page.data, next_cursor }, 200);
  })
  .openapi(get, async (c) => {
    const { location_id, event_id } = c.req.valid("param");
    await storeOf(c, location_id);
    const event = await locationStub(c.env, location_id).getEvent(event_id);
    if (event === null) throw notFound("event");
    return c.json(event, 200);
  })
  .openapi(replay, async (c) => {
    const { location_id, event_id } = c.req.valid("param");
    await storeOf(c, location_id);
    const result = await locationStub(c.env, location_id).replayEvent(event_id, c.var.requestId);
    if (result.ok) return c.json({ status: "accepted" as const, event_id }, 202);
    if (result.reason === "not_found") throw notFound("event");
    throw new ApiError(
      "CONFLICT",
      "The event is too large to be sent again. Start a sync: it reads the same data from Dutchie.",
    );
  });
