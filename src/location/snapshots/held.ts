import { and, eq } from "drizzle-orm";
import { reviewUpsert } from "../../db/reviews.ts";
import { reviews } from "../../db/schema/records.ts";
import { writeBatch } from "../../db/write.ts";
import type { Decider, Origin } from "../../domain/records/change.ts";
import { asOf, contentHash } from "../../domain/records/version.ts";
import { conflict, DECIDED, type ReviewResult } from "../../domain/reviews/decision.ts";
import { BY_RULE, type ReviewRow, reviewId, UNDECIDED, type Undone } from "../../domain/reviews/review.ts";
import { countUnits, type SnapshotResource } from "../../domain/snapshots/absence.ts";
import { endedByText, heldText, keptText, NOT_HELD } from "../../domain/snapshots/absence-text.ts";
import type { StoreContext } from "../context.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import { endRows } from "./end-rows.ts";
import { notifyEnding } from "./ending.ts";
import { liveRows, type StockRow, stockValue } from "./snapshot.ts";

/**
 * A held snapshot (rule 3) is a review, an alert and a value in the Location, which is the one that counts: it
 * is written last and read first, so a crash in between is mended by the next snapshot or by deciding again.
 */
const RULE = "held_snapshot";
const CANDIDATES = 20;

const heldReviewId = (resource: SnapshotResource) => reviewId("held_snapshot", resource);

/** Asks a person about these rows. The caller stores their ids (`Store.absences`). */
export async function hold(
  context: StoreContext,
  resource: SnapshotResource,
  given: {
    rows: readonly StockRow[];
    live: number;
    isEmpty: boolean;
    kept: number;
    recent: number;
    floor: number;
    undone?: Undone;
  },
): Promise<void> {
  const { db, store, location, now } = context;
  const { rows, floor } = given;
  const [absent, value] = [countUnits(rows), stockValue(rows)];
  const reason = heldText({ ...given, resource, absent, value });
  const ids = rows.map(({ id }) => id).sort();
  const before = store.get("held")?.[resource];
  const held_at = before?.held_at ?? now;
  const undone = given.undone ?? before?.undone ?? null;
  const review: ReviewRow = {
    review_id: heldReviewId(resource),
    kind: "held_snapshot",
    state: "open",
    subject: resource,
    reason,
    candidates: ids.slice(0, CANDIDATES),
    conflicts: null,
    value_at_stake: value,
    held_rows: absent,
    facts_hash: contentHash(ids),
    opened_at: held_at,
    ...UNDECIDED,
    undone,
  };
  await writeBatch(db, reviewUpsert(location.location_id, review));
  await raiseAlert(context, { rule: RULE, subject: resource, severity: "critical", message: reason });
  store.putFor("held", resource, { held_at, floor, rows: absent, value, undone });
}

/** Nothing is held any more. Action null: nobody decided. `outcome`: what became of the list, in the place of the question. */
export async function release(
  context: StoreContext,
  resource: SnapshotResource,
  decision: Decider & { action: "confirm" | "discard" | null; outcome: string },
): Promise<void> {
  const { db, store, location, now } = context;
  const { by, reason, action, outcome } = decision;
  await db
    .update(reviews)
    .set({
      action,
      state: "resolved",
      reason: outcome,
      resolved_at: now,
      resolved_by: by,
      resolved_reason: reason,
    })
    .where(
      and(
        eq(reviews.location_id, location.location_id),
        eq(reviews.review_id, heldReviewId(resource)),
        eq(reviews.state, "open"),
      ),
    );
  await resolveAlert(context, { rule: RULE, subject: resource }, outcome);
  store.putFor("held", resource, null);
}

/** A person's decision on the held rows. */
interface HeldDecision extends Decider {
  resource: SnapshotResource;
}

/**
 * A person says that they are gone. Rows that Dutchie listed since the snapshot stay: they are newer. `count`: how many the
 * person was shown; undefined: not known.
 */
export async function confirmHeld(
  context: StoreContext,
  { resource, by, reason, count }: HeldDecision & { count: number | undefined },
): Promise<ReviewResult> {
  const { store, now } = context;
  const held = store.get("held")?.[resource];
  if (held === undefined) return noLongerHeld(context, resource);
  if (count !== undefined && count !== held.rows) {
    return conflict(`Dutchie's list now leaves out ${held.rows}, not ${count}. Look at the review again.`);
  }
  const { asked, kept } = store.absences.get(resource);
  const live = await liveRows(context, resource);
  const gone = live.filter(({ id, source_at }) => asked.has(id) && source_at < held.floor);
  const ending = { key: `${held.held_at} ${by}`, units: countUnits(gone), value: stockValue(gone), by };
  if (gone.length > 0) await notifyEnding(context, resource, ending);
  const origin: Origin = { cause: "user", ref: heldReviewId(resource), decided: { by, reason } };
  await endRows(context, { origin, write: true }, { resource, gone, floor: held.floor });
  store.raiseFloor(resource, held.floor, now);
  await release(context, resource, { action: "confirm", by, reason, outcome: endedByText(resource, by) });
  store.absences.put(resource, { asked: new Map(), kept });
  return DECIDED;
}

/** A person says that they are there: they are kept until Dutchie lists them again. */
export async function keepHeld(context: StoreContext, { resource, by, reason }: HeldDecision): Promise<ReviewResult> {
  const { store, now } = context;
  const held = store.get("held")?.[resource];
  if (held === undefined) return noLongerHeld(context, resource);
  const { asked, kept } = store.absences.get(resource);
  const rows = held.rows + (store.get("kept")?.[resource]?.rows ?? 0);
  const those = [...asked.keys()].map((id) => [id, held.floor] as const);
  // First: after a crash in between, the person's decision is stored.
  store.absences.put(resource, { asked: new Map(), kept: new Map([...kept, ...those]) });
  store.putFor("kept", resource, { rows, by, at: now });
  await release(context, resource, { action: "discard", by, reason, outcome: keptText(resource, rows, by) });
  return DECIDED;
}

/** A person undoes the decision to keep them: the review opens again, and only a list that is read S from now confirms it. */
export async function askAgain(
  context: StoreContext,
  resource: SnapshotResource,
  undone: Undone,
): Promise<ReviewResult> {
  const { store, now } = context;
  const { asked, kept } = store.absences.get(resource);
  const live = await liveRows(context, resource);
  const rows = live.filter(({ id, source_at }) => source_at < (kept.get(id) ?? 0));
  if (rows.length === 0) return conflict("There is nothing to undo: no package or product is kept by this decision.");
  const floor = asOf(resource, now, now);
  const facts = { rows, live: countUnits(live), isEmpty: false, kept: 0, recent: 0, floor, undone };
  await hold(context, resource, facts);
  const those = rows.map(({ id }) => [id, floor] as const);
  store.absences.put(resource, { asked: new Map([...asked, ...those]), kept: new Map() });
  store.putFor("kept", resource, null);
  return DECIDED;
}

/** The review is open but nothing is held, after a crash or a rebuild. The next snapshot asks again. */
async function noLongerHeld(context: StoreContext, resource: SnapshotResource): Promise<ReviewResult> {
  await release(context, resource, { action: null, ...BY_RULE, outcome: NOT_HELD });
  return conflict(NOT_HELD);
}
