import { createRoute, z } from "@hono/zod-openapi";
import { listOf, pageQuery } from "../../../contract/http/common.ts";
import { ledgerEntry, productPath } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { inventoryOfProduct } from "../../../db/queries/list-inventory.ts";
import { listQuantities, soldBetween } from "../../../db/queries/list-ledger.ts";
import { findProduct } from "../../../db/queries/list-products.ts";
import { amount, ledgerOf } from "../../../domain/records/ledger.ts";
import { iso } from "../../../domain/values/iso.ts";
import { round4 } from "../../../domain/values/number.ts";
import { decodeCursor, encodeCursor } from "../../answers/cursor.ts";
import { notFound } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const ledger = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/products/{product_id}/ledger",
  tags: ["Records"],
  summary: "How a product's quantity came about, newest first (viewer)",
  description:
    "Each change of the packages that make up its quantity, with the balance after it. Quantities are Dutchie's: a sale is " +
    "given as the reason when what was sold adds up to the change. The log goes back 90 days, and to the import.",
  ...secured("viewer"),
  request: { params: productPath, query: pageQuery },
  responses: { 200: json(listOf(ledgerEntry), "Changes of the quantity"), ...commonErrors() },
});

/** What was sold so long before the oldest change that is read may explain it, ms. */
const BEFORE_MS = 86_400_000;

export const ledgerRoutes = router().openapi(ledger, async (c) => {
  const { location_id, product_id } = c.req.valid("param");
  const location = await storeOf(c, location_id);
  const { limit, cursor } = c.req.valid("query");
  const start = decodeCursor(z.tuple([z.string(), z.number()]), cursor, c.req.path);
  const db = recordsDb(c.env, location);
  const [product, packages] = await Promise.all([
    findProduct(db, location_id, product_id),
    inventoryOfProduct(db, location_id, product_id),
  ]);
  if (product === null) throw notFound("product");
  const { newer, changes, older } = await listQuantities(db, location_id, packages, {
    after: start?.[0] ?? null,
    limit,
  });
  const [newest, oldest] = [changes[0], older.at(-1) ?? changes.at(-1)];
  if (newest === undefined || oldest === undefined) return c.json({ data: [], next_cursor: null }, 200);
  const span = { from: oldest.at - BEFORE_MS, to: newest.at };
  const balance = start?.[1] ?? product.quantity;
  const sold = await soldBetween(db, location_id, product_id, span);
  const entries = ledgerOf(changes, { balance, sold, newer, older });
  const last = entries.at(-1);
  const next_cursor =
    older.length > 0 && last !== undefined
      ? encodeCursor([last.change_id, round4(last.balance - amount(last))], c.req.path)
      : null;
  const data = entries.map(
    ({ at, inventory_id, package_id, room_type, room_name, change, balance, reason, ref_to }) => ({
      ...{ at: iso(at), inventory_id, package_id, room_type, room_name, change, balance, reason },
      ref: ref_to,
    }),
  );
  return c.json({ data, next_cursor }, 200);
});
