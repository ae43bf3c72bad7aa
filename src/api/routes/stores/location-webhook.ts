import { createRoute, z } from "@hono/zod-openapi";
import { locationPath } from "../../../contract/http/common.ts";
import { webhookScheme, webhookSecret } from "../../../contract/http/locations.ts";
import { accountsDb } from "../../../db/databases.ts";
import { updateUnchanged } from "../../../db/locations.ts";
import { tellChanged } from "../../../location/status/tell-changed.ts";
import { webhookUrl } from "../../answers/location-json.ts";
import { changedMeanwhile } from "../../errors.ts";
import { storeOf } from "../../requests/store-of.ts";
import { errorResponses, json, router, secured, writeErrors } from "../../router.ts";
import { knownStores } from "../../webhooks/isolate-stores.ts";
import { afterRotation, newWebhookSecret } from "../../webhooks/secrets.ts";

const rotation = z.strictObject({
  scheme: webhookScheme.optional(),
  leaked: z.boolean().default(false).openapi({
    description:
      "true: somebody else knows the old secret. It ends now, and within a minute everywhere, not after 24 hours",
  }),
});

const rotate = createRoute({
  method: "post",
  path: "/v1/locations/{location_id}/webhook/rotate",
  tags: ["Connecting"],
  summary:
    "Make a new webhook secret, optionally with another scheme; the old secret works for 24 more hours, unless it leaked (admin)",
  ...secured("admin"),
  request: {
    params: locationPath,
    body: {
      required: false,
      content: { "application/json": { schema: rotation } },
    },
  },
  responses: {
    200: json(webhookSecret, "The new secret, which is shown only here"),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

export const locationWebhookRoutes = router().openapi(rotate, async (c) => {
  const row = await storeOf(c, c.req.valid("param").location_id);
  const { scheme = row.webhook_scheme, leaked } = c.req.valid("json");
  const { config, deps } = c.var;
  const fresh = await newWebhookSecret(config, row.location_id);
  const rotated = await updateUnchanged(accountsDb(c.env), row, {
    webhook_scheme: scheme,
    webhook_secrets: leaked ? [fresh.sealed] : afterRotation(row, fresh.sealed, deps.now()),
    webhook_secret_hint: fresh.hint,
  });
  if (!rotated) throw changedMeanwhile();
  knownStores(c.env).forget(row.location_id);
  await tellChanged(c.env, [row.location_id]);
  return c.json({ url: webhookUrl(config.public_url, row.location_id), secret: fresh.secret }, 200);
});
