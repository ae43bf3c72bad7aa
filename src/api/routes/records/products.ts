import { createRoute, z } from "@hono/zod-openapi";
import {
  choice,
  csvContent,
  filterText,
  flag,
  listOf,
  listQuery,
  locationPath,
  numberedListOf,
  pageQuery,
  sortQuery,
} from "../../../contract/http/common.ts";
import {
  change,
  idempotencyKey,
  newProduct,
  type ProductJson,
  product,
  productDetail,
  productPatch,
  productPath,
  productStatus,
  roomType,
} from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import type { LocationRow } from "../../../db/locations.ts";
import { subjectsOf } from "../../../db/queries/change-subjects.ts";
import { changesOfProduct } from "../../../db/queries/list-changes.ts";
import { inventoryOfProduct } from "../../../db/queries/list-inventory.ts";
import { countProducts, findProduct, listProducts, PRODUCT_ORDERS } from "../../../db/queries/list-products.ts";
import { orderBy, type Span } from "../../../db/queries/span.ts";
import { changeJson, inventoryJson, productJson } from "../../../db/record-json.ts";
import { pick } from "../../../domain/values/pick.ts";
import type { EditResult } from "../../../location/pushes/edits.ts";
import { locationStub } from "../../../location/stub.ts";
import { csvResponse, wantsCsv } from "../../answers/csv.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { listed } from "../../answers/numbered.ts";
import { ApiError, notFound } from "../../errors.ts";
import { deciderOf } from "../../requests/caller.ts";
import type { AppContext } from "../../requests/context.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const tags = ["Records"];

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/products",
  tags,
  summary: "Products by id; as CSV, up to 50,000 rows, with Accept: text/csv (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: listQuery.extend({
      q: filterText.openapi({ description: "Part of the name, brand, SKU or UPC; case and accents do not count" }),
      sku: filterText,
      category: filterText.openapi({ description: "ReUp's category, or Dutchie's word" }),
      status: productStatus.optional(),
      include_merged: flag,
      brand: filterText,
      search: filterText.openapi({
        description:
          "Words in any order, each in the name, brand, SKU, UPC or a package's tag, or Dutchie's id of the product or a package",
      }),
      active: choice,
      own: flag.openapi({ description: "Only products of ReUp's own that are linked to none of Dutchie's" }),
      sort: sortQuery("product_name", "unit_price", "quantity"),
      room_type: roomType.optional().openapi({ description: "Only products with stock in such a room" }),
      low_stock: flag.openapi({
        description: "Only products with stock of which no more is available than the store's low_stock_threshold",
      }),
    }),
  },
  responses: {
    200: { description: "Products", content: { ...json(numberedListOf(product), "").content, ...csvContent } },
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
  summary: "The changes of a product and of its packages, with their causes, newest first (viewer)",
  ...secured("viewer"),
  request: { params: productPath, query: pageQuery },
  responses: { 200: json(listOf(change), "Changes"), ...commonErrors() },
});

const create = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/products",
  tags,
  summary: "Add a product of ReUp's own; it is not sent to Dutchie (manager)",
  ...secured("manager"),
  request: { params: locationPath, headers: idempotencyKey, body: jsonBody(newProduct) },
  responses: {
    201: json(productDetail, "The product"),
    ...writeErrors(),
    ...errorResponses("CONFLICT", "KEY_REUSED"),
  },
});

const edit = createRoute({
  method: "patch",
  path: "/v1/locations/{location_id}/products/{product_id}",
  tags,
  summary: "Edit a product; a bidirectional store sends the edit to Dutchie (manager)",
  ...secured("manager"),
  request: { params: productPath, body: jsonBody(productPatch) },
  responses: {
    200: json(productDetail, "The product; nothing has to be sent to Dutchie"),
    202: json(productDetail, "The product; `pending` shows the edits on their way to Dutchie"),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

/** A line of the CSV. It leaves out lists, and what it would say twice. */
const flatProduct = product.omit({
  pending: true,
  variants: true,
  images: true,
  test_results: true,
  description: true,
  id: true,
  name: true,
  active: true,
  created_at: true,
});
type FlatProduct = z.infer<typeof flatProduct>;
const COLUMNS = Object.keys(flatProduct.shape) as (keyof FlatProduct)[];

export const productRoutes = router()
  .openapi(list, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { location_id } = location;
    const { limit, page, cursor, low_stock, sort, ...asked } = c.req.valid("query");
    const at_most = location.settings.low_stock_threshold;
    const filter = { ...asked, ...(low_stock ? { available_at_most: at_most } : {}) };
    const start = decodeCursor(z.tuple([z.string()]), cursor, c.req.path);
    const db = recordsDb(c.env, location);
    const read = async ({ after, ...span }: Span<[string]>) => {
      const rows = await listProducts(db, location_id, filter, { ...span, after: after?.[0] ?? null });
      return rows.map(productJson);
    };
    const count = () => countProducts(db, location_id, filter);
    if (wantsCsv(c.req.header("accept"))) {
      const lines = async (after: [string] | null, rows: number) =>
        (await read({ after, limit: rows })).map((row): FlatProduct => pick(row, COLUMNS));
      return csvResponse("products", { columns: COLUMNS, read: lines, keyOf: (row) => [row.product_id], count });
    }
    const keyOf = ({ product_id }: ProductJson): [string] => [product_id];
    return c.json(
      await listed(
        { list: c.req.path, limit, page, order: orderBy(sort, PRODUCT_ORDERS) },
        { start, read, count, keyOf },
      ),
      200,
    );
  })
  .openapi(get, async (c) => {
    const { location_id, product_id } = c.req.valid("param");
    return c.json(await detailOf(c, await storeOf(c, location_id), product_id), 200);
  })
  .openapi(create, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { location_id } = location;
    const { "idempotency-key": key } = c.req.valid("header");
    const stub = locationStub(c.env, location_id);
    const result = await stub.createProduct(`own_${crypto.randomUUID()}`, defined(c.req.valid("json")), {
      ...deciderOf(c.var.caller, undefined),
      key,
    });
    const { product_id } = edited(result);
    return c.json(await detailOf(c, location, product_id), 201);
  })
  .openapi(edit, async (c) => {
    const { location_id, product_id } = c.req.valid("param");
    const location = await storeOf(c, location_id);
    const stub = locationStub(c.env, location_id);
    const result = await stub.editProduct(
      product_id,
      defined(c.req.valid("json")),
      deciderOf(c.var.caller, undefined).by,
    );
    const { pushed } = edited(result);
    return c.json(await detailOf(c, location, product_id), pushed ? 202 : 200);
  })
  .openapi(history, async (c) => {
    const { location_id, product_id } = c.req.valid("param");
    const location = await storeOf(c, location_id);
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const db = recordsDb(c.env, location);
    const [row, rows] = await Promise.all([
      findProduct(db, location_id, product_id),
      changesOfProduct(db, location_id, product_id, { after, limit: limit + 1 }),
    ]);
    if (row === null) throw notFound("product");
    const subjects = await subjectsOf(db, location_id, rows);
    return c.json(
      toPage(
        rows.map((change) => changeJson(change, subjects)),
        { limit, list: c.req.path },
        ({ change_id }) => [change_id],
      ),
      200,
    );
  });

export async function detailOf(c: AppContext, location: LocationRow, product_id: string) {
  const { location_id, last_success_at } = location;
  const db = recordsDb(c.env, location);
  const [row, packages] = await Promise.all([
    findProduct(db, location_id, product_id),
    inventoryOfProduct(db, location_id, product_id),
  ]);
  if (row === null) throw notFound("product");
  return { ...productJson(row), inventory: packages.map((each) => inventoryJson(each, last_success_at)) };
}

function edited(result: EditResult): Extract<EditResult, { ok: true }> {
  if (result.ok) return result;
  if (result.reason === "not_found") throw notFound("product");
  throw new ApiError(result.reason === "conflict" ? "CONFLICT" : "KEY_REUSED", result.message, {
    details: result.details,
  });
}

/** Without the keys whose value is undefined, which zod adds. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
