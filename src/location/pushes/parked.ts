import type { StoreContext } from "../context.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";

/** Raises or ends the alert about parked edits. */
export async function notifyParked(context: StoreContext): Promise<void> {
  const parked = context.store.outbox.parked();
  if (parked === 0) {
    await resolveAlert(context, ALERT);
    return;
  }
  const message = `${parked} ${parked === 1 ? "edit" : "edits"} could not be written to Dutchie. Decide under Inbox.`;
  await raiseAlert(context, { ...ALERT, severity: "warning", message });
}

const ALERT = { rule: "push_parked", subject: "store" } as const;
