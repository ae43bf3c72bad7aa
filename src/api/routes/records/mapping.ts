import { createRoute } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { mapping, mappingQuery } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { loadRooms } from "../../../db/load-records.ts";
import { stockByRoom, stockByWords } from "../../../db/queries/list-mapping.ts";
import { MAX_ROOMS, MAX_SHOWN_WORDS } from "../../../domain/bounds.ts";
import { countUnmapped, isUnmapped, mappedWords } from "../../../domain/snapshots/mapped-words.ts";
import { round2 } from "../../../domain/values/number.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/mapping",
  tags: ["Records"],
  summary: "Dutchie's words for rooms and categories, and what ReUp makes of them; the unmapped first (viewer)",
  ...secured("viewer"),
  request: { params: locationPath, query: mappingQuery },
  responses: { 200: json(mapping, "Words"), ...commonErrors() },
});

export const mappingRoutes = router().openapi(list, async (c) => {
  const location = await storeOf(c, c.req.valid("param").location_id);
  const { page, limit, mapped } = c.req.valid("query");
  const { location_id, settings } = location;
  const db = recordsDb(c.env, location);
  const [rooms, stocked, words] = await Promise.all([
    loadRooms(db, location_id),
    stockByRoom(db, location_id),
    stockByWords(db, location_id),
  ]);
  const is_cut = rooms.length >= MAX_ROOMS || [stocked, words].some(({ length }) => length > MAX_SHOWN_WORDS);
  const all = mappedWords(rooms, { rooms: stocked, words }, settings);
  const named = all.filter(({ word }) => word !== null).length;
  const asked = mapped === undefined ? all : all.filter((each) => isUnmapped(each) !== mapped);
  const data = asked.slice((page - 1) * limit, page * limit).map((each) => ({ ...each, value: round2(each.value) }));
  const pagination = { page, limit, total: asked.length };
  return c.json({ data, pagination, words: named, unmapped: countUnmapped(all), is_cut }, 200);
});
