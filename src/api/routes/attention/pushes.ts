import { createRoute, z } from "@hono/zod-openapi";
import { listOf, locationPath, onlyReason, pageQuery } from "../../../contract/http/common.ts";
import { push, pushState } from "../../../contract/http/pushes.ts";
import type { StoredPush } from "../../../contract/location.ts";
import { recordsDb } from "../../../db/databases.ts";
import type { LocationRow } from "../../../db/locations.ts";
import { findProducts } from "../../../db/queries/list-products.ts";
import { locationStub } from "../../../location/stub.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { ApiError, notFound } from "../../errors.ts";
import { deciderOf } from "../../requests/caller.ts";
import type { AppContext } from "../../requests/context.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, router, secured, writeErrors } from "../../router.ts";

const tags = ["Putting things right"];

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/pushes",
  tags,
  summary: "Edits on their way to Dutchie, and all edits of the last 30 days, newest first (viewer)",
  ...secured("viewer"),
  request: { params: locationPath, query: pageQuery.extend({ state: pushState.optional() }) },
  responses: { 200: json(listOf(push), "Pushes"), ...commonErrors() },
});

const retry = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/pushes/{push_id}/retry",
  tags,
  summary: "Send an edit to Dutchie again, now (manager)",
  ...secured("manager"),
  request: {
    params: locationPath.extend({ push_id: z.string() }),
    body: { required: false, content: { "application/json": { schema: onlyReason } } },
  },
  responses: { 202: json(push, "It will be sent now"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

export const pushRoutes = router()
  .openapi(list, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { location_id } = location;
    const { limit, cursor, state = null } = c.req.valid("query");
    const before = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const pushes = await locationStub(c.env, location_id).listPushes(state, before, limit + 1);
    const rows = await named(c, location, pushes);
    return c.json(
      toPage(rows, { limit, list: c.req.path }, ({ push_id }) => [push_id]),
      200,
    );
  })
  .openapi(retry, async (c) => {
    const { location_id, push_id } = c.req.valid("param");
    const location = await storeOf(c, location_id);
    const again = await sendAgain(c, { location_id, push_id }, c.req.valid("json").reason);
    const [row] = await named(c, location, [again]);
    if (row === undefined) throw notFound("push");
    return c.json(row, 202);
  });

export async function sendAgain(
  c: AppContext,
  { location_id, push_id }: { location_id: string; push_id: string },
  reason: string | undefined,
): Promise<StoredPush> {
  const result = await locationStub(c.env, location_id).sendPushAgain(push_id, deciderOf(c.var.caller, reason));
  if (result.ok) return result.push;
  if (result.reason === "not_found") throw notFound("push");
  throw new ApiError("CONFLICT", "Only an edit that is waiting or parked can be sent again.");
}

async function named(c: AppContext, location: LocationRow, pushes: readonly StoredPush[]) {
  const ids = pushes.map(({ product_id }) => product_id);
  const products = await findProducts(recordsDb(c.env, location), location.location_id, ids);
  return pushes.map((row) => ({ ...row, product_name: products.get(row.product_id)?.product_name ?? null }));
}
