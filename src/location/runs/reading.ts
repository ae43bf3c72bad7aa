import type { RowsOf, StepCall } from "../../contract/location.ts";
import { recordsDb } from "../../db/databases.ts";
import { findLocalEdits } from "../../db/local-edits.ts";
import type { LocationRow } from "../../db/schema.ts";
import type { Cause } from "../../domain/records/change.ts";
import { type Compared, emptyVerification } from "../../domain/records/drift.ts";
import type { Resource, RowFailure } from "../../domain/records/model.ts";
import { NO_COUNTS } from "../../domain/records/records.ts";
import { asOf, type Read, stalenessOf } from "../../domain/records/version.ts";
import { addProgress, type Run } from "../../domain/runs/run.ts";
import {
  type AbsencePlan,
  countGuarded,
  countLately,
  countUnits,
  latelyEnded,
  planAbsence,
  type SnapshotResource,
  type Word,
} from "../../domain/snapshots/absence.ts";
import { SNAPSHOT } from "../../domain/snapshots/absence-words.ts";
import { type Applied, type ApplyContext, recordsOf } from "../records/apply.ts";
import { applyAlone } from "../records/apply-alone.ts";
import { addToReport } from "../snapshots/compare.ts";
import { tellEnding } from "../snapshots/ending.ts";
import { hold, release } from "../snapshots/held.ts";
import { tellMassChanges } from "../snapshots/mass-change.ts";
import { endRows, liveRows, type StockRow, stockValue } from "../snapshots/snapshot.ts";
import { tellUnidentified } from "../snapshots/unidentified.ts";
import type { Store } from "../storage/store.ts";

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
    const as_of = asOf(step.resource, started_at, now);
    const read: Read = {
      kind: "snapshot",
      as_of,
      complete: step.complete,
      started_at: Math.min(started_at, now),
    };
    const context = this.context(location, run, read, now);
    const applied = chunk.rows.length > 0 ? await applyAlone(context, chunk) : EMPTY_APPLIED;
    // A row that could not be understood is there all the same: its record is not absent.
    if (step.complete) this.store.addSeen(await recordsOf(context, failures));
    const edited = step.verify
      ? await findLocalEdits(recordsDb(this.env, this.location_id), this.location_id, applied.differences)
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
    if (step.complete && (step.resource === "products" || step.resource === "inventory")) {
      await this.endSnapshot(location, run, step.resource, started_at, now);
    }
    if (writes(run) && (step.resource === "products" || step.resource === "inventory")) {
      await tellMassChanges(this.env, this.store, location, step.resource, now);
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
          : addToReport(
              report,
              step.resource,
              applied,
              all,
              run.heal,
              this.compared(run, step.resource, started_at, now),
              edited,
            ),
    });
  }

  private compared(run: Run, resource: Resource, started_at: number, now: number): Compared {
    const floors: Partial<Record<Resource, number>> = this.store.floors(now);
    const whole_at = resource === "sales" ? run.cursors.sales : (floors[resource] ?? 0) + stalenessOf(resource);
    return { started_at, as_of: asOf(resource, started_at, now), whole_at };
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
    const floor = asOf(resource, started_at, now);
    const context = this.context(location, run, { kind: "snapshot", as_of: floor, complete: true }, now);
    const { store } = this;
    const live = await liveRows(context, resource);
    const lately = latelyEnded(store.get("lately")?.[resource] ?? [], run.run_id, now);
    const plan = planAbsence({
      resource,
      live,
      seen: store.seen(),
      understood: run.rows_read - run.rows_failed,
      unidentified: run.unidentified,
      floor,
      judged_at: store.get("judged_at")?.[resource] ?? run.started_at,
      lately: countLately(lately),
      before: store.absences.get(resource),
    });
    if (context.write) {
      await this.tellEnding(location, run, resource, plan, now);
      // First, like what is told: a crash in between repeats the ending under the same key.
      const unasked = countGuarded(plan.gone) - countGuarded(plan.confirmed);
      const ended = unasked > 0 ? [...lately, { key: run.run_id, at: now, units: unasked }] : lately;
      store.putFor("lately", resource, ended.length === 0 ? null : ended);
    }
    const ended = await endRows(context, resource, [...plan.moved, ...plan.gone], floor);
    const deleted = plan.moved.length + plan.gone.length;
    // A comparison reports what a snapshot would hold, and what is kept against Dutchie's word, too.
    const differing = context.write ? 0 : plan.held.length + plan.kept.size;
    const counts = { ...NO_COUNTS, deleted: deleted + differing };
    this.progress(run, run.attempt, { ...EMPTY_APPLIED, ...ended, counts }, [], started_at, NOTHING, now);
    if (context.write)
      await this.settle(location, run, resource, { live, plan, lately: countLately(lately), floor }, now);
  }

  /** What was held and is ended now was a mass of stock: somebody must see it. */
  private async tellEnding(
    location: LocationRow,
    run: Run,
    resource: SnapshotResource,
    { confirmed }: AbsencePlan<StockRow>,
    now: number,
  ): Promise<void> {
    if (confirmed.length === 0 || this.store.get("held")?.[resource] === undefined) return;
    const ending = { key: run.run_id, units: countUnits(confirmed), value: stockValue(confirmed), by: SNAPSHOT };
    await tellEnding(this.env, this.store, location, resource, ending, now);
  }

  /** What is known of absences after this snapshot: held, kept, waiting, or nothing. */
  private async settle(
    location: LocationRow,
    run: Run,
    resource: SnapshotResource,
    given: { live: readonly StockRow[]; plan: AbsencePlan<StockRow>; lately: number; floor: number },
    now: number,
  ): Promise<void> {
    const { env, store, location_id } = this;
    const { live, plan, lately, floor } = given;
    const { held, isEmpty } = plan;
    const unitsOf = (ids: Word) => countUnits(live.filter(({ id }) => ids.has(id)));
    const kept = unitsOf(plan.kept);
    if (held.length > 0) {
      const facts = { rows: held, live: countUnits(live), isEmpty, kept, lately, floor };
      await hold(env, store, location, resource, facts, now);
    } else if (store.get("held")?.[resource] !== undefined) {
      const action = plan.confirmed.length > 0 ? "confirm" : "discard";
      await release(env, store, location_id, resource, { action, by: SNAPSHOT }, now);
    }
    const waiting = held.length > 0 ? 0 : unitsOf(plan.asked);
    await tellUnidentified(env, store, location, { resource, rows: run.unidentified, waiting }, now);
    store.absences.put(resource, plan);
    const word = store.get("kept")?.[resource];
    if (word !== undefined) store.putFor("kept", resource, kept === 0 ? null : { ...word, rows: kept });
    if (!plan.isTrusted) return;
    store.raiseFloor(resource, floor, now);
    store.putFor("judged_at", resource, now);
  }

  private context(location: LocationRow, run: Run, read: ApplyContext["read"], now: number): ApplyContext {
    const cause: Cause = run.mode === "initial" ? "initial" : "poll";
    return {
      db: recordsDb(this.env, this.location_id),
      location_id: this.location_id,
      settings: location.settings,
      pepper_id: location.customer_pepper?.id ?? null,
      read,
      floors: this.store.floors(now),
      now,
      origin: { cause, ref: run.run_id },
      write: writes(run),
      outbox: this.store.outbox,
      losses: this.store.losses,
    };
  }

  /** Changes that no webhook had told, though webhooks are on (the status' `missed`). */
  private countMissed(location: LocationRow, applied: Applied, now: number): void {
    const heard = this.store.get("webhooks");
    if (location.settings.frequency !== "realtime" || heard === null) return;
    // Its stamps are as old as Dutchie's clock makes them.
    const behind = this.store.behind();
    const untold = applied.changes.filter(
      (change) => change.cause === "poll" && change.source_at < now - WEBHOOK_GRACE_MS - behind,
    );
    this.store.count("missed", untold.length, now);
    // What happened before the last webhook says nothing of whether they still come.
    this.store.missed(untold.filter(({ source_at }) => source_at > heard.last_at).length);
  }
}

const writes = (run: Run): boolean => run.steps[run.step]?.verify !== true || run.heal;

const NOTHING: ReadonlySet<string> = new Set();
const EMPTY_APPLIED: Applied = {
  counts: NO_COUNTS,
  failures: [],
  changes: [],
  differences: [],
  seen: [],
  outcomes: [],
  about: new Map(),
};

const asUnchanged = (counts: Applied["counts"]): Applied["counts"] => ({
  ...NO_COUNTS,
  unchanged: counts.created + counts.updated + counts.unchanged + counts.stale,
});
