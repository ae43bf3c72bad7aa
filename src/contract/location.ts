import type { PushError, PushFields, PushState } from "../domain/pushes/push.ts";
import type { DriftCounts, DriftExample } from "../domain/records/drift.ts";
import type { IncomingRows } from "../domain/records/mapping.ts";
import type { ProductContent, PushField, Resource, RowFailure } from "../domain/records/model.ts";
import type { FieldValue } from "../domain/records/overrides.ts";
import type { DataType } from "../domain/runs/data-type.ts";
import type { Phase, Run, RunMode, RunState, RunTrigger, Step } from "../domain/runs/run.ts";
import type { SnapshotResource } from "../domain/snapshots/absence.ts";

/**
 * What crosses the border to a store's Location. Results are unions of plain values: custom error classes lose their
 * identity over RPC.
 */

// ---- What the API reads -------------------------------------------------------------------------------------------

/** A run as the API tells it (times ISO 8601 UTC). */
export interface RunJson {
  run_id: string;
  location_id: string;
  mode: RunMode;
  trigger: RunTrigger;
  state: RunState;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  waiting_until: string | null;
  phases: Phase[];
  percent: number;
  eta_seconds: number | null;
  records_processed: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  error_rate: number;
  error: { code: string; message: string; hint: string } | null;
  failures: RowFailure[];
  verification: VerificationJson | null;
}

export interface VerificationJson {
  checked_at: string;
  resources: DriftCounts[];
  accuracy: number;
  value_at_stake: number;
  examples: DriftExample[];
  healed: number;
}

export interface DataTypeJson {
  last_success_at: string | null;
  error: { code: string; message: string; hint: string; at: string } | null;
  next_sync_at: string | null;
}

export interface StatusJson {
  location_id: string;
  name: string;
  state: "never_synced" | "idle" | "syncing" | "degraded" | "failing" | "disconnected";
  frequency: string;
  last_sync_at: string | null;
  last_success_at: string | null;
  next_sync_at: string | null;
  current_run: RunJson | null;
  last_run: RunJson | null;
  /** null: switched off. */
  data_types: Record<DataType, DataTypeJson | null>;
  /** Of the last verification that came to its end. */
  accuracy: { value: number; checked_at: string; healed: number } | null;
  last_24h: {
    runs: number;
    failed_runs: number;
    records_processed: number;
    records_failed: number;
    error_rate: number;
    avg_duration_ms: number | null;
    webhooks: {
      received: number;
      applied: number;
      duplicate: number;
      stale: number;
      invalid: number;
      ignored: number;
      lag_ms_p50: number | null;
      lag_ms_p95: number | null;
      missed: number;
    };
  };
  records: { products: number; inventory: number; sales: number };
  queue: { pending_events: number; dead_letters: number; pending_pushes: number };
  held_snapshot: { resource: Resource; rows: number; held_at: string; value_at_stake: number } | null;
  kept_absences: { resource: SnapshotResource; rows: number; kept_by: string; kept_at: string }[];
  open_reviews: number;
  active_alerts: AlertJson[];
  last_error: { code: string; message: string; hint: string; at: string } | null;
  updated_at: string;
}

export interface AlertJson {
  alert_id: string;
  location_id: string;
  rule: string;
  state: "firing" | "resolved";
  severity: "warning" | "critical";
  message: string;
  started_at: string;
  resolved_at: string | null;
  acknowledged_at: string | null;
}

export type EventOutcome = "pending" | "applied" | "duplicate" | "stale" | "invalid" | "ignored";

export interface EventJson {
  event_id: string;
  type: string;
  occurred_at: string;
  received_at: string;
  applied_at: string | null;
  outcome: EventOutcome;
  reason: string | null;
  /** Only when one event is asked for. Customer data is taken out before it is kept. */
  body?: unknown;
}

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

export interface PushJson {
  push_id: string;
  product_id: string;
  dutchie_product_id: string;
  state: PushState;
  fields: { field: PushField; value: FieldValue; base: FieldValue }[];
  attempts: number;
  next_attempt_at: string | null;
  error: { code: string; message: string; hint: string } | null;
  reason: string | null;
  edited_by: string;
  created_at: string;
  updated_at: string;
  sent_at: string | null;
}
