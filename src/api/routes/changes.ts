import { createRoute, z } from "@hono/zod-openapi";
import { listChanges } from "../../db/list-changes.ts";
import { recordsDb } from "../../db/records.ts";
import { decodeCursor, toPage } from "../cursor.ts";
import { changeJson } from "../record-json.ts";
import { commonErrors, json, router, secured } from "../router.ts";
import { filterText, listOf, locationPath, pageQuery, timeQuery } from "../schemas/common.ts";
import { change } from "../schemas/records.ts";
import { storeOf } from "../store-of.ts";

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/changes",
  tags: ["Records"],
  summary: "The change log, newest first (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: pageQuery.extend({
      resource: z.enum(["products", "inventory", "sales", "rooms"]).optional(),
      record_id: filterText,
      since: timeQuery.optional(),
    }),
  },
  responses: { 200: json(listOf(change), "Changes"), ...commonErrors() },
});

export const changeRoutes = router().openapi(list, async (c) => {
  const { location_id } = await storeOf(c, c.req.valid("param").location_id);
  const { limit, cursor, ...filter } = c.req.valid("query");
  const after = decodeCursor(z.tuple([z.string()]), cursor)?.[0] ?? null;
  const page = { after, limit: limit + 1 };
  const rows = await listChanges(recordsDb(c.env, location_id), location_id, filter, page);
  return c.json(
    toPage(rows.map(changeJson), limit, ({ change_id }) => [change_id]),
    200,
  );
});
