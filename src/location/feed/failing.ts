import type { ProblemJson } from "../../contract/http/common.ts";
import { accountsDb } from "../../db/databases.ts";
import { countWaiting } from "../../db/queries/read-feed.ts";
import {
  claimAlert,
  endFailure,
  healDeadChanges,
  storeDeadChanges,
  storeFailure,
} from "../../db/queries/subscriptions.ts";
import { type Delivery, isAlarming } from "../../domain/feed/delivery.ts";
import { contentHash } from "../../domain/records/version.ts";
import type { StoreContext } from "../context.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";

export const RECEIVER_FAILING = "receiver_failing";

/**
 * Shows in D1 that a receiver does not take this store's changes, and how many wait. After a quarter of an hour an alert fires: one
 * for all the stores of a subscription, at the first that gets there. After a day the changes are parked, like a dead letter.
 */
export async function showFailure(
  context: StoreContext,
  delivery: Delivery & { subscription_id: string },
  error: ProblemJson,
): Promise<void> {
  const { env, db, location, now } = context;
  const { location_id, retailer_id } = location;
  const { subscription_id, sequence, failures, failing_since, next_at, parked_at } = delivery;
  const accounts = accountsDb(env);
  const waiting = await countWaiting(db, location_id, sequence);
  const pair = { subscription_id, location_id };
  const failure = { ...pair, retailer_id, sequence, failures, next_at, parked_at, error, waiting };
  await storeFailure(accounts, { ...failure, failing_since: failing_since ?? now });
  const what = `${error.message} ${error.hint}`;
  if (parked_at !== null) {
    const reason = `Changes of this store were not accepted for 24 hours and wait: ${what} Then send them again.`;
    await storeDeadChanges(accounts, {
      dead_letter_id: `ntc_${contentHash([subscription_id, location_id, parked_at])}`,
      retailer_id,
      location_id,
      reason,
      body: { ...pair, resume: true },
      at: now,
    });
  }
  if (!isAlarming(delivery, now) || !(await claimAlert(accounts, pair))) return;
  const severity = parked_at === null ? "warning" : "critical";
  const rest =
    parked_at === null
      ? "ReUp tries again for a day."
      : "ReUp has stopped trying. Correct the receiver, then send them again in the inbox, under the failed messages.";
  const message = `A receiver of changes does not get them: ${what} ${rest}`;
  await raiseAlert({ env, location, now }, { rule: RECEIVER_FAILING, subject: subscription_id, severity, message });
}

/** The receiver takes this store's changes again, or is about to be tried: nobody has to act. */
export async function endShownFailure({ env, location, now }: StoreContext, subscription_id: string): Promise<void> {
  const { location_id } = location;
  const accounts = accountsDb(env);
  await endFailure(accounts, { subscription_id, location_id });
  await healDeadChanges(accounts, { subscription_id, location_id }, now);
  await resolveAlert({ env, location, now }, { rule: RECEIVER_FAILING, subject: subscription_id });
}
