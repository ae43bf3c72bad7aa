import { MESSAGE_VERSION, type SyncMessage, syncMessage } from "../../contract/messages.ts";
import type { Lane } from "../../domain/limits/pace.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import { delaySeconds } from "../../domain/limits/wait.ts";
import { locationStub } from "../../location/stub.ts";
import { log } from "../../platform/log.ts";
import { followSubscriptions } from "../chores/follow-subscriptions.ts";
import { forgetCustomers } from "../chores/forget-customers.ts";
import { moveStore } from "../chores/move-store.ts";
import { purge } from "../chores/purge.ts";
import { startStore } from "../chores/start-store.ts";
import { sweep } from "../chores/sweep.ts";
import { connectedStore } from "../connected-store.ts";
import { push } from "../pushing/push.ts";
import { type Later, readSteps } from "../reading/read-steps.ts";
import { reseal } from "../sealing/reseal-all.ts";
import { putOffUnread } from "./put-off-unread.ts";

/** Where a message goes back to that must wait, by the queue that it came from. */
const QUEUES = [
  [/-slow-/, (env: Env) => env.SLOW],
  [/-imports-/, (env: Env) => env.IMPORTS],
  [/-chores-/, (env: Env) => env.CHORES],
] as const;

/**
 * The queues SYNC, IMPORTS, SLOW and CHORES: a message is a piece of work for one store. The messages of a batch are of different stores, and are
 * handled side by side. Acknowledges or retries each message and never throws.
 */
export async function consumeSync(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(batch.messages.map((message) => consume(env, message, batch.queue)));
}

async function consume(env: Env, message: Message, queue: string): Promise<void> {
  const parsed = syncMessage.safeParse(message.body);
  if (!parsed.success) {
    putOffUnread(message, queue);
    return;
  }
  const { kind } = parsed.data;
  const ids = !("location_id" in parsed.data)
    ? {}
    : { location_id: parsed.data.location_id, request_id: parsed.data.request_id };
  const run_id = "run_id" in parsed.data ? parsed.data.run_id : undefined;
  const about = { ...ids, run_id, queue, kind, attempt: message.attempts };
  const began = Date.now();
  try {
    const later = await handle(env, parsed.data, queue.includes("-slow-") ? "slow" : "quick");
    // A new message and not a retry: retries are counted, and waiting is no failure.
    if (later !== null) {
      const same = QUEUES.find(([name]) => name.test(queue))?.[1](env) ?? env.SYNC;
      await same.send(later.message, { delaySeconds: delaySeconds(later.delay_ms) });
    }
    message.ack();
    const outcome = later === null ? "done" : "later";
    // A step tells of its end itself.
    if (kind !== "step") log("message_ended", { ...about, outcome, ms: Date.now() - began });
  } catch (error) {
    log("message_failed", { ...about, outcome: "retry", ms: Date.now() - began, cause: error });
    message.retry({ delaySeconds: retryDelayS(message.attempts) });
  }
}

async function handle(env: Env, message: SyncMessage, lane: Lane): Promise<Later | null> {
  if (message.kind === "start") return startAndRead(env, message, lane);
  if (message.kind === "step") return readSteps(env, message, lane);
  const delay_ms = await work(env, message, lane);
  return delay_ms === null ? null : { message, delay_ms };
}

/** A poll begins to read at once. Its step gets a message only when it must wait or fails: the start is done. */
async function startAndRead(
  env: Env,
  start: Extract<SyncMessage, { kind: "start" }>,
  lane: Lane,
): Promise<Later | null> {
  const step = await startStore(env, start);
  if (step === null) return null;
  const began = Date.now();
  try {
    return await readSteps(env, step, lane);
  } catch (error) {
    log("message_failed", { ...step, attempt: 1, outcome: "retry", ms: Date.now() - began, cause: error });
    return { message: step, delay_ms: retryDelayS(1) * 1_000 };
  }
}

/** null: done; else: handle it again after so many ms. */
function work(env: Env, message: Exclude<SyncMessage, { kind: "start" | "step" }>, lane: Lane): Promise<number | null> {
  switch (message.kind) {
    case "replay":
      return replay(env, message);
    case "refresh":
      return refresh(env, message);
    case "push":
      return push(env, message.location_id, lane);
    case "purge":
      return purge(env, message);
    case "sweep":
      return sweep(env, message, Date.now());
    case "forget_customers":
      return forgetCustomers(env, message.location_id);
    case "move":
      return moveStore(env, message.location_id);
    case "reseal":
      return reseal(env, message);
    case "follow_subscriptions":
      return follow(env, message);
  }
}

async function replay(env: Env, { location_id, after }: { location_id: string; after: string | null }): Promise<null> {
  // A call to a purged Location would create it again.
  if ((await connectedStore(env, location_id)) === null) return null;
  const next = await locationStub(env, location_id).replayLedger(after);
  if (next !== null)
    await env.CHORES.send({ kind: "replay", v: MESSAGE_VERSION, location_id, after: next } satisfies SyncMessage);
  return null;
}

async function follow(env: Env, message: Extract<SyncMessage, { kind: "follow_subscriptions" }>): Promise<null> {
  const after = await followSubscriptions(env, message);
  if (after !== null) await env.CHORES.send({ ...message, after } satisfies SyncMessage);
  return null;
}

async function refresh(env: Env, { location_id, second, request_id }: Extract<SyncMessage, { kind: "refresh" }>) {
  if ((await connectedStore(env, location_id)) === null) return null;
  return locationStub(env, location_id).refresh(second, request_id);
}
