import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { locationStub } from "../../../location/stub.ts";
import { eventStream } from "../../answers/event-stream.ts";
import { ApiError } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, router, secured } from "../../router.ts";

const stream = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/status/stream",
  tags: ["Syncing"],
  summary: "A store's status as server-sent events, at each change (viewer)",
  description:
    "The event `status` has the same JSON as the status. The first one comes at once, the others at most four times a " +
    "second. The event `changed` says that records changed: `{ sequence, resource, ids, count }`, with the first 100 ids; read these " +
    "again, or the list if there are fewer ids than changes. A comment comes every 15 s. A client that sends `Last-Event-ID` and has missed nothing gets a comment first. " +
    "The stream ends when the token expires.",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: z.object({
      access_token: z.string().optional().openapi({ description: "For EventSource, which cannot send headers" }),
    }),
    headers: z.object({ "last-event-id": z.string().max(100).optional() }),
  },
  responses: {
    200: {
      description: "Events, until one side ends the stream",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...commonErrors(),
  },
});

export const statusStreamRoutes = router().openapi(stream, async (c) => {
  const { location_id } = await storeOf(c, c.req.valid("param").location_id);
  const upgrade = { headers: { upgrade: "websocket" } };
  const { webSocket } = await locationStub(c.env, location_id).fetch("https://location/live", upgrade);
  if (webSocket === null) {
    throw new ApiError("UNAVAILABLE", "The live status is not available right now. Try again in a moment.", {
      retry_after_seconds: 5,
    });
  }
  return eventStream(webSocket, {
    last_id: c.req.header("last-event-id") ?? null,
    ends_at: c.var.caller.expires_at,
  });
});
