import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { category, room } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { listCategories, listRooms } from "../../../db/queries/list-choices.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const tags = ["Records"];

const rooms = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/rooms",
  tags,
  summary: "Dutchie's rooms with their room types in ReUp, at most 500 (viewer)",
  ...secured("viewer"),
  request: { params: locationPath },
  responses: { 200: json(z.object({ data: z.array(room) }), "Rooms by name"), ...commonErrors() },
});

const categories = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/categories",
  tags,
  summary: "Categories with their number of products, at most 500 (viewer)",
  ...secured("viewer"),
  request: { params: locationPath },
  responses: { 200: json(z.object({ data: z.array(category) }), "Categories, the largest first"), ...commonErrors() },
});

export const choiceRoutes = router()
  .openapi(rooms, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    return c.json({ data: await listRooms(recordsDb(c.env, location), location.location_id) }, 200);
  })
  .openapi(categories, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    return c.json({ data: await listCategories(recordsDb(c.env, location), location.location_id) }, 200);
  });
