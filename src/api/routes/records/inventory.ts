import { createRoute, z } from "@hono/zod-openapi";
import {
  choice,
  csvContent,
  filterText,
  flag,
  listQuery,
  locationPath,
  numberedListOf,
  sortQuery,
} from "../../../contract/http/common.ts";
import { type InventoryJson, inventoryRow, roomType } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import {
  countInventory,
  INVENTORY_ORDERS,
  type InventoryKey,
  listInventory,
} from "../../../db/queries/list-inventory.ts";
import { orderBy, type Span } from "../../../db/queries/span.ts";
import { inventoryJson } from "../../../db/record-json.ts";
import { csvResponse, wantsCsv } from "../../answers/csv.ts";
import { decodeCursor } from "../../answers/cursor.ts";
import { listed } from "../../answers/numbered.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const lowStock = flag.openapi({
  description:
    "Only stock of which no more is available than the store's low_stock_threshold; sold-out packages are not listed",
});

const SEARCH =
  "Words in any order, each in the product's name, brand, SKU or UPC or in the package's tag, or Dutchie's id of either";

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/inventory",
  tags: ["Records"],
  summary: "Packages, one row per room; as CSV, up to 50,000 rows, with Accept: text/csv (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: listQuery.extend({
      product_id: filterText.openapi({ description: "The product's packages, and those of products merged into it" }),
      room_type: roomType.optional(),
      sku: filterText,
      low_stock: lowStock,
      category: filterText.openapi({ description: "ReUp's category, or Dutchie's word" }),
      brand: filterText,
      search: filterText.openapi({ description: SEARCH }),
      sort: sortQuery("product_name", "quantity"),
      active: choice.openapi({
        description: "Whether the product is active; of a merged one, the product that it was merged into",
      }),
    }),
  },
  responses: {
    200: { description: "Packages", content: { ...json(numberedListOf(inventoryRow), "").content, ...csvContent } },
    ...commonErrors(),
  },
});

const COLUMNS = Object.keys(inventoryRow.omit({ id: true }).shape) as (keyof typeof inventoryRow.shape)[];
const keyOf = (row: InventoryJson): InventoryKey => [row.dutchie_inventory_id, row.inventory_id];

export const inventoryRoutes = router().openapi(list, async (c) => {
  const location = await storeOf(c, c.req.valid("param").location_id);
  const { location_id, settings, last_success_at } = location;
  const { limit, page, cursor, low_stock, sort, ...asked } = c.req.valid("query");
  const filter = { ...asked, ...(low_stock ? { available_at_most: settings.low_stock_threshold } : {}) };
  const start = decodeCursor(z.tuple([z.string(), z.string()]), cursor, c.req.path);
  const db = recordsDb(c.env, location);
  const read = async (span: Span<InventoryKey>) =>
    (await listInventory(db, location_id, filter, span)).map((row) => inventoryJson(row, last_success_at));
  const count = () => countInventory(db, location_id, filter);
  if (wantsCsv(c.req.header("accept"))) {
    const lines = (after: InventoryKey | null, rows: number) => read({ after, limit: rows });
    return csvResponse("inventory", { columns: COLUMNS, read: lines, keyOf, count });
  }
  return c.json(
    await listed(
      { list: c.req.path, limit, page, order: orderBy(sort, INVENTORY_ORDERS) },
      { start, read, count, keyOf },
    ),
    200,
  );
});
