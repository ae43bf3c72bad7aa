import { createRoute } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import {
  type CustomerFigures,
  customerInsights,
  insightsQuery,
  type SalesFigures,
  salesInsights,
  salesInsightsQuery,
} from "../../../contract/http/insights.ts";
import { type RecordsDb, recordsDb } from "../../../db/databases.ts";
import { findInsights, keepInsights } from "../../../db/insights/cache.ts";
import { customerInsights as computeCustomers } from "../../../db/insights/customers.ts";
import { salesInsights as computeSales } from "../../../db/insights/sales.ts";
import type { LocationRow } from "../../../db/locations.ts";
import { rolledUntil } from "../../../db/roll-up.ts";
import { type InsightsWindow, insightsWindow } from "../../../domain/insights/window.ts";
import { iso, isoOrNull } from "../../../domain/values/iso.ts";
import { localDay } from "../../../domain/values/zone.ts";
import { ApiError, invalid } from "../../errors.ts";
import type { AppContext } from "../../requests/context.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, router, secured } from "../../router.ts";

const tags = ["Insights"];

const sales = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/insights/sales",
  tags,
  summary: "What sells, what does not, and how long stock lasts (viewer)",
  ...secured("viewer"),
  request: { params: locationPath, query: salesInsightsQuery },
  responses: { 200: json(salesInsights, "The figures; each field says what it counts"), ...commonErrors() },
});

const customers = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/insights/customers",
  tags,
  summary: "How customers buy and come again, as counts and distributions only (viewer)",
  description:
    "Computed from sales with pseudonyms: no customer's name or id is stored. 409 while `settings.data_types.customers` " +
    "is off, which is the default.",
  ...secured("viewer"),
  request: { params: locationPath, query: insightsQuery },
  responses: {
    200: json(customerInsights, "The figures; each field says what it counts"),
    ...commonErrors(),
    ...errorResponses("CONFLICT"),
  },
});

export const insightRoutes = router()
  .openapi(sales, async (c) => {
    const { from, to, limit } = c.req.valid("query");
    const row = await storeOf(c, c.req.valid("param").location_id);
    const window = windowOf(c, row, { from, to });
    const { document, ...head } = await ofToday<SalesFigures>(c, row, window, {
      kind: "sales",
      pepper_id: null,
      compute: (db) => computeSales(db, row.location_id, window),
    });
    const { top, slow, ...rest } = document;
    return c.json({ ...head, ...rest, top: top.slice(0, limit), slow: slow.slice(0, limit) }, 200);
  })
  .openapi(customers, async (c) => {
    const row = await storeOf(c, c.req.valid("param").location_id);
    const pepper_id = row.settings.data_types.customers ? row.customer_pepper?.id : undefined;
    if (pepper_id === undefined) throw off(row);
    const window = windowOf(c, row, c.req.valid("query"));
    const until = await rolledUntil(recordsDb(c.env, row), row.location_id);
    if (window.start < until) throw onlyDays(row, until);
    const { document, ...head } = await ofToday<CustomerFigures>(c, row, window, {
      kind: "customers",
      pepper_id,
      compute: (db) => computeCustomers(db, { location_id: row.location_id, pepper_id }, window),
    });
    return c.json({ ...head, ...document, known_since: isoOrNull(document.known_since) }, 200);
  });

function off({ settings }: LocationRow): ApiError {
  const message =
    "Customers are switched off for this store. An admin can switch them on in its settings, or with PATCH " +
    '{"settings": {"data_types": {"customers": true}}}. Then the sales of the last ' +
    `${settings.sales_history_days} days are read again.`;
  return new ApiError("CONFLICT", message, { details: { setting: "data_types.customers" } });
}

/** What a customer bought is known from the lines of their sales. */
function onlyDays({ time_zone }: LocationRow, until: number): ApiError {
  const day = localDay(until, time_zone);
  return invalid([
    { path: "from", message: `must not be before ${day}: older sales are kept as sums per day and product` },
  ]);
}

function windowOf(
  c: AppContext,
  { time_zone }: LocationRow,
  asked: { from?: string | undefined; to?: string | undefined },
): InsightsWindow {
  const result = insightsWindow(asked, time_zone, c.var.deps.now());
  if (!result.ok) throw invalid([{ path: result.path, message: result.message }]);
  return result.window;
}

/** Computed once per local day, because it reads all sales. `pepper_id` keeps insights of deleted pseudonyms from being shown. */
async function ofToday<T>(
  c: AppContext,
  location: LocationRow,
  { from, to, today }: InsightsWindow,
  asked: { kind: "sales" | "customers"; pepper_id: string | null; compute: (db: RecordsDb) => Promise<T> },
): Promise<{ from: string; to: string; time_zone: string; computed_at: string; document: T }> {
  const { kind, pepper_id, compute } = asked;
  const { location_id, time_zone } = location;
  const db = recordsDb(c.env, location);
  const key = { location_id, kind, parameters: JSON.stringify({ from, to, time_zone, pepper_id }) };
  const known = await findInsights(db, key, today);
  if (known !== null) {
    return { from, to, time_zone, computed_at: iso(known.computed_at), document: known.document as T };
  }
  const computed_at = c.var.deps.now();
  const document = await compute(db);
  await keepInsights(db, { ...key, day: today, computed_at, document });
  return { from, to, time_zone, computed_at: iso(computed_at), document };
}
