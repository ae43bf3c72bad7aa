import { createRoute, z } from "@hono/zod-openapi";
import { csvContent, filterText, listOf, locationPath, pageQuery } from "../../../contract/http/common.ts";
import { type InventoryJson, inventoryRow } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { type InventoryKey, listInventory } from "../../../db/queries/list-inventory.ts";
import { csvResponse, wantsCsv } from "../../answers/csv.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { inventoryJson } from "../../answers/record-json.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/inventory",
  tags: ["Records"],
  summary: "Packages, one row per room; as CSV with Accept: text/csv (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: pageQuery.extend({ product_id: filterText, room_type: filterText, sku: filterText }),
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
  const { location_id } = location;
  const { limit, cursor, ...filter } = c.req.valid("query");
  const start = decodeCursor(z.tuple([z.string(), z.string()]), cursor);
  const read = async (after: InventoryKey | null, count: number) => {
    const rows = await listInventory(recordsDb(c.env, location), location_id, filter, { after, limit: count });
    return rows.map(inventoryJson);
  };
  if (wantsCsv(c.req.header("accept"))) return csvResponse("inventory", { columns: COLUMNS, read, keyOf });
  return c.json(toPage(await read(start, limit + 1), limit, keyOf), 200);
});
