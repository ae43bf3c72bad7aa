import { send } from "../../alerts/deliver.ts";
import { openChannel } from "../../alerts/sealed.ts";
import { signedHeaders } from "../../alerts/sign.ts";
import { checkTarget } from "../../alerts/target.ts";
import type { ProblemJson } from "../../contract/http/common.ts";
import { MESSAGE_VERSION } from "../../contract/messages.ts";
import type { ClaimedChanges, TellMessage } from "../../contract/telling.ts";
import { accountsDb } from "../../db/databases.ts";
import { findSubscription } from "../../db/queries/subscriptions.ts";
import type { LocationRow, SubscriptionRow } from "../../db/schema/accounts.ts";
import type { ChangeMessage } from "../../domain/feed/change-messages.ts";
import { LEASE_MS } from "../../domain/feed/delivery.ts";
import { isSubscribed } from "../../domain/feed/subscribed.ts";
import { contentHash } from "../../domain/records/version.ts";
import { iso } from "../../domain/values/iso.ts";
import { endpointRules, parseConfig } from "../../env.ts";
import { locationStub } from "../../location/stub.ts";
import { log } from "../../platform/log.ts";
import { connectedStore } from "../connected-store.ts";
import { buildMessages } from "./build-messages.ts";

/** How long one message goes on with a receiver that has more, ms. Then the other stores of its queue have their turn. */
const GO_ON_MS = 10_000;
/** Of an attempt's lease, ms: no request may begin later, for it may take ten seconds. */
const LAST_REQUEST_MS = LEASE_MS - 20_000;

type Receiver = { target: string; secret: string } & Pick<SubscriptionRow, "subscription_id" | "events">;
type Failed = { error: ProblemJson; asked_ms: number | null };

/** Sends a receiver the changes of a store that wait for it, window by window, until one is not accepted. */
export async function deliverChanges(env: Env, { location_id, subscription_id, resume }: TellMessage): Promise<void> {
  const location = await connectedStore(env, location_id);
  if (location === null) return;
  const stub = locationStub(env, location_id);
  const subscription = await findSubscription(accountsDb(env), subscription_id);
  if (subscription === null || !isSubscribed(subscription, location_id)) {
    await stub.followSubscriptions();
    return;
  }
  if (resume) await stub.resumeDelivery(subscription_id, null);
  const receiver = await openReceiver(env, subscription);
  const ends = Date.now() + GO_ON_MS;
  for (;;) {
    const claimed = await stub.claimChanges(subscription_id, subscription.events);
    if (claimed === null) return;
    const failed = "error" in receiver ? receiver : await trySending(env, { location, receiver, claimed });
    const window = { after: claimed.after, upto: claimed.upto, replays: claimed.replays };
    if (failed !== null) {
      log("notices_not_delivered", {
        location_id,
        subscription_id,
        code: failed.error.code,
        count: claimed.entries.length,
      });
      await stub.changesFailed(subscription_id, { window, ...failed });
      return;
    }
    await stub.changesDelivered(subscription_id, window);
    if (Date.now() > ends) return nudge(env, location_id, subscription_id);
  }
}

const nudge = async (env: Env, location_id: string, subscription_id: string): Promise<void> => {
  await env.NOTICES.send({ v: MESSAGE_VERSION, location_id, subscription_id } satisfies TellMessage);
};

/** Checked again: what was allowed in development may have been carried over with the database. */
async function openReceiver(env: Env, subscription: SubscriptionRow): Promise<Receiver | Failed> {
  const { subscription_id, sealed, events } = subscription;
  const config = parseConfig(env);
  const opened = await openChannel(config.credential_keys, { channel_id: subscription_id, sealed });
  if (opened === null || opened.secret === null) {
    const message = "The stored address cannot be opened with the Worker's keys.";
    return refused("UNOPENED", message, "Enter the address again.");
  }
  const checked = checkTarget("webhook", opened.target, endpointRules(config));
  if (!checked.ok) return refused("BAD_TARGET", checked.reason, "Enter another address.");
  return { target: checked.target, secret: opened.secret, subscription_id, events };
}

const refused = (code: string, message: string, hint: string): Failed => ({
  error: { code, message, hint },
  asked_ms: null,
});

interface Attempt {
  location: LocationRow;
  receiver: Receiver;
  claimed: ClaimedChanges;
}

/**
 * What we throw ourselves is a failure like another, so it is shown, waits longer each time, and ends. A retry by the queue would
 * find the window taken, and the next attempts would fail unseen.
 */
async function trySending(env: Env, attempt: Attempt): Promise<Failed | null> {
  try {
    return await sendWindow(env, attempt);
  } catch (cause) {
    const { location_id } = attempt.location;
    log("notices_not_prepared", { location_id, subscription_id: attempt.receiver.subscription_id, cause });
    const message = "The changes of this store could not be prepared for sending.";
    return refused("NOT_PREPARED", message, "The receiver is not the cause: tell those who run this service.");
  }
}

/** null: the receiver has accepted all of it. */
async function sendWindow(env: Env, { location, receiver, claimed }: Attempt): Promise<Failed | null> {
  const last = Date.now() + LAST_REQUEST_MS;
  for (const message of await buildMessages(env, location, receiver.events, claimed)) {
    if (Date.now() > last) {
      return refused(
        "SLOW",
        `${new URL(receiver.target).host} takes too long.`,
        "Let the receiver answer at once and do its work afterwards.",
      );
    }
    const sent = await send(await request(location.location_id, receiver, message));
    if (!sent.ok) return { error: sent.error, asked_ms: sent.retry_after_ms };
  }
  return null;
}

/** A message's id is of what it tells, so it is the same when it is sent again. */
async function request(location_id: string, { target, secret, subscription_id }: Receiver, message: ChangeMessage) {
  const now = Date.now();
  const { type, sequence } = message;
  const id = `msg_${contentHash([subscription_id, location_id, type, sequence])}`;
  const body = JSON.stringify({ type, timestamp: iso(now), data: { location_id, sequence, records: message.records } });
  return { url: target, body, headers: await signedHeaders(secret, { id, body, now }) };
}
