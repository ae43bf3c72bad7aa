import { createRoute } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { feedPage, feedQuery } from "../../../contract/http/feed.ts";
import { recordsDb } from "../../../db/databases.ts";
import { feedEntryJson } from "../../../db/feed-json.ts";
import { feedRecords } from "../../../db/queries/feed-records.ts";
import { headOf, readFeed } from "../../../db/queries/read-feed.ts";
import { FEED_RESOURCES, goesOnAfter, isBeforeLog, isNeverGiven } from "../../../domain/feed/entries.ts";
import { fitting } from "../../answers/cursor.ts";
import { beforeLog, invalid } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, router, secured } from "../../router.ts";

const read = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/feed",
  tags: ["Told to others"],
  summary: "Every change of stock, product or sale, oldest first (viewer)",
  description:
    "`sequence` only grows, in the order in which the changes were stored. To copy a store: remember `head`, read the lists, " +
    "then follow the feed from there. Store each `record` under its `record_id`, and ask on with `after` = `sequence` of the " +
    "answer. An entry that you get twice changes nothing.",
  ...secured("viewer"),
  request: { params: locationPath, query: feedQuery },
  responses: { 200: json(feedPage, "Entries"), ...commonErrors(), ...errorResponses("GONE") },
});

export const feedRoutes = router().openapi(read, async (c) => {
  const location = await storeOf(c, c.req.valid("param").location_id);
  const { location_id, last_success_at } = location;
  const { after, limit } = c.req.valid("query");
  const db = recordsDb(c.env, location);
  const head = await headOf(db, location_id);
  const now = Date.now();
  if (after !== undefined && isBeforeLog(after, location, now)) throw beforeLog(goesOnAfter(head, location, now));
  if (after !== undefined && isNeverGiven(after, head, now)) throw neverGiven(head);
  const given = { after: after ?? 0, head, resources: FEED_RESOURCES, limit };
  const { entries, more } = await readFeed(db, location_id, given);
  const records = await feedRecords(db, location_id, entries);
  const all = entries.map((entry) => feedEntryJson(entry, records, last_success_at));
  const data = all.slice(0, fitting(all));
  const has_more = more || data.length < all.length;
  // The last ones may be of something that the feed does not tell.
  const sequence =
    (has_more ? data.at(-1)?.sequence : undefined) ?? goesOnAfter(Math.max(head, after ?? 0), location, now);
  return c.json({ data, sequence, head, has_more }, 200);
});

/** It is of another store, or of a log that was restored since: nothing would come until the numbers get there. */
function neverGiven(head: number) {
  const message = `is greater than the store's newest sequence, ${head}: read the store's lists again, then go on after ${head}`;
  return invalid([{ path: "after", message }]);
}
