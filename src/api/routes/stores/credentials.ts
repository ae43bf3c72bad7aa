import { createRoute, z } from "@hono/zod-openapi";
import { reseal } from "../../../contract/http/locations.ts";
import { RESEALED_A_STEP } from "../../../pipeline/sealing/reseal.ts";
import { resealStep } from "../../../pipeline/sealing/reseal-all.ts";
import { decodeCursor, encodeCursor } from "../../answers/cursor.ts";
import { json, router, secured, writeErrors } from "../../router.ts";

const resealRoute = createRoute({
  method: "post",
  path: "/v1/credentials/reseal",
  tags: ["Connecting"],
  summary: "Seal stored credentials, webhook secrets and alert channels with the newest key (admin)",
  description:
    `One request does up to ${RESEALED_A_STEP} stores. Ask again with \`next_cursor\` until it is null. Remove an old key ` +
    "from CREDENTIAL_KEYS only when `remaining` is 0 for every retailer.",
  ...secured("admin"),
  request: { query: z.object({ cursor: z.string().max(500).optional() }) },
  responses: { 200: json(reseal, "One step is done"), ...writeErrors() },
});

export const credentialRoutes = router().openapi(resealRoute, async (c) => {
  const after = decodeCursor(z.tuple([z.string()]), c.req.valid("query").cursor, c.req.path)?.[0] ?? null;
  const { after: last, ...step } = await resealStep(c.env, c.var.caller, after);
  return c.json({ ...step, next_cursor: last === null ? null : encodeCursor([last], c.req.path) }, 200);
});
