import { createRoute, z } from "@hono/zod-openapi";
import { flag, listOf, locationPath, pageQuery, timeQuery } from "../../../contract/http/common.ts";
import type { RunJson } from "../../../contract/http/runs.ts";
import { inventorySync, run, startRun } from "../../../contract/http/runs.ts";
import type { StartRunResult } from "../../../contract/location.ts";
import { recordsDb } from "../../../db/databases.ts";
import type { LocationRow } from "../../../db/locations.ts";
import { briefRun, findRun, listRuns } from "../../../db/queries/list-runs.ts";
import { MAX_HISTORY_DAYS } from "../../../domain/bounds.ts";
import { type DataType, namesOf, sentence } from "../../../domain/runs/data-type.ts";
import { DAY_MS } from "../../../domain/runs/run.ts";
import { locationStub } from "../../../location/stub.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { ApiError, invalid, notFound } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const tags = ["Syncing"];
const runPath = locationPath.extend({ run_id: z.string() });

const start = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/syncs",
  tags,
  summary: "Start a run (manager)",
  ...secured("manager"),
  request: { params: locationPath, body: jsonBody(startRun) },
  responses: { 202: json(run, "The run has started"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

const startAsInReup = createRoute({
  method: "post",
  path: "/v1/inventory/sync",
  tags,
  summary: "Start a run, as ReUp's API does; the same as POST …/syncs (manager)",
  ...secured("manager"),
  request: { body: jsonBody(inventorySync) },
  responses: { 202: json(run, "The run has started"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/syncs",
  tags,
  summary: "Runs, newest first (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: pageQuery.extend({
      until: timeQuery.optional().openapi({ description: "Only runs that began before this time" }),
      brief: flag.openapi({
        description: "true: phases, failures and verification are left empty, for charts of many runs",
      }),
    }),
  },
  responses: { 200: json(listOf(run), "Runs"), ...commonErrors() },
});

const get = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/syncs/{run_id}",
  tags,
  summary: "One run (viewer)",
  ...secured("viewer"),
  request: { params: runPath },
  responses: { 200: json(run, "The run"), ...commonErrors() },
});

const cancel = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/syncs/{run_id}/cancel",
  tags,
  summary: "Cancel a run; what it wrote stays (manager)",
  ...secured("manager"),
  request: { params: runPath },
  responses: { 202: json(run, "It is cancelled"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

const rebuild = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/rebuild",
  tags,
  summary: "Rebuild lost or restored records: read everything again, then replay the stored webhooks (admin)",
  ...secured("admin"),
  request: { params: locationPath },
  responses: {
    202: json(run, "The full run has started; when it has ended, the stored webhooks are replayed"),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

export const syncRoutes = router()
  .openapi(start, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { mode, heal, data_types, sales_from } = c.req.valid("json");
    const asked = { mode, heal, trigger: "manual", request_id: c.var.requestId } as const;
    const only = onlyThese(location, { data_types, sales_from, now: c.var.deps.now() });
    const result = await locationStub(c.env, location.location_id).startRun({ ...asked, ...only });
    return c.json(startedRun(result), 202);
  })
  .openapi(startAsInReup, async (c) => {
    const { location_id, sync_type } = c.req.valid("json");
    await storeOf(c, location_id);
    const asked = { mode: sync_type, heal: false, trigger: "manual", request_id: c.var.requestId } as const;
    return c.json(startedRun(await locationStub(c.env, location_id).startRun(asked)), 202);
  })
  .openapi(rebuild, async (c) => {
    const { location_id } = await storeOf(c, c.req.valid("param").location_id);
    return c.json(startedRun(await locationStub(c.env, location_id).rebuild(c.var.requestId)), 202);
  })
  .openapi(list, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { location_id } = location;
    const { limit, cursor, until, brief } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const [ended, live] = await Promise.all([
      listRuns(recordsDb(c.env, location), location_id, { after, until, limit: limit + 1, brief }),
      locationStub(c.env, location_id).currentRun(),
    ]);
    const shown = live !== null && brief ? briefRun(live) : live;
    return c.json(
      toPage(withLive(ended, shown, { after, until }), { limit, list: c.req.path }, ({ run_id }) => [run_id]),
      200,
    );
  })
  .openapi(get, async (c) => {
    const { location_id, run_id } = c.req.valid("param");
    const location = await storeOf(c, location_id);
    const stored = await findRun(recordsDb(c.env, location), location_id, run_id);
    if (stored !== null && stored.finished_at !== null) return c.json(stored, 200);
    const live = await locationStub(c.env, location_id).currentRun();
    const found = live?.run_id === run_id ? live : stored;
    if (found === null) throw notFound("run");
    return c.json(found, 200);
  })
  .openapi(cancel, async (c) => {
    const { location_id, run_id } = c.req.valid("param");
    const location = await storeOf(c, location_id);
    const result = await locationStub(c.env, location_id).cancelRun(run_id);
    if (result.ok) return c.json(result.run, 202);
    if ((await findRun(recordsDb(c.env, location), location_id, run_id)) === null) throw notFound("run");
    throw new ApiError("CONFLICT", "The run is over already.");
  });

/** The list with the live run in place of its stored row, which is as old as its last step; first if it has no row yet. */
function withLive(
  rows: RunJson[],
  live: RunJson | null,
  { after, until = Number.POSITIVE_INFINITY }: { after: string | null; until: number | undefined },
): RunJson[] {
  if (live === null || Date.parse(live.started_at) >= until) return rows;
  const replaced = rows.map((row) => (row.run_id === live.run_id ? live : row));
  return after === null && !replaced.includes(live) ? [live, ...replaced] : replaced;
}

/** Part of a full run, if the store can read it. */
function onlyThese(
  { settings }: LocationRow,
  {
    data_types,
    sales_from,
    now,
  }: { data_types?: DataType[] | undefined; sales_from?: number | undefined; now: number },
) {
  const off = data_types?.filter((type) => !settings.data_types[type]) ?? [];
  if (off.length > 0) {
    const message = `${sentence(namesOf(off))} are switched off for this store: switch them on in its settings first.`;
    throw new ApiError("CONFLICT", message, { details: { data_types: off } });
  }
  if (sales_from !== undefined && (sales_from >= now || sales_from < now - MAX_HISTORY_DAYS * DAY_MS)) {
    throw invalid([{ path: "sales_from", message: `must be in the past, at most ${MAX_HISTORY_DAYS} days ago` }]);
  }
  return { ...(data_types && { types: data_types }), ...(sales_from !== undefined && { sales_from }) };
}

function startedRun(result: StartRunResult): RunJson {
  if (result.ok) return result.run;
  if (result.reason === "running") {
    throw new ApiError("CONFLICT", "Another run is under way.", { details: { run_id: result.run_id } });
  }
  throw new ApiError("CONFLICT", "The store is not connected.");
}
