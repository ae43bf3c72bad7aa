import { findOpenConflicts, reviewsUpsert } from "../../db/reviews.ts";
import { writeBatch } from "../../db/write.ts";
import { asDecided, BY_RULE } from "../../domain/reviews/review.ts";
import type { StoreContext } from "../context.ts";
import { notifyParked } from "./parked.ts";
import { cancelPushes } from "./push-ends.ts";

/** Pushes that end together, in about ten statements: 40,000 open pushes stay within the 1,000 that one call may send to D1. */
const ENDED_AT_ONCE = 500;

/**
 * The store no longer writes to Dutchie: ends its pushes and their reviews. A push is marked last: what fails before is done again,
 * because the push is still found.
 */
export async function endBothWays(context: StoreContext): Promise<void> {
  const { db, store, location, now } = context;
  const { location_id } = location;
  for (;;) {
    const pushes = store.outbox.unended(ENDED_AT_ONCE);
    if (pushes.length === 0) break;
    const product_ids = pushes.map(({ product_id }) => product_id);
    const open = await findOpenConflicts(db, location_id, product_ids);
    const decision = { action: "keep_dutchie", into: null, resolution: null } as const;
    const decided = open.map((review) => asDecided(review, decision, BY_RULE, now));
    await writeBatch(db, reviewsUpsert(location_id, decided));
    await cancelPushes(context, pushes, "The store was switched to one way, Dutchie to ReUp.");
  }
  await notifyParked(context);
}
