import type { BeginStepResult } from "../../contract/location.ts";
import { type SyncMessage, syncMessage } from "../../contract/messages.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import { LANE_LIMITS, type Lane } from "../../domain/limits/pace.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import { delaySeconds } from "../../domain/limits/wait.ts";
import type { RunError } from "../../domain/runs/run.ts";
import { dutchieError } from "../../dutchie/http/errors.ts";
import { Meter } from "../../dutchie/http/meter.ts";
import { parseConfig } from "../../env.ts";
import { type LocationStub, locationStub } from "../../location/stub.ts";
import { isPassing } from "../../platform/failures.ts";
import { type LogKeys, log } from "../../platform/log.ts";
import { openPepper } from "../../security/pepper.ts";
import { forgetCustomers } from "../chores/forget-customers.ts";
import { moveStore } from "../chores/move-store.ts";
import { purge } from "../chores/purge.ts";
import { startStore } from "../chores/start-store.ts";
import { sweep } from "../chores/sweep.ts";
import { push } from "../pushing/push.ts";
import { connect } from "../reading/connection.ts";
import { pullStep } from "../reading/pull.ts";
import { reseal } from "../sealing/reseal-all.ts";
import { connectedStore } from "../store.ts";

/** Where a message goes back to that must wait, by the queue that it came from. */
const QUEUES = [
  [/-slow-/, (env: Env) => env.SLOW],
  [/-imports-/, (env: Env) => env.IMPORTS],
  [/-chores-/, (env: Env) => env.CHORES],
] as const;

/**
 * The queues SYNC, IMPORTS, SLOW and CHORES: one message, one step. The messages of a batch are of different stores, and are
 * handled side by side. Acknowledges or retries each message and never throws.
 */
export async function consumeSync(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(batch.messages.map((message) => consume(env, message, batch.queue)));
}

async function consume(env: Env, message: Message, queue: string): Promise<void> {
  const parsed = syncMessage.safeParse(message.body);
  if (!parsed.success) {
    // Not ours, or of an earlier version: trying again cannot help, and the dead-letter queue shows it.
    log("message_not_understood", { queue, message_id: message.id });
    message.retry();
    return;
  }
  const { kind } = parsed.data;
  const ids = kind === "reseal" ? {} : { location_id: parsed.data.location_id, request_id: parsed.data.request_id };
  const about = { ...ids, queue, kind, attempt: message.attempts };
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

const OUR_FAULT: RunError = {
  code: "SERVER_ERROR",
  message: "ReUp could not store what Dutchie answered.",
  hint: "The fault is on ReUp's side. Start the sync again; if it fails again, report the run id.",
};

/** What is to be handled after so many ms. */
interface Later {
  message: SyncMessage;
  delay_ms: number;
}

async function handle(env: Env, message: SyncMessage, lane: Lane): Promise<Later | null> {
  if (message.kind === "start") return startAndRead(env, message, lane);
  const delay_ms = await work(env, message, lane);
  return delay_ms === null ? null : { message, delay_ms };
}

/** A poll begins to read at once. Its step gets a message only when it must wait or fails: the start is done. */
async function startAndRead(
  env: Env,
  start: Extract<SyncMessage, { kind: "start" }>,
  lane: Lane,
): Promise<Later | null> {
  const { location_id } = start;
  const step = await startStore(env, start);
  if (step === null) return null;
  try {
    const delay_ms = await takeStep(env, step, lane);
    return delay_ms === null ? null : { message: step, delay_ms };
  } catch (error) {
    log("message_failed", { location_id, kind: "step", attempt: 1, outcome: "retry", cause: error });
    return { message: step, delay_ms: retryDelayS(1) * 1_000 };
  }
}

/** null: done; else: handle it again after so many ms. */
function work(env: Env, message: Exclude<SyncMessage, { kind: "start" }>, lane: Lane): Promise<number | null> {
  switch (message.kind) {
    case "step":
      return takeStep(env, message, lane);
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
  }
}

async function replay(env: Env, { location_id, after }: { location_id: string; after: string | null }): Promise<null> {
  // A call to a purged Location would create it again.
  if ((await connectedStore(env, location_id)) === null) return null;
  const next = await locationStub(env, location_id).replayLedger(after);
  if (next !== null) await env.CHORES.send({ kind: "replay", location_id, after: next } satisfies SyncMessage);
  return null;
}

async function refresh(env: Env, { location_id, second, request_id }: Extract<SyncMessage, { kind: "refresh" }>) {
  if ((await connectedStore(env, location_id)) === null) return null;
  return locationStub(env, location_id).refresh(second, request_id);
}

type Given = Extract<SyncMessage, { kind: "step" }>;

/** How a step's message ended, for the log. */
interface Ended extends Pick<LogKeys, "outcome" | "resource" | "attempt" | "code"> {
  delay_ms?: number;
}

async function takeStep(env: Env, given: Given, lane: Lane): Promise<number | null> {
  const began = Date.now();
  const { delay_ms, ...ended } = await workStep(env, given, lane);
  const { location_id, run_id, step, request_id } = given;
  log("step_ended", { location_id, run_id, step, request_id, lane, ...ended, ms: Date.now() - began });
  return delay_ms ?? null;
}

async function workStep(env: Env, given: Given, lane: Lane): Promise<Ended> {
  const location = await connectedStore(env, given.location_id);
  if (location === null) return { outcome: "nothing" };
  const stub = locationStub(env, given.location_id);
  const begun = await stub.beginStep(given.run_id, given.step);
  if (begun.kind === "nothing") return { outcome: "nothing" };
  if (begun.kind === "later") return { outcome: "later", delay_ms: begun.delay_ms };
  const { attempt } = begun;
  const about = { resource: begun.step.resource, attempt };
  const alive = setInterval(() => void signOfLife(stub, attempt), SIGN_OF_LIFE_MS);
  try {
    return { ...about, ...(await readStep(env, { location, stub, begun, lane })) };
  } catch (error) {
    if (isPassing(error)) throw error;
    // Trying again cannot help, and a run that only stops would not say why.
    const { location_id, run_id, step, request_id } = given;
    log("step_failed", { location_id, run_id, step, request_id, ...about, cause: error });
    await stub.failStep(attempt, OUR_FAULT, null);
    return { ...about, outcome: "failed", code: OUR_FAULT.code };
  } finally {
    clearInterval(alive);
  }
}

async function readStep(
  env: Env,
  given: {
    location: LocationRow;
    stub: LocationStub;
    begun: Extract<BeginStepResult, { kind: "read" }>;
    lane: Lane;
  },
): Promise<Ended> {
  const { location, stub, begun, lane } = given;
  const { attempt, resume } = begun;
  const meter = new Meter(LANE_LIMITS[lane], resume?.taken);
  const client = await connect(env, location, { stub, reader: attempt, meter });
  if (client === null) {
    const error = dutchieError(
      "UNAUTHORIZED",
      "The stored API key cannot be opened with the Worker's keys; enter it again",
    );
    await stub.failStep(attempt, error, null);
    return { outcome: "failed", code: error.code };
  }
  const pepper = await openPepper(parseConfig(env).credential_keys, location);
  const pulled = await pullStep(begun, { stub, location, client, pepper });
  if (pulled.kind === "superseded") return { outcome: "superseded" };
  if (lane === "quick" && meter.isOverTime && pulled.kind === "failed") {
    await stub.handOver(attempt, pulled.resume);
    return { outcome: "handed_over" };
  }
  await stub.paced({ waited_ms: meter.waited_ms, took_ms: meter.took_ms });
  if (pulled.kind === "finished") {
    await stub.finishStep(attempt, pulled.started_at, pulled.clock);
    return { outcome: "finished" };
  }
  await stub.failStep(attempt, pulled.error, pulled.resume);
  return { outcome: "failed", code: pulled.error.code };
}

/** How often the reader shows that it is alive: rows may come slowly. */
const SIGN_OF_LIFE_MS = 20_000;

async function signOfLife(stub: LocationStub, attempt: number): Promise<void> {
  try {
    await stub.alive(attempt);
  } catch (error) {
    // The next call may succeed. If none does, the step begins again, which writes nothing twice.
    log("sign_of_life_not_stored", { attempt, cause: error });
  }
}
