import { createRoute, z } from "@hono/zod-openapi";
import { pageQuery } from "../../../contract/http/common.ts";
import { inventorySnapshot } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { listStockAt } from "../../../db/queries/stock-at.ts";
import { endOfDay } from "../../../domain/records/stock-at.ts";
import { logBegin } from "../../../domain/retention.ts";
import { iso } from "../../../domain/values/iso.ts";
import { round4 } from "../../../domain/values/number.ts";
import { localDay } from "../../../domain/values/zone.ts";
import { decodeCursor, encodeCursor } from "../../answers/cursor.ts";
import { ApiError, invalid } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const snapshot = createRoute({
  method: "get",
  path: "/v1/inventory/snapshot",
  tags: ["Records"],
  summary: "Stock at the end of a day, by the store's own time (viewer)",
  description:
    "Made of today's stock and the change log: what ReUp knew then. Of today, the stock now. 404 for a day before the log begins. " +
    "A page may have fewer rows than `limit`: the list ends with `next_cursor` null.",
  ...secured("viewer"),
  request: {
    query: pageQuery.extend({
      date: z.iso.date().openapi({ example: "2026-11-01" }),
      location_id: z.string().openapi({ example: "loc_5f0c2a9d1b3e4f60" }),
    }),
  },
  responses: { 200: json(inventorySnapshot, "Packages in stock, one row per room"), ...commonErrors() },
});

export const inventorySnapshotRoutes = router().openapi(snapshot, async (c) => {
  const { date, location_id, limit, cursor } = c.req.valid("query");
  const location = await storeOf(c, location_id);
  const { time_zone, created_at } = location;
  const now = c.var.deps.now();
  const since = logBegin(created_at, now);
  const end = endOfDay(date, { time_zone, since, now });
  if (!end.ok && end.reason === "future") {
    const today = localDay(now, time_zone);
    throw invalid([{ path: "date", message: `must not be after today, ${today} in ${time_zone}` }]);
  }
  if (!end.ok) {
    const message = `The change log of this store begins on ${localDay(since, time_zone)}: stock of earlier days is not known.`;
    throw new ApiError("NOT_FOUND", message);
  }
  const after = decodeCursor(z.tuple([z.string(), z.string()]), cursor, c.req.path);
  const { rows, next } = await listStockAt(recordsDb(c.env, location), location_id, end.at, { after, limit });
  const data = rows.map((row) => ({
    id: row.inventory_id,
    inventory_id: row.inventory_id,
    dutchie_inventory_id: row.dutchie_inventory_id,
    location_id,
    product_id: row.product_id,
    product_name: row.product_name,
    sku: row.sku,
    package_id: row.package_id,
    room_type: row.room_type,
    room_name: row.room_name,
    quantity: row.quantity,
    reserved_quantity: row.reserved_quantity,
    available_quantity: round4(row.quantity - row.reserved_quantity),
    unit_cost: row.unit_cost,
    unit_price: row.unit_price,
  }));
  const next_cursor = next === null ? null : encodeCursor(next, c.req.path);
  return c.json({ date, time_zone, as_of: iso(Math.min(end.at, now)), data, next_cursor }, 200);
});
