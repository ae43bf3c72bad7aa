import type { BeginStepResult, StepToRead } from "../../contract/location.ts";
import type { SyncMessage } from "../../contract/messages.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import { GO_ON_MS } from "../../domain/bounds.ts";
import type { Pepper } from "../../domain/insights/pseudonym.ts";
import { LANE_LIMITS, type Lane } from "../../domain/limits/pace.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import type { RunError } from "../../domain/runs/run.ts";
import { Meter } from "../../dutchie/http/meter.ts";
import { parseConfig } from "../../env.ts";
import { type LocationStub, locationStub } from "../../location/stub.ts";
import { isPassing } from "../../platform/failures.ts";
import { type LogKeys, log } from "../../platform/log.ts";
import { openPepper } from "../../security/pepper.ts";
import { connectedStore } from "../connected-store.ts";
import { type Connection, clientOf, openConnection, UNOPENED } from "./connection.ts";
import { pullStep } from "./pull.ts";

type StepMessage = Extract<SyncMessage, { kind: "step" }>;

/** What is to be handled after so many ms. */
export interface Later {
  message: SyncMessage;
  delay_ms: number;
}

/** What the reader of a message carries from step to step. */
interface Reader {
  env: Env;
  lane: Lane;
  stub: LocationStub;
  /** Until when it goes on with the next step, ms of a clock that nobody sets. */
  until: number;
  /** The store, read once: a message lasts hardly longer than `GO_ON_MS`, and the Location keeps its row as long. */
  location: LocationRow | null;
  opened: Opened | null;
  /** The key was seen to belong to the store. */
  isChecked: boolean;
}

/** What opens only with the Worker's keys. */
interface Opened {
  connection: Connection;
  pepper: Pepper | null;
}

/** How a step ended, for the log, and what the reader does next. */
interface Ended extends Pick<LogKeys, "outcome" | "resource" | "attempt" | "code"> {
  delay_ms?: number;
  next?: StepToRead | null;
}

/**
 * Reads a step of a run, and the steps after it as long as none must wait. Each next step is claimed with the end of the one
 * before, so a run of quick steps is one message. After `GO_ON_MS` the queue gets it back: other stores wait there too.
 */
export async function readSteps(env: Env, message: StepMessage, lane: Lane): Promise<Later | null> {
  const { location_id, run_id, request_id } = message;
  const until = performance.now() + GO_ON_MS;
  const reader: Reader = { env, lane, stub: locationStub(env, location_id), until, ...UNREAD };
  let { step } = message;
  let claimed: StepToRead | null = null;
  for (;;) {
    const began = Date.now();
    const about = { location_id, run_id, step, request_id };
    let ended: Ended;
    try {
      ended = await readStep(reader, about, claimed);
    } catch (error) {
      // The message names an earlier step: as it is, it would not be read again.
      if (claimed === null || !isPassing(error)) throw error;
      log("message_failed", { ...about, lane, kind: "step", outcome: "retry", ms: Date.now() - began, cause: error });
      return { message: { ...message, step }, delay_ms: retryDelayS(1) * 1_000 };
    }
    const { delay_ms, next, ...outcome } = ended;
    log("step_ended", { ...about, lane, ...outcome, ms: Date.now() - began });
    if (next == null) return delay_ms === undefined ? null : { message: { ...message, step }, delay_ms };
    claimed = next;
    step = next.number;
  }
}

const OUR_FAULT: RunError = {
  code: "SERVER_ERROR",
  message: "ReUp could not store what Dutchie answered.",
  hint: "The fault is on ReUp's side. Start the sync again; if it fails again, report the run id.",
};

type About = Pick<StepMessage, "location_id" | "run_id" | "step" | "request_id">;

async function readStep(reader: Reader, about: About, claimed: StepToRead | null): Promise<Ended> {
  const { env, stub } = reader;
  reader.location ??= await connectedStore(env, about.location_id);
  const { location } = reader;
  if (location === null) return { outcome: "nothing" };
  const begun: BeginStepResult = claimed ?? (await stub.beginStep(about.run_id, about.step));
  if (begun.kind === "nothing") return { outcome: "nothing" };
  if (begun.kind === "later") return { outcome: "later", delay_ms: begun.delay_ms };
  const { attempt } = begun;
  const step = { resource: begun.step.resource, attempt };
  const alive = setInterval(() => void signOfLife(stub, attempt, about), SIGN_OF_LIFE_MS);
  try {
    return { ...step, ...(await readRows(reader, location, begun)) };
  } catch (error) {
    if (isPassing(error)) throw error;
    // Trying again cannot help, and a run that only stops would not say why.
    log("step_failed", { ...about, ...step, cause: error });
    await stub.breakStep(attempt, { error: OUR_FAULT, resume: null, spent: null });
    return { ...step, outcome: "failed", code: OUR_FAULT.code };
  } finally {
    clearInterval(alive);
  }
}

async function readRows(reader: Reader, location: LocationRow, begun: StepToRead): Promise<Ended> {
  const { env, lane, stub } = reader;
  const { attempt, resume } = begun;
  reader.opened ??= await openStore(env, location);
  if (reader.opened === null) {
    await stub.breakStep(attempt, { error: UNOPENED, resume: null, spent: null });
    return { outcome: "failed", code: UNOPENED.code };
  }
  const { connection, pepper } = reader.opened;
  const meter = new Meter(LANE_LIMITS[lane], resume?.taken);
  const client = clientOf(connection, { stub, reader: attempt, meter });
  const pulled = await pullStep(begun, { stub, location, client, pepper, isChecked: reader.isChecked });
  if (pulled.kind === "superseded") return { outcome: "superseded" };
  if (lane === "quick" && meter.isBeyondLane && pulled.kind === "failed") {
    await stub.handOver(attempt, pulled.resume);
    return { outcome: "handed_over" };
  }
  const spent = { waited_ms: meter.waited_ms, took_ms: meter.took_ms };
  if (pulled.kind === "finished") {
    reader.isChecked = true;
    const { started_at, clock, last } = pulled;
    const goes_on = performance.now() < reader.until ? lane : null;
    const finished = await stub.endStep(attempt, { started_at, clock, last, spent, goes_on });
    return { outcome: "finished", next: finished.kind === "ok" ? (finished.next ?? null) : null };
  }
  const { error } = pulled;
  await stub.breakStep(attempt, { error, resume: pulled.resume, spent });
  return { outcome: "failed", code: error.code };
}

/** null: the credentials do not open. */
async function openStore(env: Env, location: LocationRow): Promise<Opened | null> {
  const connection = await openConnection(env, location);
  if (connection === null) return null;
  return { connection, pepper: await openPepper(parseConfig(env).credential_keys, location) };
}

const UNREAD = { location: null, opened: null, isChecked: false };

/** How often the reader shows that it is alive: rows may come slowly. */
const SIGN_OF_LIFE_MS = 20_000;

async function signOfLife(stub: LocationStub, attempt: number, about: About): Promise<void> {
  try {
    await stub.alive(attempt);
  } catch (error) {
    // The next call may succeed. If none does, the step begins again, which writes nothing twice.
    log("sign_of_life_not_stored", { ...about, attempt, cause: error });
  }
}
