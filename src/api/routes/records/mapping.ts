import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { mappedWord } from "../../../contract/http/records.ts";
import { recordsDb } from "../../../db/databases.ts";
import { loadRooms } from "../../../db/load-records.ts";
import { stockByRoom, stockByWords } from "../../../db/queries/list-mapping.ts";
import { round2 } from "../../../domain/insights/figures.ts";
import { countUnmapped, mappedWords } from "../../../domain/snapshots/mapped-words.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured } from "../../router.ts";

/** Words of one answer, the unmapped first: nobody maps more by hand. */
const MAX_LISTED = 500;

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/mapping",
  tags: ["Records"],
  summary:
    "Dutchie's words for rooms and categories, and what ReUp makes of them; the unmapped first, at most 500 (viewer)",
  ...secured("viewer"),
  request: { params: locationPath },
  responses: {
    200: json(
      z.object({
        data: z.array(mappedWord),
        unmapped: z.number().openapi({ description: "Words that no rule maps; map them in the settings" }),
      }),
      "Words",
    ),
    ...commonErrors(),
  },
});

export const mappingRoutes = router().openapi(list, async (c) => {
  const location = await storeOf(c, c.req.valid("param").location_id);
  const { location_id, settings } = location;
  const db = recordsDb(c.env, location);
  const [rooms, stocked, words] = await Promise.all([
    loadRooms(db, location_id),
    stockByRoom(db, location_id),
    stockByWords(db, location_id),
  ]);
  const all = mappedWords(rooms, { rooms: stocked, words }, settings);
  const data = all.slice(0, MAX_LISTED).map((each) => ({ ...each, value: round2(each.value) }));
  return c.json({ data, unmapped: countUnmapped(all) }, 200);
});
