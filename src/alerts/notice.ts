import type { AlertMessage } from "../contract/messages.ts";
import type { LocationRow } from "../db/schema/accounts.ts";
import { titleOf } from "../domain/alerts/titles.ts";

/** A notice as every kind of channel gets it. */
export interface Notice extends Omit<AlertMessage["notice"], "kind"> {
  kind: AlertMessage["notice"]["kind"] | "test";
  store: Pick<LocationRow, "name" | "time_zone">;
  /** The store's page. */
  url: string;
}

export function noticeOf(given: AlertMessage["notice"], store: Notice["store"], public_url: string): Notice {
  return { ...given, store, url: `${public_url}/stores/${encodeURIComponent(given.location_id)}` };
}

/** Has the shape of a real notice, so that a receiver can be tested with it. */
export function testNotice(public_url: string, now: number): Notice {
  return {
    notice_id: `ntc_test_${crypto.randomUUID()}`,
    kind: "test",
    alert_id: "alr_test",
    location_id: "loc_test",
    rule: "sync_failed",
    severity: "warning",
    message: "This is a test. No sync has failed; alerts will arrive here like this one.",
    started_at: now,
    resolved_at: null,
    store: { name: "Test store", time_zone: "UTC" },
    url: `${public_url}/notifications`,
  };
}

/** One line: what happened, and where. */
export function headline({ kind, rule, store }: Notice): string {
  const what = `${titleOf(rule)} at ${store.name}`;
  switch (kind) {
    case "fired":
      return `Alert: ${what}`;
    case "repeated":
      return `Still not resolved: ${what}`;
    case "resolved":
      return `Resolved: ${what}`;
    case "test":
      return "Test alert of ReUp – Dutchie: nothing is wrong";
  }
}

/** Since when, in the store's own time. */
export function duration({ started_at, resolved_at, store }: Notice): string {
  const at = (ms: number) =>
    new Intl.DateTimeFormat("en-US", {
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      timeZoneName: "short",
      timeZone: store.time_zone,
    }).format(new Date(ms));
  return resolved_at === null ? `Since ${at(started_at)}` : `From ${at(started_at)} to ${at(resolved_at)}`;
}
