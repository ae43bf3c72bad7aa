import type { BeginStepResult } from "../../contract/location.ts";
import { type SyncMessage, syncMessage } from "../../contract/messages.ts";
import type { LocationRow } from "../../db/schema.ts";
import { LANE_LIMITS, type Lane } from "../../domain/runs/pace.ts";
import { retryDelayS } from "../../domain/runs/retries.ts";
import type { RunError } from "../../domain/runs/run.ts";
import { delaySeconds } from "../../domain/runs/wait.ts";
import { dutchieError } from "../../dutchie/http/errors.ts";
import { Meter } from "../../dutchie/http/meter.ts";
import { parseConfig } from "../../env.ts";
import { type LocationStub, locationStub } from "../../location/stub.ts";
import { causeOf, isPassing } from "../../platform/failures.ts";
import { openPepper } from "../../security/pepper.ts";
import { forgetCustomers } from "../chores/forget-customers.ts";
import { purge } from "../chores/purge.ts";
import { sweep } from "../chores/sweep.ts";
import { push } from "../pushing/push.ts";
import { connect } from "../reading/connection.ts";
import { pullStep } from "../reading/pull.ts";
import { connectedStore } from "../store.ts";

/** The SYNC and SLOW queues: one message, one step. Acknowledges or retries each message and never throws. */
export async function consumeSync(batch: MessageBatch, env: Env): Promise<void> {
  const [lane, queue] = batch.queue.includes("-slow-") ? (["slow", env.SLOW] as const) : (["quick", env.SYNC] as const);
  for (const message of batch.messages) {
    const parsed = syncMessage.safeParse(message.body);
    if (!parsed.success) {
      // Not ours or from another age: trying again cannot help, the dead-letter queue shows it.
      console.error({ message: "sync message not understood", queue: batch.queue, id: message.id });
      message.retry();
      continue;
    }
    try {
      const delay_ms = await take(env, parsed.data, lane);
      // A new message rather than a retry: waiting is not failing, and retries are counted.
      if (delay_ms !== null) {
        await queue.send(parsed.data, { delaySeconds: delaySeconds(delay_ms) });
      }
      message.ack();
    } catch (error) {
      console.error({
        message: "sync message failed, will retry",
        location_id: parsed.data.location_id,
        cause: causeOf(error),
      });
      message.retry({ delaySeconds: retryDelayS(message.attempts) });
    }
  }
}

const OUR_FAULT: RunError = {
  code: "SERVER_ERROR",
  message: "ReUp could not store what Dutchie answered.",
  hint: "The fault is on ReUp's side. Start the sync again; if it fails again, report the run id.",
};

/** null: done with; else: ask again after so many ms. */
function take(env: Env, message: SyncMessage, lane: Lane): Promise<number | null> {
  switch (message.kind) {
    case "step":
      return takeStep(env, message, lane);
    case "replay":
      return replay(env, message);
    case "look":
      return look(env, message);
    case "push":
      return push(env, message.location_id, lane);
    case "purge":
      return purge(env, message);
    case "sweep":
      return sweep(env, message, Date.now());
    case "forget_customers":
      return forgetCustomers(env, message.location_id);
  }
}

async function replay(env: Env, { location_id, after }: { location_id: string; after: string | null }): Promise<null> {
  // To ask a Location that was purged would make it anew.
  if ((await connectedStore(env, location_id)) === null) return null;
  const next = await locationStub(env, location_id).replayLedger(after);
  if (next !== null) await env.SYNC.send({ kind: "replay", location_id, after: next } satisfies SyncMessage);
  return null;
}

async function look(env: Env, { location_id, second }: { location_id: string; second: boolean }) {
  if ((await connectedStore(env, location_id)) === null) return null;
  return locationStub(env, location_id).look(second);
}

async function takeStep(
  env: Env,
  given: { location_id: string; run_id: string; step: number },
  lane: Lane,
): Promise<number | null> {
  const location = await connectedStore(env, given.location_id);
  if (location === null) return null;
  const stub = locationStub(env, given.location_id);
  const begun = await stub.beginStep(given.run_id, given.step);
  if (begun.kind === "nothing") return null;
  if (begun.kind === "later") return begun.delay_ms;
  const { attempt } = begun;
  const alive = setInterval(() => void signOfLife(stub, attempt), SIGN_OF_LIFE_MS);
  try {
    await readStep(env, location, stub, begun, lane);
  } catch (error) {
    if (isPassing(error)) throw error;
    // Trying again cannot help, and a run that only falls silent would say nothing of why.
    console.error({ message: "sync step failed", ...given, cause: causeOf(error) });
    await stub.failStep(attempt, OUR_FAULT, null);
  } finally {
    clearInterval(alive);
  }
  return null;
}

async function readStep(
  env: Env,
  location: LocationRow,
  stub: LocationStub,
  begun: Extract<BeginStepResult, { kind: "read" }>,
  lane: Lane,
): Promise<void> {
  const { attempt, resume } = begun;
  const meter = new Meter(LANE_LIMITS[lane], resume?.taken);
  const client = await connect(env, location, stub, attempt, meter);
  if (client === null) {
    const error = dutchieError(
      "UNAUTHORIZED",
      "The stored API key cannot be opened with the Worker's keys; enter it again",
    );
    await stub.failStep(attempt, error, null);
    return;
  }
  const pepper = await openPepper(parseConfig(env).credential_keys, location);
  const pulled = await pullStep(stub, location, client, begun, pepper);
  if (pulled.kind === "superseded") return;
  if (lane === "quick" && meter.isOverTime && pulled.kind === "failed") {
    await stub.handOver(attempt, pulled.resume);
    return;
  }
  await stub.paced({ waited_ms: meter.waited_ms, took_ms: meter.took_ms });
  if (pulled.kind === "finished") await stub.finishStep(attempt, pulled.started_at, pulled.told);
  else await stub.failStep(attempt, pulled.error, pulled.resume);
}

/** Rows may come slowly, though never slower than the client's own time-outs allow: the reader is at work meanwhile. */
const SIGN_OF_LIFE_MS = 20_000;

async function signOfLife(stub: LocationStub, attempt: number): Promise<void> {
  try {
    await stub.alive(attempt);
  } catch (error) {
    // The next one may arrive; without any, the step is begun again, which writes nothing twice.
    console.warn({ message: "sign of life not taken", attempt, cause: causeOf(error) });
  }
}
