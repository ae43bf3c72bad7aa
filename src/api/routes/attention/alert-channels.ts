import { createRoute, z } from "@hono/zod-openapi";
import { askConsent, hasConsent, wasAsked } from "../../../alerts/consent.ts";
import { deliver } from "../../../alerts/deliver.ts";
import { deliverStored } from "../../../alerts/deliver-stored.ts";
import type { Delivery } from "../../../alerts/delivery.ts";
import { testNotice } from "../../../alerts/notice.ts";
import { openChannel } from "../../../alerts/sealed.ts";
import { checkTarget } from "../../../alerts/target.ts";
import {
  type AlertChannelJson,
  alertChannel,
  channelsInput,
  channelTest,
  channelTestInput,
  MAX_CHANNELS,
  savedChannel,
} from "../../../contract/http/alert-channels.ts";
import { accountsDb } from "../../../db/databases.ts";
import { findChannel, listChannels, markFailed, replaceChannels } from "../../../db/queries/alert-channels.ts";
import type { AlertChannelRow } from "../../../db/schema/accounts.ts";
import { iso, isoOrNull } from "../../../domain/values/iso.ts";
import { generateSecret } from "../../../dutchie/webhook/signature.ts";
import { endpointRules } from "../../../env.ts";
import { ApiError, invalid, notFound } from "../../errors.ts";
import { changedChannels } from "../../requests/channel-changes.ts";
import type { AppContext } from "../../requests/context.ts";
import { retailerOf } from "../../requests/retailer-of.ts";
import { commonErrors, errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const tags = ["Alert channels"];

const list = createRoute({
  method: "get",
  path: "/v1/alert-channels",
  tags,
  summary: "List the alert channels (admin)",
  ...secured("admin"),
  responses: { 200: json(alertChannel.array(), "All alert channels of the retailer"), ...commonErrors() },
});

const replace = createRoute({
  method: "put",
  path: "/v1/alert-channels",
  tags,
  summary: "Replace the list of alert channels (admin)",
  description:
    `Up to ${MAX_CHANNELS} channels. A channel that is left out is removed. A channel with its \`channel_id\` and its hint ` +
    "as `target` keeps its target and secret: what `GET` shows can be changed and sent back, and what only answers have is ignored. " +
    "Webhooks are signed by Standard Webhooks.",
  ...secured("admin"),
  request: { body: jsonBody(channelsInput) },
  responses: {
    200: json(savedChannel.array(), "The channels, with the secrets of new webhooks, which are shown only here"),
    ...writeErrors(),
  },
});

const test = createRoute({
  method: "post",
  path: "/v1/alert-channels/test",
  tags,
  summary: "Send a test message to a channel, saved or not (admin)",
  description: "A webhook that is not saved has no secret yet. Its test is signed with a random secret.",
  ...secured("admin"),
  request: { body: jsonBody(channelTestInput) },
  responses: { 200: json(channelTest, "The test ran; `ok` says whether the receiver accepted it"), ...writeErrors() },
});

const confirmation = createRoute({
  method: "post",
  path: "/v1/alert-channels/{channel_id}/confirmation",
  tags,
  summary: "Send the recipient of an e-mail channel the confirmation link again (admin)",
  description: "An address gets this e-mail at most three times a day. 409 if there is nothing to confirm.",
  ...secured("admin"),
  request: { params: z.object({ channel_id: z.string().max(100) }) },
  responses: {
    202: json(z.object({ status: z.literal("asked") }), "The e-mail is sent"),
    ...writeErrors(),
    ...errorResponses("CONFLICT"),
  },
});

export const alertChannelRoutes = router()
  .openapi(confirmation, async (c) => {
    const row = await ownChannel(c, ownerOf(c), c.req.valid("param").channel_id);
    const target = await addressOf(c, row);
    if (target === null || (await hasConsent(c.env, row.retailer_id, target))) {
      throw new ApiError(
        "CONFLICT",
        "There is nothing to confirm: the channel is no e-mail channel, or its recipient has confirmed.",
      );
    }
    const failed = await askConsent(c.env, row.retailer_id, target, c.var.deps.now());
    if (failed?.code === "ASKED_OFTEN")
      throw new ApiError("RATE_LIMITED", failed.message, { retry_after_seconds: 600 });
    if (failed !== null) throw new ApiError("CONFLICT", `${failed.message} ${failed.hint}`);
    return c.json({ status: "asked" as const }, 202);
  })
  .openapi(list, async (c) => {
    const rows = await listChannels(accountsDb(c.env), [ownerOf(c)]);
    return c.json(await Promise.all(rows.map((row) => channelJson(c, row))), 200);
  })
  .openapi(replace, async (c) => {
    const retailer_id = ownerOf(c);
    const db = accountsDb(c.env);
    const stored = await listChannels(db, [retailer_id]);
    const given = c.req.valid("json");
    const changed = await changedChannels(stored, given, {
      config: c.var.config,
      retailer_id,
      now: c.var.deps.now(),
    });
    await replaceChannels(
      db,
      retailer_id,
      changed.map(({ row }) => row),
    );
    for (const { row } of changed) await askIfNew(c, row);
    const saved = changed.map(async ({ row, secret }) => ({ ...(await channelJson(c, row)), secret }));
    return c.json(await Promise.all(saved), 200);
  })
  .openapi(test, async (c) => {
    const given = c.req.valid("json");
    const retailer_id = ownerOf(c);
    const started = Date.now();
    const delivery =
      "channel_id" in given
        ? await testStored(c, retailer_id, given.channel_id)
        : await deliver(
            c.env,
            { kind: given.kind, retailer_id, ...unsaved(c, given) },
            testNotice(c.var.config.public_url, started),
            started,
          );
    const latency_ms = Date.now() - started;
    return c.json({ ok: delivery.ok, error: delivery.ok ? null : delivery.error, latency_ms }, 200);
  });

/** Asks a new recipient for consent by e-mail. A failure shows at the channel, like a failed alert. */
async function askIfNew(c: AppContext, row: AlertChannelRow): Promise<void> {
  const target = await addressOf(c, row);
  if (target === null || (await wasAsked(c.env, row.retailer_id, target))) return;
  const failed = await askConsent(c.env, row.retailer_id, target, c.var.deps.now());
  if (failed !== null) await markFailed(accountsDb(c.env), row.channel_id, failed, c.var.deps.now());
}

/** The address of an e-mail channel; null: the channel is of another kind, or its seal does not open. */
async function addressOf(c: AppContext, row: AlertChannelRow): Promise<string | null> {
  if (row.kind !== "email") return null;
  return (await openChannel(c.var.config.credential_keys, row))?.target ?? null;
}

/** Channels get alerts of all the retailer's stores. */
const ownerOf = (c: AppContext): string => retailerOf(c, "use the retailer's alert channels");

async function ownChannel(c: AppContext, retailer_id: string, channel_id: string): Promise<AlertChannelRow> {
  const row = await findChannel(accountsDb(c.env), channel_id);
  if (row === null || row.retailer_id !== retailer_id) throw notFound("alert channel");
  return row;
}

async function testStored(c: AppContext, retailer_id: string, channel_id: string): Promise<Delivery> {
  const row = await ownChannel(c, retailer_id, channel_id);
  return deliverStored(c.env, row, testNotice(c.var.config.public_url, Date.now()));
}

function unsaved(c: AppContext, { kind, target }: { kind: AlertChannelRow["kind"]; target: string }) {
  const checked = checkTarget(kind, target, endpointRules(c.var.config));
  if (!checked.ok) throw invalid([{ path: "target", message: checked.reason }]);
  return { target: checked.target, secret: generateSecret() };
}

async function channelJson(c: AppContext, row: AlertChannelRow): Promise<AlertChannelJson> {
  const address = await addressOf(c, row);
  const confirmed = address !== null && (await hasConsent(c.env, row.retailer_id, address));
  return {
    channel_id: row.channel_id,
    kind: row.kind,
    target: row.target_hint,
    secret_hint: row.secret_hint,
    rules: row.rules,
    enabled: row.enabled,
    confirmation: row.kind !== "email" ? "not_needed" : confirmed ? "confirmed" : "waiting",
    created_at: iso(row.created_at),
    last_sent_at: isoOrNull(row.last_sent_at),
    failed_at: isoOrNull(row.failed_at),
    last_error: row.last_error,
  };
}
