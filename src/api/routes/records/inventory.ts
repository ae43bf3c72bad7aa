import { createRoute, z } from "@hono/zod-openapi";
import { csvContent, filterText, flag, listOf, locationPath, pageQuery } from "../../../contract/http/common.ts";
import { type InventoryJson, inventoryRow, roomType } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { type InventoryKey, listInventory } from "../../../db/queries/list-inventory.ts";
import { csvResponse, wantsCsv } from "../../answers/csv.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { inventoryJson } from "../../answers/record-json.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const lowStock = flag.openapi({
  description:
    "Only stock of which no more is available than the store's low_stock_threshold; sold-out packages are not listed",
});

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/inventory",
  tags: ["Records"],
  summary: "Packages, one row per room; as CSV with Accept: text/csv (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: pageQuery.extend({
      product_id: filterText,
      room_type: roomType.optional(),
      sku: filterText,
      low_stock: lowStock,
    }),
  },
  responses: {
    200: { description: "Packages", content: { ...json(listOf(inventoryRow), "").content, ...csvContent } },
    ...commonErrors(),
  },
});

const COLUMNS = Object.keys(inventoryRow.shape) as (keyof typeof inventoryRow.shape)[];
const keyOf = (row: InventoryJson): InventoryKey => [row.dutchie_inventory_id, row.inventory_id];

export const inventoryRoutes = router().openapi(list, async (c) => {
  const location = await storeOf(c, c.req.valid("param").location_id);
  const { location_id, settings, last_success_at } = location;
  const { limit, cursor, low_stock, ...asked } = c.req.valid("query");
  const filter = { ...asked, ...(low_stock ? { available_at_most: settings.low_stock_threshold } : {}) };
  const start = decodeCursor(z.tuple([z.string(), z.string()]), cursor);
  const read = async (after: InventoryKey | null, count: number) => {
    const rows = await listInventory(recordsDb(c.env, location), location_id, filter, { after, limit: count });
    return rows.map((row) => inventoryJson(row, last_success_at));
  };
  if (wantsCsv(c.req.header("accept"))) return csvResponse("inventory", { columns: COLUMNS, read, keyOf });
  return c.json(toPage(await read(start, limit + 1), limit, keyOf), 200);
});
