import type { LocationRow } from "../../db/schema.ts";
import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import { addEnding, type Ending, endedWords } from "../../domain/snapshots/absence-words.ts";
import { isFiring, raiseAlert } from "../status/alerts.ts";
import type { Store } from "../storage/store.ts";

const RULE = "stock_ended";

/**
 * A mass of stock is about to be ended, by a second snapshot or a person: the alert says so until somebody has seen it.
 * Told before it is done: a crash in between repeats the ending, under the same key, and never leaves it untold.
 */
export async function tellEnding(
  env: Env,
  store: Store,
  location: LocationRow,
  resource: SnapshotResource,
  ending: Omit<Ending, "at">,
  now: number,
): Promise<void> {
  const isUnseen = await isFiring(env, location.location_id, RULE, resource);
  const untold = isUnseen ? (store.get("endings")?.[resource] ?? []) : [];
  const endings = addEnding(untold, { ...ending, at: now });
  const message = endedWords(resource, endings);
  // A crash may repeat an ending that was told: it happened once.
  const again = untold.length > 0 && !untold.some(({ key }) => key === ending.key);
  await raiseAlert(env, location, { rule: RULE, subject: resource, severity: "critical", message }, now, again);
  store.putFor("endings", resource, endings);
}
