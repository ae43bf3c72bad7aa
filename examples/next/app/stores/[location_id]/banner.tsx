"use client";

import type { Status } from "reup-dutchie/client";
import { useSyncStatus } from "reup-dutchie/react";

/** What a person has to know, the most urgent first. */
function messageOf(status: Status): string | null {
  if (status.held_snapshot)
    return `Dutchie no longer lists ${status.held_snapshot.rows} packages: confirm or discard them.`;
  if (status.active_alerts[0]) return status.active_alerts[0].message;
  if (status.open_reviews > 0) return `${status.open_reviews} reviews wait for a decision.`;
  return null;
}

export function Banner({ location_id }: { location_id: string }) {
  const { status, error } = useSyncStatus(location_id);
  const message = error?.message ?? (status && messageOf(status));
  return message ? <p role="alert">{message}</p> : null;
}
