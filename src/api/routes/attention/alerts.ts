import { createRoute, z } from "@hono/zod-openapi";
import { filterText, listOf, pageQuery } from "../../../contract/http/common.ts";
import { acknowledgement, alert } from "../../../contract/http/status.ts";
import { accountsDb } from "../../../db/databases.ts";
import { acknowledgeAlert, listAlerts } from "../../../db/queries/list-alerts.ts";
import { alertJson } from "../../../location/status/render.ts";
import { tellChanged } from "../../../location/status/tell-changed.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { beganAnew, notFound } from "../../errors.ts";
import { deciderOf } from "../../requests/caller.ts";
import type { AppContext } from "../../requests/context.ts";
import { storesAsked } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured, writeErrors } from "../../router.ts";

const tags = ["Putting things right"];

const list = createRoute({
  method: "get",
  path: "/v1/alerts",
  tags,
  summary: "Alerts of all stores (viewer)",
  ...secured("viewer"),
  request: { query: pageQuery.extend({ location_id: filterText, state: z.enum(["firing", "resolved"]).optional() }) },
  responses: { 200: json(listOf(alert), "Alerts"), ...commonErrors() },
});

const acknowledge = createRoute({
  method: "post",
  path: "/v1/alerts/{alert_id}/acknowledge",
  tags,
  summary: "Acknowledge an alert: its reminders stop, and `stock_ended` and `mass_change` end (manager)",
  ...secured("manager"),
  request: {
    params: z.object({ alert_id: z.string() }),
    body: { required: false, content: { "application/json": { schema: acknowledgement } } },
  },
  responses: { 200: json(alert, "The alert"), ...writeErrors() },
});

export const alertRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor, location_id, state = null } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const rows = await listAlerts(accountsDb(c.env), await storesAsked(c, location_id), state, {
      after,
      limit: limit + 1,
    });
    return c.json(
      toPage(rows.map(alertJson), { limit, list: c.req.path }, (row) => [row.alert_id]),
      200,
    );
  })
  .openapi(acknowledge, async (c) => {
    const { alert_id } = c.req.valid("param");
    return c.json(alertJson(await acknowledgeShown(c, alert_id, c.req.valid("json"))), 200);
  });

/** Acknowledges the alert as it was shown: one that began anew since is a conflict. */
export async function acknowledgeShown(
  c: AppContext,
  alert_id: string,
  { reason, started_at }: z.output<typeof acknowledgement>,
) {
  const row = await acknowledgeAlert(accountsDb(c.env), c.var.caller, alert_id, {
    ...deciderOf(c.var.caller, reason),
    started_at,
    now: c.var.deps.now(),
  });
  if (row === null) throw notFound("alert");
  if (started_at !== undefined && row.started_at !== started_at) throw beganAnew(row.started_at);
  await tellChanged(c.env, [row.location_id]);
  return row;
}
