import { accountsDb } from "../db/databases.ts";
import { endFailuresOf, healDeadChanges } from "../db/queries/subscriptions.ts";
import type { StoreContext } from "./context.ts";
import { clearAfterDisconnection } from "./move.ts";
import { notifyParked } from "./pushes/parked.ts";
import { notifyUnseenEndings } from "./snapshots/ending.ts";
import { notifyUnseenMasses } from "./snapshots/mass-change.ts";
import { endAlerts } from "./status/alerts.ts";

type Gone = Pick<StoreContext, "env" | "now"> & { location: Pick<StoreContext["location"], "location_id"> };

/** The store is disconnected: ends what D1 shows of it, failures of receivers and alerts. It may be repeated. */
export async function endShown(gone: Gone): Promise<void> {
  const { env, location, now } = gone;
  const accounts = accountsDb(env);
  await endFailuresOf(accounts, location.location_id);
  await healDeadChanges(accounts, location, now);
  await endAlerts(gone);
}

/**
 * The store may have been disconnected and is connected again: its edits are sent, rows of a move that was cut off go, and alerts
 * that only a person ends fire again. It may be repeated.
 */
export async function takeUp(context: StoreContext): Promise<void> {
  const { store, now } = context;
  store.outbox.goOn(now);
  await clearAfterDisconnection(context);
  const before = store.get("disconnected");
  if (before === null) return;
  if (before.again_at !== null) await endShown(context);
  await notifyParked(context);
  await notifyUnseenMasses(context);
  await notifyUnseenEndings(context);
  store.remove("disconnected");
}
