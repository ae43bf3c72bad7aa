import { tellMessage } from "../../contract/telling.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import { log } from "../../platform/log.ts";
import { deliverChanges } from "../telling/deliver-changes.ts";
import { logBatch } from "./log-batch.ts";
import { putOffUnread } from "./put-off-unread.ts";

/** The queue NOTICES: what waits for one receiver of one store. Acknowledges or retries each message and never throws. */
export async function consumeTelling(batch: MessageBatch, env: Env): Promise<void> {
  const began = Date.now();
  const retried = await Promise.all(batch.messages.map((message) => consume(env, message, batch.queue)));
  logBatch(batch, began, retried.filter(Boolean).length);
}

/** true: it comes again. A receiver that fails is no reason: the Location knows when to try again. */
async function consume(env: Env, message: Message, queue: string): Promise<boolean> {
  const parsed = tellMessage.safeParse(message.body);
  if (!parsed.success) {
    putOffUnread(message, queue);
    return true;
  }
  const { location_id, subscription_id } = parsed.data;
  const began = Date.now();
  try {
    await deliverChanges(env, parsed.data);
    message.ack();
    return false;
  } catch (error) {
    const about = { queue, location_id, subscription_id, attempt: message.attempts };
    log("message_failed", { ...about, outcome: "retry", ms: Date.now() - began, cause: error });
    message.retry({ delaySeconds: retryDelayS(message.attempts) });
    return true;
  }
}
