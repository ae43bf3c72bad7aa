import { createRoute, z } from "@hono/zod-openapi";
import { locationPath, PAGE_ROWS } from "../../../contract/http/common.ts";
import { fleet, fleetQuery, type LocationSummaryJson, type StatusJson, status } from "../../../contract/http/status.ts";
import { accountsDb } from "../../../db/databases.ts";
import { type LocationSummary, listDisconnected, listSummaries } from "../../../db/locations.ts";
import { countOpenReviews } from "../../../db/queries/count-open-reviews.ts";
import { listFiring } from "../../../db/queries/list-alerts.ts";
import { fleetOf, fleetSummary } from "../../../domain/alerts/fleet.ts";
import type { HealthFacts } from "../../../domain/alerts/health.ts";
import { errorRateUntil, hourCells } from "../../../domain/runs/hour-cells.ts";
import { isoOrNull } from "../../../domain/values/iso.ts";
import { faresJson, standingOfRow } from "../../../location/status/standing.ts";
import { locationStub } from "../../../location/stub.ts";
import { matchesEtag } from "../../answers/etag.ts";
import { jsonText } from "../../answers/json-text.ts";
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
  description:
    "A poll that takes seconds is not shown as activity; `last_success_at` moves when it ends. Disconnected stores whose records " +
    "are still there are counted, and listed only by `health=disconnected`.",
  ...secured("viewer"),
  request: { query: fleetQuery },
  responses: { 200: json(fleet, "One line per store"), ...commonErrors() },
});

export const statusRoutes = router()
  .openapi(one, async (c) => {
    const { location_id } = c.req.valid("param");
    await checkStore(c, location_id);
    const current = await locationStub(c.env, location_id).statusText();
    if (current === null || current.is_disconnected) throw notFound("location");
    const etag = `W/"${current.id}"`;
    c.header("ETag", etag);
    c.header("Cache-Control", "private, no-cache");
    if (matchesEtag(c.req.header("if-none-match"), etag)) return c.body(null, 304);
    return jsonText<StatusJson>(c, current.json);
  })
  .openapi(all, async (c) => {
    const given = c.req.valid("query");
    const accounts = accountsDb(c.env);
    const [rows, disconnected, firing] = await Promise.all([
      listSummaries(accounts, c.var.caller),
      listDisconnected(accounts, c.var.caller),
      listFiring(accounts, c.var.caller),
    ]);
    const reviews = await countOpenReviews(c.env, rows);
    const alerts = Map.groupBy(firing, ({ location_id }) => location_id);
    const now = c.var.deps.now();
    const connected = rows.map((row) =>
      summaryJson(row, {
        alerts: alerts.get(row.location_id) ?? [],
        reviews: reviews.get(row.location_id) ?? null,
        now,
      }),
    );
    // Nobody can decide anything about them.
    const others = disconnected.map((row) => summaryJson(row, { alerts: [], reviews: { open: 0, since: null }, now }));
    const stores = [...connected, ...others];
    const summary = fleetSummary(stores);
    const unread_stores = rows.flatMap(({ location_id }) => (reviews.has(location_id) ? [] : [location_id]));
    const found = fleetOf(stores, given);
    if (given.page === undefined && given.limit === undefined)
      return c.json({ data: found, summary, unread_stores }, 200);
    const { page = 1, limit = PAGE_ROWS } = given;
    const data = found.slice((page - 1) * limit, page * limit);
    return c.json({ data, summary, unread_stores, pagination: { page, limit, total: found.length } }, 200);
  });

function summaryJson(
  row: LocationSummary,
  known: Pick<HealthFacts, "alerts" | "reviews" | "now">,
): LocationSummaryJson {
  const { location_id, name, state, error_rate_24h, last_success_at, deleted_at, settings } = row;
  const outcomes = row.standing?.hours ?? [];
  return {
    location_id,
    name,
    state,
    ...faresJson({ ...known, settings, is_connected: deleted_at === null, standing: standingOfRow(row) }),
    last_success_at: isoOrNull(last_success_at),
    disconnected_at: isoOrNull(deleted_at),
    error_rate_24h: errorRateUntil(error_rate_24h, outcomes, known.now),
    open_reviews: known.reviews?.open ?? null,
    active_alerts: known.alerts.length,
    hours: hourCells(outcomes, known.now),
  };
}
