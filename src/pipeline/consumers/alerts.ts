import { deliverStored } from "../../alerts/deliver-stored.ts";
import type { Delivery } from "../../alerts/delivery.ts";
import { noticeOf } from "../../alerts/notice.ts";
import { type AlertMessage, alertMessage, isOfNewerBuild } from "../../contract/messages.ts";
import { accountsDb } from "../../db/databases.ts";
import { findChannel } from "../../db/queries/alert-channels.ts";
import { findAlert } from "../../db/queries/list-alerts.ts";
import { isPrompt, isStillTrue } from "../../domain/alerts/notices.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import { delaySeconds, waitMs } from "../../domain/limits/wait.ts";
import { parseConfig } from "../../env.ts";
import { log } from "../../platform/log.ts";
import { connectedStore } from "../connected-store.ts";
import { logBatch } from "./log-batch.ts";
import { putOffUnread } from "./put-off-unread.ts";

/**
 * A channel that did not accept a notice until this attempt shows its failure, and a firing alert is sent again in six hours. What
 * is no answer of a channel ends no notice: a newer build, or a database that is away, comes within a day.
 */
const MAX_ATTEMPTS = 6;
/** Waits before the next attempt: 30 s, 2 min, 8 min, 32 min, an hour; longer when the receiver asks for it. */
const FIRST_WAIT_MS = 30_000;
/** Each wait is four times the one before: two doublings. */
const DOUBLINGS = 2;

/** The ALERTS queue: one message, one notice for one channel. Acknowledges or retries each message and never throws. */
export async function consumeAlerts(batch: MessageBatch, env: Env): Promise<void> {
  const began = Date.now();
  const retried = await Promise.all(batch.messages.map((message) => consume(env, message, batch.queue)));
  logBatch(batch, began, retried.filter(Boolean).length);
}

/** true: it comes again. */
async function consume(env: Env, message: Message, queue: string): Promise<boolean> {
  const parsed = alertMessage.safeParse(message.body);
  if (!parsed.success) {
    if (isOfNewerBuild(message.body)) {
      putOffUnread(message, queue);
      return true;
    }
    log("message_not_understood", { queue, message_id: message.id });
    message.ack();
    return false;
  }
  const { channel_id, notice } = parsed.data;
  const ids = { channel_id, notice_id: notice.notice_id, location_id: notice.location_id, attempt: message.attempts };
  try {
    const delivery = await deliverNotice(env, parsed.data, message);
    if (delivery.ok) {
      message.ack();
      return false;
    }
    const isOver = delivery.final || message.attempts >= MAX_ATTEMPTS;
    log("alert_not_delivered", { ...ids, code: delivery.error.code, outcome: isOver ? "given_up" : "retry" });
    if (isOver) message.ack();
    else message.retry({ delaySeconds: delayS(message.attempts, delivery.retry_after_ms) });
    return !isOver;
  } catch (error) {
    log("message_failed", { queue, ...ids, outcome: "retry", cause: error });
    message.retry({ delaySeconds: retryDelayS(message.attempts) });
    return true;
  }
}

/** Seconds until a channel that did not accept the notice gets it again. */
function delayS(attempt: number, asked_ms: number | null): number {
  const repeats = DOUBLINGS * (attempt - 1);
  const grown = waitMs({ asked_ms: null, first_ms: FIRST_WAIT_MS, repeats, random: 1 });
  return delaySeconds(Math.max(grown, asked_ms ?? 0));
}

/** A notice that is no longer wanted counts as delivered. Of an alert that ended within seconds, both notices are sent. */
async function deliverNotice(env: Env, { channel_id, notice }: AlertMessage, message: Message): Promise<Delivery> {
  const db = accountsDb(env);
  const channel = await findChannel(db, channel_id);
  const store = await connectedStore(env, notice.location_id);
  // The channel was removed or switched off meanwhile, or the store disconnected.
  if (channel === null || !channel.enabled || store === null) return { ok: true };
  const isOnTime = isPrompt(message.attempts, Date.now() - message.timestamp.getTime());
  if (!isOnTime && !isStillTrue(notice, await findAlert(db, notice.location_id, notice.alert_id))) return { ok: true };
  return deliverStored(env, channel, noticeOf(notice, store, parseConfig(env).public_url));
}
