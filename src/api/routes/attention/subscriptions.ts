import { createRoute } from "@hono/zod-openapi";
import { z } from "../../../contract/http/common.ts";
import {
  replayInput,
  type SubscriptionInput,
  type SubscriptionJson,
  savedSubscription,
  subscription,
  subscriptionPath,
  subscriptionsInput,
} from "../../../contract/http/subscriptions.ts";
import { MESSAGE_VERSION, type SyncMessage } from "../../../contract/messages.ts";
import { accountsDb } from "../../../db/databases.ts";
import { findLocations } from "../../../db/locations.ts";
import {
  type FailureRow,
  findSubscription,
  listFailures,
  listSubscriptions,
  replaceSubscriptions,
  sumFailures,
} from "../../../db/queries/subscriptions.ts";
import type { SubscriptionRow } from "../../../db/schema/accounts.ts";
import { MAX_SUBSCRIPTIONS } from "../../../domain/bounds.ts";
import { iso, isoOrNull } from "../../../domain/values/iso.ts";
import { locationStub } from "../../../location/stub.ts";
import { ApiError, beforeLog, invalid, notFound } from "../../errors.ts";
import type { AppContext } from "../../requests/context.ts";
import { retailerOf } from "../../requests/retailer-of.ts";
import { storeOf } from "../../requests/store-of.ts";
import { changedSubscriptions } from "../../requests/subscription-changes.ts";
import { commonErrors, errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";

const tags = ["Told to others"];

const list = createRoute({
  method: "get",
  path: "/v1/subscriptions",
  tags,
  summary: "Who is told of changes, and who does not take them (admin)",
  ...secured("admin"),
  responses: { 200: json(subscription.array(), "All subscriptions of the retailer"), ...commonErrors() },
});

const replace = createRoute({
  method: "put",
  path: "/v1/subscriptions",
  tags,
  summary: "Replace the list of subscriptions (admin)",
  description:
    `Up to ${MAX_SUBSCRIPTIONS}. One that is left out is removed. One with its \`subscription_id\` and its hint as \`url\` keeps ` +
    "its address and secret: what `GET` shows can be changed and sent back, and what only answers have is ignored. A new one, or one that is switched on again, gets what changes from then on; it may get a few " +
    "changes of the minutes before. Messages are signed by Standard Webhooks. Each is " +
    "`{ type, timestamp, data: { location_id, sequence, records } }`: `records` has for each changed record its id and how it is now " +
    "(`state` present, gone, or omitted because it is too large), as in the feed. Of `sync.completed` and `sync.failed` it has the run. " +
    "The messages of a store come one at a time, in the order of `sequence`: drop one whose `sequence` is not greater than the last " +
    "one that you stored for the store. Answer 2xx within 10 seconds. Anything else is tried again for 24 hours, then parked.",
  ...secured("admin"),
  request: { body: jsonBody(subscriptionsInput) },
  responses: {
    200: json(
      savedSubscription.array(),
      "The subscriptions, with the secrets of new addresses, which are shown only here",
    ),
    ...writeErrors(),
  },
});

const replay = createRoute({
  method: "post",
  path: "/v1/subscriptions/{subscription_id}/replay",
  tags,
  summary: "Send a store's changes again from a sequence, or let parked ones go on (admin)",
  ...secured("admin"),
  request: { params: subscriptionPath, body: jsonBody(replayInput) },
  responses: {
    202: json(z.object({ status: z.literal("queued") }), "They are sent"),
    ...writeErrors(),
    ...errorResponses("CONFLICT", "GONE"),
  },
});

export const subscriptionRoutes = router()
  .openapi(list, async (c) => {
    const rows = await listSubscriptions(accountsDb(c.env), ownerOf(c));
    return c.json(await shown(c, rows), 200);
  })
  .openapi(replace, async (c) => {
    const retailer_id = ownerOf(c);
    const db = accountsDb(c.env);
    const stored = await listSubscriptions(db, retailer_id);
    const wished = c.req.valid("json");
    await refuseForeignStores(c, stored, wished);
    const given = { config: c.var.config, retailer_id, now: c.var.deps.now() };
    const changed = await changedSubscriptions(stored, wished, given);
    const rows = changed.map(({ row }) => row);
    await replaceSubscriptions(db, retailer_id, rows);
    await c.env.CHORES.send({
      kind: "follow_subscriptions",
      v: MESSAGE_VERSION,
      retailer_id,
      after: null,
    } satisfies SyncMessage);
    const saved = (await shown(c, rows)).map((each, index) => ({ ...each, secret: changed[index]?.secret ?? null }));
    return c.json(saved, 200);
  })
  .openapi(replay, async (c) => {
    const { location_id, after = null } = c.req.valid("json");
    const row = await findSubscription(accountsDb(c.env), c.req.valid("param").subscription_id);
    if (row === null || row.retailer_id !== ownerOf(c)) throw notFound("subscription");
    const store = await storeOf(c, location_id);
    const resumed = await locationStub(c.env, store.location_id).resumeDelivery(row.subscription_id, after);
    if (!resumed.ok) {
      if (resumed.reason === "before_log") throw beforeLog(resumed.head);
      if (resumed.reason === "after_head") {
        const message = `is greater than the store's newest sequence, ${resumed.head}; leave it out to go on where it stopped`;
        throw invalid([{ path: "after", message }]);
      }
      throw new ApiError(
        "CONFLICT",
        "Nothing of this store is sent there: the subscription is off, or names other stores.",
      );
    }
    return c.json({ status: "queued" as const }, 202);
  });

/** Receivers hear of all the retailer's stores. */
const ownerOf = (c: AppContext): string => retailerOf(c, "use the retailer's subscriptions");

/** A receiver of a store that does not exist would wait for ever. One that is stored may name stores that are gone by now. */
async function refuseForeignStores(
  c: AppContext,
  stored: readonly SubscriptionRow[],
  given: readonly SubscriptionInput[],
) {
  const known = new Set(stored.flatMap(({ location_ids }) => location_ids ?? []));
  const asked = new Set(given.flatMap(({ location_ids }) => location_ids ?? []));
  const rows = await findLocations(accountsDb(c.env), asked);
  const isForeign = (id: string) => !known.has(id) && rows.get(id)?.retailer_id !== c.var.caller.retailer_id;
  const issues = given.flatMap(({ location_ids }, index) =>
    (location_ids ?? [])
      .filter(isForeign)
      .map((id) => ({ path: `${index}.location_ids`, message: `${id} is not one of your stores` })),
  );
  if (issues.length > 0) throw invalid(issues);
}

async function shown(c: AppContext, rows: readonly SubscriptionRow[]): Promise<SubscriptionJson[]> {
  const db = accountsDb(c.env);
  const sums = await sumFailures(
    db,
    rows.map(({ subscription_id }) => subscription_id),
  );
  return Promise.all(
    rows.map(async (row) => {
      const sum = sums.find(({ subscription_id }) => subscription_id === row.subscription_id);
      return subscriptionJson(row, sum, sum === undefined ? [] : await listFailures(db, row.subscription_id));
    }),
  );
}

type Sum = Awaited<ReturnType<typeof sumFailures>>[number] | undefined;

function subscriptionJson(row: SubscriptionRow, sum: Sum, failures: readonly FailureRow[]): SubscriptionJson {
  const { subscription_id, url_hint: url, secret_hint, events, location_ids, enabled } = row;
  const state = !enabled ? "disabled" : sum === undefined ? "ok" : sum.parked > 0 ? "parked" : "failing";
  return {
    subscription_id,
    url,
    secret_hint,
    events,
    location_ids,
    enabled,
    created_at: iso(row.created_at),
    state,
    failing_stores: sum?.failing ?? 0,
    parked_stores: sum?.parked ?? 0,
    waiting: sum?.waiting ?? 0,
    failing_since: isoOrNull(sum?.since ?? null),
    last_error: failures.at(0)?.error ?? null,
    failures: failures.map((failure) => ({
      location_id: failure.location_id,
      sequence: failure.sequence,
      waiting: failure.waiting,
      attempts: failure.failures,
      since: iso(failure.failing_since),
      next_attempt_at: isoOrNull(failure.next_at),
      parked_at: isoOrNull(failure.parked_at),
      error: failure.error,
    })),
  };
}
