import { SNAPSHOT_RESOURCES, type SnapshotResource } from "../../domain/snapshots/absence.ts";
import { addEnding, type Ending, endedText } from "../../domain/snapshots/absence-text.ts";
import type { StoreContext } from "../context.ts";
import { isFiring, isUnseen, raiseAlert } from "../status/alerts.ts";

const RULE = "stock_ended";

/**
 * A mass of stock is about to be ended, by a second snapshot or a person: the alert says so until somebody has seen it.
 * Raised before the stock ends: after a crash in between the ending is repeated, under the same key, and is never silent.
 */
export async function notifyEnding(
  context: StoreContext,
  resource: SnapshotResource,
  ending: Omit<Ending, "at">,
): Promise<void> {
  const { store, now } = context;
  const isUnseen = await isFiring(context, { rule: RULE, subject: resource });
  const untold = isUnseen ? (store.get("endings")?.[resource] ?? []) : [];
  const endings = addEnding(untold, { ...ending, at: now });
  const message = endedText(resource, endings);
  // After a crash an ending may be repeated that the alert already shows: it counts once.
  const again = untold.length > 0 && !untold.some(({ key }) => key === ending.key);
  await raiseAlert(context, { rule: RULE, subject: resource, severity: "critical", message }, again);
  store.putFor("endings", resource, endings);
}

/** The store is connected again: the alerts that its disconnection ended, and nobody had seen, fire again. */
export async function notifyUnseenEndings(context: StoreContext): Promise<void> {
  for (const resource of SNAPSHOT_RESOURCES) {
    const endings = context.store.get("endings")?.[resource] ?? [];
    const alert = { rule: RULE, subject: resource } as const;
    if (endings.length === 0 || !(await isUnseen(context, alert))) continue;
    await raiseAlert(context, { ...alert, severity: "critical", message: endedText(resource, endings) });
  }
}
