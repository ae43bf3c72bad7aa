import { createRoute, z } from "@hono/zod-openapi";
import {
  csvContent,
  listQuery,
  locationPath,
  numberedListOf,
  sortQuery,
  timeQuery,
} from "../../../contract/http/common.ts";
import { type FlatSaleJson, flatSale, sale } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { countSales, findSale, listSales, SALE_ORDERS, type SaleKey, saleKey } from "../../../db/queries/list-sales.ts";
import { orderBy, type Span } from "../../../db/queries/span.ts";
import { flatSaleJson, saleJson } from "../../../db/record-json.ts";
import { csvResponse, wantsCsv } from "../../answers/csv.ts";
import { decodeCursor } from "../../answers/cursor.ts";
import { listed } from "../../answers/numbered.ts";
import { notFound } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const tags = ["Records"];

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/sales",
  tags,
  summary: "Sales, newest first; as CSV (without their lines, up to 50,000 rows) with Accept: text/csv (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: listQuery.extend({
      from: timeQuery.optional().openapi({ description: "Completed at or after" }),
      to: timeQuery.optional().openapi({ description: "Completed before" }),
      sort: sortQuery("total"),
    }),
  },
  responses: {
    200: { description: "Sales", content: { ...json(numberedListOf(sale), "").content, ...csvContent } },
    ...commonErrors(),
  },
});

const get = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/sales/{sale_id}",
  tags,
  summary: "One sale (viewer)",
  ...secured("viewer"),
  request: { params: locationPath.extend({ sale_id: z.string() }) },
  responses: { 200: json(sale, "The sale"), ...commonErrors() },
});

const COLUMNS = Object.keys(flatSale.shape) as (keyof FlatSaleJson)[];
const csvKey = (row: FlatSaleJson): SaleKey => [Date.parse(row.completed_at), row.sale_id];

export const saleRoutes = router()
  .openapi(list, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { location_id } = location;
    const { limit, page, cursor, sort, ...filter } = c.req.valid("query");
    const start = decodeCursor(z.tuple([z.number(), z.string()]), cursor, c.req.path);
    const db = recordsDb(c.env, location);
    const read = (span: Span<SaleKey>) => listSales(db, location_id, filter, span);
    const count = () => countSales(db, location_id, filter);
    if (wantsCsv(c.req.header("accept"))) {
      const flat = async (after: SaleKey | null, rows: number) =>
        (await read({ after, limit: rows })).map(flatSaleJson);
      return csvResponse("sales", { columns: COLUMNS, read: flat, keyOf: csvKey, count });
    }
    const { data, ...rest } = await listed(
      { list: c.req.path, limit, page, order: orderBy(sort, SALE_ORDERS) },
      { start, read, count, keyOf: saleKey },
    );
    return c.json({ data: data.map(saleJson), ...rest }, 200);
  })
  .openapi(get, async (c) => {
    const { location_id, sale_id } = c.req.valid("param");
    const location = await storeOf(c, location_id);
    const row = await findSale(recordsDb(c.env, location), location_id, sale_id);
    if (row === null) throw notFound("sale");
    return c.json(saleJson(row), 200);
  });
