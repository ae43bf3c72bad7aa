import type { SnapshotResource } from "../../domain/snapshots/absence.ts";
import { unidentifiedText } from "../../domain/snapshots/absence-text.ts";
import type { StoreContext } from "../context.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";

const RULE = "rows_without_id";

/** Raises the alert while rows without an id keep absent records alive, and ends it afterwards. */
export async function notifyUnidentified(
  context: StoreContext,
  { resource, rows, waiting }: { resource: SnapshotResource; rows: number; waiting: number },
): Promise<void> {
  const { store } = context;
  if (rows > 0) {
    store.putFor("unidentified", resource, rows);
    const message = unidentifiedText(resource, rows, waiting);
    await raiseAlert(context, { rule: RULE, subject: resource, severity: "warning", message });
  } else if (store.get("unidentified")?.[resource] !== undefined) {
    await resolveAlert(context, { rule: RULE, subject: resource });
    store.putFor("unidentified", resource, null);
  }
}
