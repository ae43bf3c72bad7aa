import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { locationSummary } from "../../../contract/http/locations.ts";
import { status } from "../../../contract/http/status.ts";
import { accountsDb } from "../../../db/databases.ts";
import { listSummaries } from "../../../db/locations.ts";
import { countOpenReviews } from "../../../db/queries/count-open-reviews.ts";
import { isoOrNull } from "../../../domain/values/iso.ts";
import { locationStub } from "../../../location/stub.ts";
import { etagOf, matchesEtag } from "../../answers/etag.ts";
import { notFound } from "../../errors.ts";
import { checkStore } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const tags = ["Syncing"];

const one = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/status",
  tags,
  summary: "The status of a store's sync (viewer)",
  ...secured("viewer"),
  request: { params: locationPath, headers: z.object({ "if-none-match": z.string().optional() }) },
  responses: {
    200: json(status, "The status, with an ETag"),
    304: { description: "Nothing has changed since the ETag of If-None-Match" },
    ...commonErrors(),
  },
});

const all = createRoute({
  method: "get",
  path: "/v1/status",
  tags,
  summary: "All stores at a glance (viewer)",
  ...secured("viewer"),
  responses: { 200: json(z.object({ data: z.array(locationSummary) }), "One line per store"), ...commonErrors() },
});

export const statusRoutes = router()
  .openapi(one, async (c) => {
    const { location_id } = c.req.valid("param");
    await checkStore(c, location_id);
    const current = await locationStub(c.env, location_id).status();
    if (current === null || current.state === "disconnected") throw notFound("location");
    const etag = await etagOf({ ...current, updated_at: null });
    c.header("ETag", etag);
    c.header("Cache-Control", "private, no-cache");
    if (matchesEtag(c.req.header("if-none-match"), etag)) return c.body(null, 304);
    return c.json(current, 200);
  })
  .openapi(all, async (c) => {
    const rows = await listSummaries(accountsDb(c.env), c.var.caller);
    const reviews = await countOpenReviews(c.env, rows);
    const data = rows.map(({ shard: _, ...row }) => ({
      ...row,
      last_success_at: isoOrNull(row.last_success_at),
      open_reviews: reviews.get(row.location_id) ?? null,
    }));
    return c.json({ data }, 200);
  });
