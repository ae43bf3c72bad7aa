import { createRoute, z } from "@hono/zod-openapi";
import { filterText, listOf, locationPath, pageQuery, timeQuery } from "../../../contract/http/common.ts";
import { change } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { subjectsOf } from "../../../db/queries/change-subjects.ts";
import { listChanges } from "../../../db/queries/list-changes.ts";
import { changeJson } from "../../../db/record-json.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

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
  const location = await storeOf(c, c.req.valid("param").location_id);
  const { location_id } = location;
  const { limit, cursor, ...filter } = c.req.valid("query");
  const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
  const page = { after, limit: limit + 1 };
  const db = recordsDb(c.env, location);
  const rows = await listChanges(db, location_id, filter, page);
  const subjects = await subjectsOf(db, location_id, rows);
  return c.json(
    toPage(
      rows.map((row) => changeJson(row, subjects)),
      { limit, list: c.req.path },
      ({ change_id }) => [change_id],
    ),
    200,
  );
});
