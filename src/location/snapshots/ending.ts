import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import { addEnding, type Ending, endedText } from "../../domain/snapshots/absence-text.ts";
import type { StoreContext } from "../context.ts";
import { isFiring, raiseAlert } from "../status/alerts.ts";

const RULE = "stock_ended";

/**
 * A mass of stock is about to be ended, by a second snapshot or a person: the alert says so until somebody has seen it.
 * Told before it is done: a crash in between repeats the ending, under the same key, and never leaves it untold.
 */
export async function tellEnding(
  context: StoreContext,
  resource: SnapshotResource,
  ending: Omit<Ending, "at">,
): Promise<void> {
  const { store, now } = context;
  const isUnseen = await isFiring(context, { rule: RULE, subject: resource });
  const untold = isUnseen ? (store.get("endings")?.[resource] ?? []) : [];
  const endings = addEnding(untold, { ...ending, at: now });
  const message = endedText(resource, endings);
  // A crash may repeat an ending that was told: it happened once.
  const again = untold.length > 0 && !untold.some(({ key }) => key === ending.key);
  await raiseAlert(context, { rule: RULE, subject: resource, severity: "critical", message }, again);
  store.putFor("endings", resource, endings);
}
