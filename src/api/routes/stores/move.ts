import { createRoute } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { type MoveJson, move, startMove } from "../../../contract/http/moves.ts";
import { shardsOf } from "../../../db/databases.ts";
import type { EndedMove, Move } from "../../../domain/move.ts";
import { iso } from "../../../domain/values/iso.ts";
import { locationStub } from "../../../location/stub.ts";
import { ApiError, invalid, notFound } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { commonErrors, errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const tags = ["Service"];

const start = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/move",
  tags,
  summary: "Move a store's records to another database, while it works (admin)",
  ...secured("admin"),
  request: { params: locationPath, body: jsonBody(startMove) },
  responses: { 202: json(move, "The move has begun"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

const get = createRoute({
  method: "get",
  path: "/v1/locations/{location_id}/move",
  tags,
  summary: "The move of a store's records, under way or the last one (admin)",
  ...secured("admin"),
  request: { params: locationPath },
  responses: { 200: json(move, "The move"), ...commonErrors() },
});

export const moveRoutes = router()
  .openapi(start, async (c) => {
    const { location_id, shard } = await storeOf(c, c.req.valid("param").location_id);
    const { to } = c.req.valid("json");
    const stub = locationStub(c.env, location_id);
    const result = await stub.startMove(to);
    if (!result.ok) {
      if (result.reason === "not_found") throw notFound("location");
      if (result.reason === "moving") throw new ApiError("CONFLICT", "This store is being moved already.");
      if (result.reason === "there") throw new ApiError("CONFLICT", `The store's records are on ${shard} already.`);
      if (result.reason === "full") {
        throw new ApiError("CONFLICT", `Database ${to} is full. Add a database, or move the store to another one.`);
      }
      const known = [...shardsOf(c.env).keys()].join(", ");
      throw invalid([{ path: "to", message: `must be a database that the Worker is bound to: ${known}` }]);
    }
    return c.json(shown(await stub.currentMove()), 202);
  })
  .openapi(get, async (c) => {
    const { location_id } = await storeOf(c, c.req.valid("param").location_id);
    return c.json(shown(await locationStub(c.env, location_id).currentMove()), 200);
  });

function shown(known: Move | EndedMove | null): MoveJson {
  if (known === null) throw notFound("move");
  const { from, to, rows, error, started_at } = known;
  const over = "finished_at" in known ? known : null;
  return {
    from,
    to,
    state: "state" in known ? known.state : known.phase,
    switched: "state" in known ? known.state === "done" : known.clear && known.clear.shard === from,
    rows_copied: rows,
    started_at: iso(started_at),
    finished_at: over === null ? null : iso(over.finished_at),
    error,
  };
}
