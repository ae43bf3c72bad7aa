import { findLocalEdits } from "../db/local-edits.ts";
import { recordsDb } from "../db/records.ts";
import type { LocationRow } from "../db/schema.ts";
import { confirmable, waitingSince } from "../domain/absence.ts";
import { emptyVerification } from "../domain/drift.ts";
import type { RowFailure } from "../domain/model.ts";
import { type Cause, NO_COUNTS } from "../domain/records.ts";
import { addProgress, type Run } from "../domain/run.ts";
import { asOf } from "../domain/version.ts";
import { type Applied, type ApplyContext, applyRows, recordsOf } from "./apply.ts";
import { addToReport } from "./compare.ts";
import { hold, release } from "./held.ts";
import type { RowsOf, StepCall } from "./protocol.ts";
import { endSnapshot } from "./snapshot.ts";
import type { SnapshotResource, Store } from "./store.ts";

/** A webhook may still be on its way for this long; what a poll finds later than that, no webhook had told. */
const WEBHOOK_GRACE_MS = 2 * 60_000;

/** What a run's step under way does with the rows that are read for it: apply or compare them, and judge absence at the end. */
export class Reading {
  constructor(
    private readonly store: Store,
    private readonly env: Env,
    private readonly location_id: string,
  ) {}

  /** The run, if `attempt` is still the one that reads it. */
  current(attempt: number): Run | null {
    const run = this.store.get("run");
    return run !== null && run.attempt === attempt && run.state === "running" ? run : null;
  }

  /** Up to 500 rows of the step under way: applied, or in a verification compared. */
  async rows(
    location: LocationRow,
    attempt: number,
    started_at: number,
    chunk: RowsOf,
    failures: RowFailure[],
    now: number,
  ): Promise<StepCall> {
    const run = this.current(attempt);
    const step = run?.steps[run.step];
    if (run === null || step === undefined) return { kind: "superseded" };
    const context = this.context(
      location,
      run,
      { kind: "snapshot", as_of: asOf(step.resource, started_at), complete: step.complete },
      now,
    );
    const applied = chunk.rows.length > 0 ? await applyRows(context, chunk) : EMPTY_APPLIED;
    // A row that could not be understood is there all the same: its record is not absent.
    if (step.complete) this.store.addSeen(await recordsOf(context, failures));
    const edited = step.verify
      ? await findLocalEdits(recordsDb(this.env, this.location_id), this.location_id, applied.changes)
      : NOTHING;
    this.progress(run, attempt, applied, failures, started_at, edited, now);
    if (!step.verify && run.mode === "incremental") this.countMissed(location, applied, now);
    return { kind: "ok" };
  }

  /** The read came to its end without an error: absence is judged. The run as it then is; null when superseded. */
  async end(location: LocationRow, attempt: number, started_at: number, now: number): Promise<Run | null> {
    const run = this.current(attempt);
    const step = run?.steps[run.step];
    if (run === null || step === undefined) return null;
    const canEnd = step.complete && !run.unidentified;
    if (canEnd && (step.resource === "products" || step.resource === "inventory")) {
      await this.endSnapshot(location, run, step.resource, started_at, now);
    }
    return this.current(attempt);
  }

  /** Rows were awaited: the run may have been cancelled or begun again meanwhile. */
  private progress(
    planned: Run,
    attempt: number,
    applied: Applied,
    failures: RowFailure[],
    started_at: number,
    edited: ReadonlySet<string>,
    now: number,
  ): void {
    const run = this.current(attempt);
    const step = planned.steps[planned.step];
    if (run === null || step === undefined) return;
    if (step.complete) this.store.addSeen(applied.seen);
    const all = [...applied.failures, ...failures];
    const report = step.verify ? (run.verification ?? emptyVerification(now)) : null;
    this.store.put("run", {
      // A comparison creates and updates nothing, unless it heals.
      ...addProgress(
        run,
        { counts: step.verify && !run.heal ? asUnchanged(applied.counts) : applied.counts, failures: all },
        now,
      ),
      verification:
        report === null
          ? run.verification
          : addToReport(report, step.resource, applied, all, run.heal, started_at, edited),
    });
  }

  private async endSnapshot(
    location: LocationRow,
    run: Run,
    resource: SnapshotResource,
    started_at: number,
    now: number,
  ): Promise<void> {
    const step = run.steps[run.step];
    if (step === undefined) return;
    const floor = asOf(resource, started_at);
    const context = this.context(location, run, { kind: "snapshot", as_of: floor, complete: true }, now);
    const held = this.store.get("held") ?? {};
    const end = await endSnapshot(context, resource, {
      seen: this.store.seen(),
      rowsRead: run.rows_read,
      floor,
      // Held by an earlier snapshot and still absent: this is the second word on it.
      confirmed: confirmable(held[resource], floor, resource),
    });
    // A comparison reports what a snapshot would hold, too.
    const counts = { ...NO_COUNTS, deleted: end.gone.length + (context.write ? 0 : end.held.length) };
    const applied = { ...EMPTY_APPLIED, counts, changes: end.changes, about: end.about };
    this.progress(run, run.attempt, applied, [], started_at, NOTHING, now);
    if (!context.write) return;
    if (end.held.length > 0) {
      const { held: ids, live } = end;
      const since = waitingSince(held[resource], ids, floor);
      const waiting = { ids, held_at: now, floor: since, live, listed: run.rows_read };
      await hold(this.env, this.store, location, resource, waiting);
      return;
    }
    const wasHeld = new Set(held[resource]?.ids ?? []);
    const action = end.gone.some((id) => wasHeld.has(id)) ? "confirm" : "discard";
    await release(this.env, this.store, this.location_id, resource, { action, by: "snapshot" }, now);
    this.store.raiseFloor(resource, floor);
  }

  private context(location: LocationRow, run: Run, read: ApplyContext["read"], now: number): ApplyContext {
    const step = run.steps[run.step];
    const cause: Cause = run.mode === "initial" ? "initial" : "poll";
    return {
      db: recordsDb(this.env, this.location_id),
      location_id: this.location_id,
      settings: location.settings,
      pepper_id: location.customer_pepper?.id ?? null,
      read,
      floors: this.store.floors(),
      now,
      origin: { cause, ref: run.run_id },
      write: step?.verify !== true || run.heal,
      outbox: this.store.outbox,
    };
  }

  /** Changes that no webhook had told, though webhooks are on (the status' `missed`). */
  private countMissed(location: LocationRow, applied: Applied, now: number): void {
    const heard = this.store.get("webhooks");
    if (location.settings.frequency !== "realtime" || heard === null) return;
    const untold = applied.changes.filter(
      (change) => change.cause === "poll" && change.source_at < now - WEBHOOK_GRACE_MS,
    );
    this.store.count("missed", untold.length, now);
    // What happened before the last webhook says nothing of whether they still come.
    this.store.missed(untold.filter(({ source_at }) => source_at > heard.last_at).length);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
const EMPTY_APPLIED: Applied = {
  counts: NO_COUNTS,
  failures: [],
  changes: [],
  seen: [],
  outcomes: [],
  about: new Map(),
};

const asUnchanged = (counts: Applied["counts"]): Applied["counts"] => ({
  ...NO_COUNTS,
  unchanged: counts.created + counts.updated + counts.unchanged + counts.stale,
});
