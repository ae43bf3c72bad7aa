import { createRoute, z } from "@hono/zod-openapi";
import { listOf, locationPath, onlyReason, pageQuery } from "../../../contract/http/common.ts";
import { type ReviewJson, resolveReview, review, reviewKind, reviewState } from "../../../contract/http/reviews.ts";
import { type RecordsDb, recordsDb } from "../../../db/databases.ts";
import type { LocationRow } from "../../../db/locations.ts";
import {
  candidatesOf,
  findReview,
  type ListedReview,
  listReviews,
  missingOf,
  reviewKey,
} from "../../../db/queries/list-reviews.ts";
import type { ReviewResult } from "../../../domain/reviews/decision.ts";
import { locationStub } from "../../../location/stub.ts";
import { decodeCursor, encodeCursor } from "../../answers/cursor.ts";
import { decided } from "../../answers/decided.ts";
import { type Known, reviewJson } from "../../answers/review-json.ts";
import { notFound } from "../../errors.ts";
import { deciderOf } from "../../requests/caller.ts";
import type { AppContext } from "../../requests/context.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const tags = ["Putting things right"];
const reviewPath = locationPath.extend({ review_id: z.string() });

const list = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/reviews",
  tags,
  summary: "Open reviews, which a person must decide, and resolved ones, newest first (viewer)",
  ...secured("viewer"),
  request: {
    params: locationPath,
    query: pageQuery.extend({ state: reviewState.optional(), kind: reviewKind.optional() }),
  },
  responses: { 200: json(listOf(review), "Reviews"), ...commonErrors() },
});

const resolve = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/reviews/{review_id}/resolve",
  tags,
  summary: "Decide a review (manager)",
  ...secured("manager"),
  request: { params: reviewPath, body: jsonBody(resolveReview) },
  responses: { 200: json(review, "The review, resolved"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

const undo = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/reviews/{review_id}/undo",
  tags,
  summary: "Undo a merge, a link, or a decision to keep what a list leaves out; other decisions are 409 (manager)",
  ...secured("manager"),
  request: {
    params: reviewPath,
    body: { required: false, content: { "application/json": { schema: onlyReason } } },
  },
  responses: { 200: json(review, "The review as it is now"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

export const reviewRoutes = router()
  .openapi(list, async (c) => {
    const location = await storeOf(c, c.req.valid("param").location_id);
    const { location_id } = location;
    const { limit, cursor, ...filter } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.number(), z.string()]), cursor, c.req.path);
    const db = recordsDb(c.env, location);
    const rows = await listReviews(db, location_id, filter, { after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const known = await knownOf(db, location_id, page);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const next_cursor = last === undefined ? null : encodeCursor(reviewKey(last), c.req.path);
    return c.json({ data: page.map((row) => reviewJson(row, known)), next_cursor }, 200);
  })
  .openapi(resolve, async (c) => {
    const { location_id, review_id } = c.req.valid("param");
    const row = await storeOf(c, location_id);
    const { action, into = null, fields, count, reason } = c.req.valid("json");
    const location = locationStub(c.env, location_id);
    const result = await location.resolveReview(
      review_id,
      { action, into, fields, count },
      deciderOf(c.var.caller, reason),
    );
    return c.json(await answer(c, row, review_id, result), 200);
  })
  .openapi(undo, async (c) => {
    const { location_id, review_id } = c.req.valid("param");
    const row = await storeOf(c, location_id);
    const { reason } = c.req.valid("json");
    const result = await locationStub(c.env, location_id).undoReview(review_id, deciderOf(c.var.caller, reason));
    return c.json(await answer(c, row, review_id, result), 200);
  });

async function answer(
  c: AppContext,
  location: LocationRow,
  review_id: string,
  result: ReviewResult,
): Promise<ReviewJson> {
  decided(result, "review");
  const { location_id } = location;
  const db = recordsDb(c.env, location);
  const row = await findReview(db, location_id, review_id);
  if (row === null) throw notFound("review");
  return reviewJson(row, await knownOf(db, location_id, [row]));
}

/** What the reviews are about. */
async function knownOf(db: RecordsDb, location_id: string, rows: readonly ListedReview[]): Promise<Known> {
  const [products, missing] = await Promise.all([
    candidatesOf(db, location_id, rows),
    missingOf(db, location_id, rows),
  ]);
  return { products, missing };
}
