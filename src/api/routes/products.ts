import { createRoute, z } from "@hono/zod-openapi";
import { changesOfProduct } from "../../db/list-changes.ts";
import { inventoryOfProduct } from "../../db/list-inventory.ts";
import { findProduct, listProducts } from "../../db/list-products.ts";
import { recordsDb } from "../../db/records.ts";
import { csvResponse, wantsCsv } from "../csv.ts";
import { decodeCursor, toPage } from "../cursor.ts";
import { notFound } from "../errors.ts";
import { changeJson, inventoryJson, productJson } from "../record-json.ts";
import { commonErrors, json, router, secured } from "../router.ts";
import { csvContent, filterText, flag, listOf, locationPath, pageQuery } from "../schemas/common.ts";
import { change, type ProductJson, product, productDetail, productStatus } from "../schemas/records.ts";
import { storeOf } from "../store-of.ts";

const tags = ["Records"];
const productPath = locationPath.extend({ product_id: z.string() });

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/products",
  tags,
  summary: "Products by id; as CSV with Accept: text/csv (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: pageQuery.extend({
      q: filterText.openapi({ description: "Part of the name, brand or SKU" }),
      sku: filterText,
      category: filterText,
      status: productStatus.optional(),
      include_merged: flag,
    }),
  },
  responses: {
    200: { description: "Products", content: { ...json(listOf(product), "").content, ...csvContent } },
    ...commonErrors(),
  },
});

const get = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/products/{product_id}",
  tags,
  summary: "One product with the packages that make up its quantity (viewer)",
  ...secured("viewer"),
  request: { params: productPath },
  responses: { 200: json(productDetail, "The product"), ...commonErrors() },
});

const history = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/products/{product_id}/changes",
  tags,
  summary: "Why a product is as it is: changes of it and of its packages, newest first (viewer)",
  ...secured("viewer"),
  request: { params: productPath, query: pageQuery },
  responses: { 200: json(listOf(change), "Changes"), ...commonErrors() },
});

const COLUMNS = Object.keys(product.shape) as (keyof typeof product.shape)[];

export const productRoutes = router()
  .openapi(list, async (c) => {
    const { location_id } = await storeOf(c, c.req.valid("param").location_id);
    const { limit, cursor, ...filter } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor)?.[0] ?? null;
    const read = async (from: string | null, count: number) => {
      const rows = await listProducts(recordsDb(c.env, location_id), location_id, filter, {
        after: from,
        limit: count,
      });
      return rows.map(productJson);
    };
    if (wantsCsv(c.req.header("accept"))) {
      return csvResponse("products", { columns: COLUMNS, read, keyOf: (row: ProductJson) => row.product_id });
    }
    return c.json(
      toPage(await read(after, limit + 1), limit, ({ product_id }) => [product_id]),
      200,
    );
  })
  .openapi(get, async (c) => {
    const { location_id, product_id } = c.req.valid("param");
    await storeOf(c, location_id);
    const db = recordsDb(c.env, location_id);
    const [row, packages] = await Promise.all([
      findProduct(db, location_id, product_id),
      inventoryOfProduct(db, location_id, product_id),
    ]);
    if (row === null) throw notFound("product");
    return c.json({ ...productJson(row), inventory: packages.map(inventoryJson) }, 200);
  })
  .openapi(history, async (c) => {
    const { location_id, product_id } = c.req.valid("param");
    await storeOf(c, location_id);
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor)?.[0] ?? null;
    const db = recordsDb(c.env, location_id);
    const [row, rows] = await Promise.all([
      findProduct(db, location_id, product_id),
      changesOfProduct(db, location_id, product_id, { after, limit: limit + 1 }),
    ]);
    if (row === null) throw notFound("product");
    return c.json(
      toPage(rows.map(changeJson), limit, ({ change_id }) => [change_id]),
      200,
    );
  });
