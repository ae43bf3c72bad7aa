import { and, eq } from "drizzle-orm";
import { bulkUpsert } from "../db/bulk.ts";
import { recordsDb } from "../db/records.ts";
import { type LocationRow, reviews } from "../db/schema.ts";
import { writeBatch } from "../db/write.ts";
import { type ReviewRow, reviewId } from "../domain/review.ts";
import { contentHash } from "../domain/version.ts";
import { raiseAlert, resolveAlert } from "./alerts.ts";
import type { ApplyContext } from "./apply.ts";
import { endAbsent } from "./snapshot.ts";
import type { Held, SnapshotResource, Store } from "./store.ts";

/**
 * A held snapshot (design, rule 3) is a review, an alert and a value in the Location, which is the one that counts: it
 * is written last and read first, so a crash in between is mended by the next snapshot or by deciding again.
 */
const RULE = "held_snapshot";
const CANDIDATES = 20;

export const heldReviewId = (resource: SnapshotResource) => reviewId("held_snapshot", resource);

export async function hold(
  env: Env,
  store: Store,
  location: LocationRow,
  resource: SnapshotResource,
  held: Held & { live: number; listed: number },
): Promise<void> {
  const { location_id } = location;
  const { ids, held_at, floor, live, listed } = held;
  const reason =
    `A complete snapshot of ${resource} lists ${listed} rows and leaves out ${ids.length} of the ${live} that ReUp has. ` +
    "They stay as they are until a second complete snapshot says the same, or a person decides.";
  const review: ReviewRow = {
    review_id: heldReviewId(resource),
    kind: "held_snapshot",
    state: "open",
    subject: resource,
    reason,
    candidates: ids.slice(0, CANDIDATES),
    conflicts: null,
    facts_hash: contentHash([...ids].sort()),
    action: null,
    into: null,
    resolution: null,
    opened_at: store.get("held")?.[resource]?.held_at ?? held_at,
    resolved_at: null,
    resolved_by: null,
  };
  await writeBatch(recordsDb(env, location_id), bulkUpsert(reviews, [{ location_id, ...review }], "differs"));
  await raiseAlert(env, location, { rule: RULE, subject: resource, severity: "critical", message: reason }, held_at);
  store.put("held", { ...store.get("held"), [resource]: { ids, held_at, floor } });
}

/** Nothing is held any more: confirmed when rows were ended, discarded when they were there after all. */
export async function release(
  env: Env,
  store: Store,
  location_id: string,
  resource: SnapshotResource,
  decision: { action: "confirm" | "discard"; by: string },
  now: number,
): Promise<void> {
  const { action, by } = decision;
  await recordsDb(env, location_id)
    .update(reviews)
    .set({ state: "resolved", action, resolved_at: now, resolved_by: by })
    .where(
      and(
        eq(reviews.location_id, location_id),
        eq(reviews.review_id, heldReviewId(resource)),
        eq(reviews.state, "open"),
      ),
    );
  await resolveAlert(env, location_id, { rule: RULE, subject: resource }, now);
  const { [resource]: _released, ...rest } = store.get("held") ?? {};
  store.put("held", rest);
}

/** A person says that they are gone. Rows that were told of since the snapshot stay: they are newer than it. */
export async function confirmHeld(
  context: Omit<ApplyContext, "read" | "write" | "floors" | "outbox" | "pepper_id">,
  env: Env,
  store: Store,
  resource: SnapshotResource,
  by: string,
): Promise<void> {
  const held = store.get("held")?.[resource];
  if (held !== undefined) {
    const read = { kind: "snapshot", as_of: held.floor, complete: true } as const;
    const { outbox } = store;
    // No sale is touched, so no customer either.
    const all = { ...context, pepper_id: null, floors: store.floors(context.now), read, write: true, outbox };
    await endAbsent(all, resource, held);
    store.raiseFloor(resource, held.floor, context.now);
  }
  await release(env, store, context.location_id, resource, { action: "confirm", by }, context.now);
}
