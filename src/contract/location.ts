import type { PushError, PushFields } from "../domain/pushes/push.ts";
import type { IncomingRows } from "../domain/records/mapping.ts";
import type { ProductContent, Resource, RowFailure } from "../domain/records/model.ts";
import type { Run, Step } from "../domain/runs/run.ts";
import type { PushJson } from "./http/pushes.ts";
import type { RunJson } from "./http/runs.ts";

/**
 * What crosses the border to a store's Location. Results are unions of plain values: custom error classes lose their
 * identity over RPC.
 */

// ---- What the API asks for ----------------------------------------------------------------------------------------

export type ReplayResult = { ok: true } | { ok: false; reason: "not_found" | "too_large" };
export type StartRunResult =
  | { ok: true; run: RunJson }
  | { ok: false; reason: "running"; run_id: string }
  | { ok: false; reason: "not_connected" };
export type CancelRunResult = { ok: true; run: RunJson } | { ok: false; reason: "not_found" | "over" };

// ---- What the pipeline tells --------------------------------------------------------------------------------------

/** One row list of one resource, mapped. */
export type RowsOf = { [R in Resource]: { resource: R; rows: IncomingRows[R][] } }[Resource];

/** A verified webhook as it reaches the Location. `body` is what the ledger keeps: what the decoder reads, and no customer. */
export interface IncomingEvent {
  event_id: string;
  /** The `x-request-id` that it came with, for the log. */
  request_id?: string;
  type: string;
  occurred_at: number;
  /** The time that it gives itself, where that is after its receipt and does not count. */
  claimed_at?: number;
  received_at: number;
  /** null: a type that we do not know; recorded as ignored. */
  rows: RowsOf | null;
  /** The first hundred. */
  failures: RowFailure[];
  /** Rows that failed beside those. */
  failed?: number;
  /** Why its rows are not applied and the store is read instead; absent: they are. */
  look?: string;
  /** Our own code failed on it: it is invalid, and that is told as our fault. */
  isFault?: true;
  /** Deliveries of it, this one included. */
  attempt?: number;
  body: unknown;
}

export type BeginStepResult =
  /** `behind_ms`: so far behind ours Dutchie's clock was last; null: the window begins where it begins on either clock. */
  | { kind: "read"; attempt: number; step: Step; resume: Run["resume"]; behind_ms: number | null }
  /** The run is over, was cancelled, or is further on: nothing to do. */
  | { kind: "nothing" }
  /** Somebody else reads this step right now, or it must wait: ask again then. */
  | { kind: "later"; delay_ms: number };

/** `superseded`: another attempt of the step, or the end of the run, came in between; stop reading. */
export type StepCall = { kind: "ok" } | { kind: "superseded" };

export type SpendResult = { ok: true } | { ok: false; retry_after_ms: number };

// ---- Both ways ----------------------------------------------------------------------------------------------------

/** A push that somebody sends now, by Dutchie's id. */
export interface TakenPush {
  push_id: string;
  dutchie_product_id: string;
  fields: PushFields;
}

/** `content`: what the write left in Dutchie, mapped. Times on Dutchie's clock, ms. */
export type PushOutcome =
  | ({ push_id: string; ok: true } & Written)
  /** `partly`: a part of it was written before the rest failed. */
  | { push_id: string; ok: false; error: PushError; partly: Written | null };

interface Written {
  content: Partial<ProductContent>;
  written_at: number;
  answered_at: number;
}

/** Without the product's name, which is in D1. */
export type StoredPush = Omit<PushJson, "product_name">;
