import type { ClockReading } from "../domain/clock.ts";
import type { Lane } from "../domain/limits/pace.ts";
import type { PushError, PushFields } from "../domain/pushes/push.ts";
import type { IncomingRows } from "../domain/records/mapping.ts";
import type { ProductContent, Resource, RowFailure } from "../domain/records/model.ts";
import type { Run, RunMode, Step } from "../domain/runs/run.ts";
import type { PushJson } from "./http/pushes.ts";
import type { RunJson } from "./http/runs.ts";

/**
 * Types of the calls to a store's Location. Results are unions of plain values, because custom error classes do not
 * survive RPC.
 */

// ---- Calls from the API --- ----------------------------------------------------------------------------------------

export type ReplayResult = { ok: true } | { ok: false; reason: "not_found" | "too_large" };
export type StartRunResult =
  | { ok: true; run: RunJson }
  | { ok: false; reason: "running"; run_id: string }
  | { ok: false; reason: "not_connected" };
/** A run that cron started; `reads`: no message was sent for its first step, because the caller reads it at once. */
export interface DueRun {
  run_id: string;
  mode: RunMode;
  reads?: true;
}
/** `ok: false`: it is not the run under way. */
export type CancelRunResult = { ok: true; run: RunJson } | { ok: false };

// ---- Calls from the pipeline --------------------------------------------------------------------------------------

/** Mapped rows of one resource. */
export type RowsOf = { [R in Resource]: { resource: R; rows: IncomingRows[R][] } }[Resource];

/** A verified webhook. `body` is what the ledger stores: only what the decoder reads, without customers. */
export interface IncomingEvent {
  event_id: string;
  /** The `x-request-id` that it came with, for the log. */
  request_id?: string;
  type: string;
  occurred_at: number;
  /** The time in the event, if it is later than the receipt and so is not used. */
  claimed_at?: number;
  received_at: number;
  /** null: the type is unknown, so the event is recorded as ignored. */
  rows: RowsOf | null;
  /** The first hundred failed rows. */
  failures: RowFailure[];
  /** How many more rows failed. */
  failed?: number;
  /** Why the rows are not applied and the store is read instead; absent: the rows are applied. */
  refresh_reason?: string;
  /** Our own code failed on it: it is recorded as invalid, with a note that the fault is ours. */
  isFault?: true;
  /** How often the event was delivered, this time included. */
  attempt?: number;
  body: unknown;
}

export type BeginStepResult =
  | StepToRead
  /** The run has ended, was cancelled, or is past this step: nothing to do. */
  | { kind: "nothing" }
  /** Another reader reads this step now, or the step must wait: ask again after `delay_ms`. */
  | { kind: "later"; delay_ms: number };

/**
 * A claimed step, the run's `number`-th. `behind_ms`: how far Dutchie's clock was last behind ours; null: the start of the
 * window does not depend on a clock.
 */
export interface StepToRead {
  kind: "read";
  attempt: number;
  number: number;
  step: Step;
  resume: Run["resume"];
  behind_ms: number | null;
}

/** `next`: the reader has claimed the next step with the end of this one; absent: a message goes on, or the run is over. */
export type FinishStepResult = { kind: "ok"; next?: StepToRead } | { kind: "superseded" };

/** How the reading of a step ended, as the Location hears it. Times in ms. */
export interface StepEnd {
  /** When the read began, on Dutchie's clock. */
  started_at: number;
  clock: ClockReading;
  /** The last rows: with the end, most steps are one call. null: it had none. */
  last: { rows: RowsOf; failures: RowFailure[] } | null;
  spent: Spent;
  /** The lane of a reader that can read the next step at once; null: it cannot. */
  goes_on: Lane | null;
}

/** How long a reader waited for Dutchie, and how long it took in all, ms. */
export interface Spent {
  waited_ms: number;
  took_ms: number;
}

/** `superseded`: another attempt has begun this step, or the run has ended; stop reading. */
export type StepCall = { kind: "ok" } | { kind: "superseded" };

export type SpendResult = { ok: true } | { ok: false; retry_after_ms: number };

// ---- Both ways ----------------------------------------------------------------------------------------------------

/** A push that is claimed for sending, with Dutchie's product id. */
export interface ClaimedPush {
  push_id: string;
  dutchie_product_id: string;
  fields: PushFields;
  /** The price is the recreational one. Absent: it is not, or nothing is decided yet. */
  is_rec_price?: boolean;
}

/** `content`: Dutchie's values after the write, mapped. Times in ms, on Dutchie's clock. */
export type PushOutcome =
  | ({ push_id: string; ok: true } & Written)
  /** `partly`: what was written before the rest failed. */
  | { push_id: string; ok: false; error: PushError; partly: Written | null };

interface Written {
  content: Partial<ProductContent>;
  written_at: number;
  answered_at: number;
}

/** Without the product's name, which only D1 has. */
export type StoredPush = Omit<PushJson, "product_name">;
