import { NO_COUNTS } from "../../domain/records/records.ts";
import { asOf } from "../../domain/records/version.ts";
import type { Run } from "../../domain/runs/run.ts";
import {
  type AbsencePlan,
  countEnded,
  countGuarded,
  countUnits,
  type FloorById,
  planAbsence,
  recentEndings,
  type SnapshotResource,
} from "../../domain/snapshots/absence.ts";
import { endedByText, listedAgainText, SNAPSHOT } from "../../domain/snapshots/absence-text.ts";
import type { StoreContext } from "../context.ts";
import { NOTHING_APPLIED } from "../records/applied.ts";
import { endRows } from "../snapshots/end-rows.ts";
import { notifyEnding } from "../snapshots/ending.ts";
import { hold, release } from "../snapshots/held.ts";
import { listsAll, liveRows, type StockRow, stockValue } from "../snapshots/snapshot.ts";
import { notifyUnidentified } from "../snapshots/unidentified.ts";
import { runRead } from "./attempt.ts";
import { addRows, NONE, readingOf } from "./step-rows.ts";

/** A complete snapshot ended without an error: decides what is absent. */
export async function endSnapshot(context: StoreContext, attempt: number, started_at: number): Promise<void> {
  const { store, now } = context;
  const run = runRead(store, attempt);
  const step = run?.steps[run.step];
  if (run === null || !step?.complete || (step.resource !== "products" && step.resource !== "inventory")) return;
  const { resource } = step;
  const floor = asOf(resource, started_at, now);
  const reading = readingOf(run, { kind: "snapshot", as_of: floor, complete: true });
  // A comparison reads all rows: it shows what else went wrong.
  const live = reading.write && (await listsAll(context, resource)) ? [] : await liveRows(context, resource);
  const recent = recentEndings(store.get("recent_endings")?.[resource] ?? [], run.run_id, now);
  const plan = planAbsence({
    resource,
    live,
    seen: store.seen.all(),
    understood: run.rows_read - run.rows_failed,
    unidentified: run.unidentified,
    floor,
    decided_at: store.get("decided_at")?.[resource] ?? run.started_at,
    recent: countEnded(recent),
    before: store.absences.get(resource),
  });
  if (reading.write) {
    await notifyConfirmed(context, run, { resource, plan });
    // Before the rows end, like the alert: after a crash the ending is repeated under the same key.
    const unasked = countGuarded(plan.gone) - countGuarded(plan.confirmed);
    const ended = unasked > 0 ? [...recent, { key: run.run_id, at: now, units: unasked }] : recent;
    store.putFor("recent_endings", resource, ended.length === 0 ? null : ended);
  }
  const ended = await endRows(context, reading, { resource, gone: [...plan.moved, ...plan.gone], floor });
  const deleted = plan.moved.length + plan.gone.length;
  // A comparison also reports what would be held, and what a person keeps although Dutchie does not list it.
  const differing = reading.write ? 0 : plan.held.length + plan.kept.size;
  const applied = { ...NOTHING_APPLIED, ...ended, counts: { ...NO_COUNTS, deleted: deleted + differing } };
  addRows(context, run, { attempt, started_at, applied, failures: [], known: 0, edited: NONE });
  if (!reading.write) return;
  const { unidentified } = run;
  await keepAbsences(context, { resource, live, plan, recent: countEnded(recent), floor, unidentified });
}

/** A held mass of stock is now ended: the alert makes somebody see it. */
async function notifyConfirmed(
  context: StoreContext,
  run: Run,
  { resource, plan: { confirmed } }: { resource: SnapshotResource; plan: AbsencePlan<StockRow> },
): Promise<void> {
  if (confirmed.length === 0 || context.store.get("held")?.[resource] === undefined) return;
  const ending = { key: run.run_id, units: countUnits(confirmed), value: stockValue(confirmed), by: SNAPSHOT };
  await notifyEnding(context, resource, ending);
}

/** Stores the absences after this snapshot: held, kept, waiting or none. */
async function keepAbsences(
  context: StoreContext,
  given: {
    resource: SnapshotResource;
    live: readonly StockRow[];
    plan: AbsencePlan<StockRow>;
    /** Packages that snapshots of the last hour ended without a confirmation. */
    recent: number;
    floor: number;
    /** Rows without a readable id. */
    unidentified: number;
  },
): Promise<void> {
  const { store, now } = context;
  const { resource, live, plan, recent, floor } = given;
  const { held, isEmpty } = plan;
  const unitsOf = (ids: FloorById) => countUnits(live.filter(({ id }) => ids.has(id)));
  const kept = unitsOf(plan.kept);
  if (held.length > 0) {
    await hold(context, resource, { rows: held, live: countUnits(live), isEmpty, kept, recent, floor });
  } else if (store.get("held")?.[resource] !== undefined) {
    const decision =
      plan.confirmed.length > 0
        ? ({ action: "confirm", outcome: endedByText(resource, SNAPSHOT) } as const)
        : ({ action: "discard", outcome: listedAgainText(resource) } as const);
    await release(context, resource, { ...decision, by: SNAPSHOT, reason: null });
  }
  const waiting = held.length > 0 ? 0 : unitsOf(plan.asked);
  await notifyUnidentified(context, { resource, rows: given.unidentified, waiting });
  store.absences.put(resource, plan);
  const decided = store.get("kept")?.[resource];
  if (decided !== undefined) store.putFor("kept", resource, kept === 0 ? null : { ...decided, rows: kept });
  if (!plan.isTrusted) return;
  store.raiseFloor(resource, floor, now);
  store.putFor("decided_at", resource, now);
}
