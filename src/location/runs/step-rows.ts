import type { RowsOf, StepCall } from "../../contract/location.ts";
import { findLocalEdits } from "../../db/local-edits.ts";
import { type Compared, emptyVerification } from "../../domain/records/drift.ts";
import type { Resource, RowFailure } from "../../domain/records/model.ts";
import { NO_COUNTS } from "../../domain/records/records.ts";
import { asOf, type Read, stalenessOf } from "../../domain/records/version.ts";
import type { Run } from "../../domain/runs/run.ts";
import { addProgress, isLost } from "../../domain/runs/steps.ts";
import type { StoreContext } from "../context.ts";
import { type Applied, NOTHING_APPLIED, type Reading } from "../records/applied.ts";
import { countKnown, recordsOf } from "../records/apply.ts";
import { applyAlone } from "../records/apply-alone.ts";
import { addToReport } from "../snapshots/compare.ts";
import { runRead } from "./attempt.ts";

/** Rows that the reader of an attempt got from Dutchie, up to 1,000, and when its read began, on Dutchie's clock. */
export interface RowsRead {
  attempt: number;
  started_at: number;
  rows: RowsOf;
  failures: RowFailure[];
}

/** Applies the rows of a step, or compares them in a verification. */
export async function stepRows(context: StoreContext, given: RowsRead): Promise<StepCall> {
  const { db, store, location, now } = context;
  const { attempt, started_at, rows, failures } = given;
  const run = runRead(store, attempt);
  const step = run?.steps[run.step];
  if (run === null || step === undefined) return { kind: "superseded" };
  const reading = readingOf(run, {
    kind: "snapshot",
    as_of: asOf(step.resource, started_at, now),
    complete: step.complete,
    started_at: Math.min(started_at, now),
  });
  const applied = rows.rows.length > 0 ? await applyAlone(context, reading, rows) : NOTHING_APPLIED;
  // Dutchie listed the row, though it could not be read: its record is not absent.
  if (step.complete) {
    const unread = await recordsOf(context, failures);
    store.seen.add(unread, unread);
  }
  const edited = step.verify ? await findLocalEdits(db, location.location_id, applied.differences) : NONE;
  const all = [...applied.failures, ...failures];
  const known = step.verify ? await countKnown(context, all.filter(isLost)) : 0;
  addRows(context, run, { attempt, started_at, applied, failures: all, known, edited });
  if (!step.verify && run.mode === "incremental") countMissed(context, applied);
  return { kind: "ok" };
}

/** How the rows of the run's step are applied. */
export function readingOf(run: Run, read: Read): Reading {
  const step = run.steps[run.step];
  return {
    read,
    origin: { cause: run.mode === "initial" ? "initial" : "poll", ref: run.run_id },
    write: step?.verify !== true || run.heal,
    compares: step?.verify === true,
  };
}

/** Adds the outcome of rows to the run, unless it was cancelled or began again while they were applied. */
export function addRows(
  context: StoreContext,
  planned: Run,
  given: {
    attempt: number;
    started_at: number;
    applied: Applied;
    failures: readonly RowFailure[];
    /** How many of them ReUp has a record of. */
    known: number;
    /** Fields that ReUp changed, as `<record id> <field>`. */
    edited: ReadonlySet<string>;
  },
): void {
  const { store, now } = context;
  const { attempt, started_at, applied, failures, known, edited } = given;
  const run = runRead(store, attempt);
  const step = planned.steps[planned.step];
  if (run === null || step === undefined) return;
  if (step.complete) store.seen.add(applied.seen, applied.dead);
  // A comparison creates and updates nothing, unless it heals.
  const counts = step.verify && !run.heal ? asUnchanged(applied.counts) : applied.counts;
  const { resource } = step;
  const verification = step.verify
    ? addToReport(run.verification ?? emptyVerification(now), {
        resource,
        applied,
        failures: failures.filter(isLost),
        known,
        healed: run.heal,
        compared: comparedWith(context, run, { resource, started_at }),
        edited,
      })
    : run.verification;
  store.note("run", { ...addProgress(run, { counts, failures }, now), verification });
}

function comparedWith(
  { store, now }: StoreContext,
  run: Run,
  { resource, started_at }: { resource: Resource; started_at: number },
): Compared {
  const floors: Partial<Record<Resource, number>> = store.floors(now);
  const whole_at = resource === "sales" ? run.cursors.sales : (floors[resource] ?? 0) + stalenessOf(resource);
  return { started_at, as_of: asOf(resource, started_at, now), whole_at };
}

/** How long a webhook may be on its way. A change that a poll finds later than that had no webhook. */
const WEBHOOK_GRACE_MS = 2 * 60_000;

/** Counts changes without a webhook, though webhooks are on (the status' `missed`). */
function countMissed({ store, location, now }: StoreContext, applied: Applied): void {
  const heard = store.get("webhooks");
  if (location.settings.frequency !== "realtime" || heard === null) return;
  // If Dutchie's clock is behind, its stamps are older than they should be.
  const behind = store.behind();
  const untold = applied.changes.filter(
    (change) => change.cause === "poll" && change.source_at < now - WEBHOOK_GRACE_MS - behind,
  );
  store.hours.count("missed", untold.length, now);
  // Changes before the last webhook do not show whether webhooks still come.
  store.missed(untold.filter(({ source_at }) => source_at > heard.last_at).length);
}

export const NONE: ReadonlySet<string> = new Set();

const asUnchanged = (counts: Applied["counts"]): Applied["counts"] => ({
  ...NO_COUNTS,
  unchanged: counts.created + counts.updated + counts.unchanged + counts.stale,
});
