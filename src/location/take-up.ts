import { accountsDb } from "../db/databases.ts";
import { endFailuresOf, healDeadNotices } from "../db/queries/subscriptions.ts";
import type { StoreContext } from "./context.ts";
import { clearAfterDisconnection } from "./move.ts";
import { endAlerts } from "./status/alerts.ts";

type Gone = Pick<StoreContext, "env" | "now"> & { location: Pick<StoreContext["location"], "location_id"> };

/** The store is disconnected: ends what D1 shows of it, failures of receivers and alerts. It may be repeated. */
export async function endShown(gone: Gone): Promise<void> {
  const { env, location, now } = gone;
  const accounts = accountsDb(env);
  await endFailuresOf(accounts, location.location_id);
  await healDeadNotices(accounts, location, now);
  await endAlerts(gone);
}

/**
 * The store may have been disconnected and is connected again: its edits are sent, and rows of a move that was cut off go. It may be repeated.
 */
export async function takeUp(context: StoreContext): Promise<void> {
  const { store, now } = context;
  store.outbox.goOn(now);
  await clearAfterDisconnection(context);
  const before = store.get("disconnected");
  if (before === null) return;
  if (before.again_at !== null) await endShown(context);
  store.remove("disconnected");
}
