import type { LocationRow } from "../../db/schema.ts";
import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import { unidentifiedWords } from "../../domain/snapshots/absence-words.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import type { Store } from "../storage/store.ts";

const RULE = "rows_without_id";

/** Rows without an id keep absent records alive: that is told while it is so. */
export async function tellUnidentified(
  env: Env,
  store: Store,
  location: LocationRow,
  { resource, rows, waiting }: { resource: SnapshotResource; rows: number; waiting: number },
  now: number,
): Promise<void> {
  if (rows > 0) {
    store.putFor("unidentified", resource, rows);
    const message = unidentifiedWords(resource, rows, waiting);
    await raiseAlert(env, location, { rule: RULE, subject: resource, severity: "warning", message }, now);
  } else if (store.get("unidentified")?.[resource] !== undefined) {
    await resolveAlert(env, location.location_id, { rule: RULE, subject: resource }, now);
    store.putFor("unidentified", resource, null);
  }
}
