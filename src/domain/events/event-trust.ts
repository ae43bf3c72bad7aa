import { STALENESS_MS } from "../records/version.ts";
import { LOCATION_RETENTION } from "../retention.ts";

const DAY_MS = 86_400_000;

/**
 * Why an event's rows are not applied; null: they are. Under a custom scheme the signature covers the body alone. Content
 * is no identity (F79): without a signed id, a repeated event cannot be distinguished from a new one with the same content. Without a signed
 * time, somebody could send a captured event again for ever. Such an event only says that something changed, so ReUp reads
 * the store instead.
 */
export function whyRefresh(event: { body_id: string | null; occurred_at: number | null }, now: number): string | null {
  if (event.body_id === null) return `The event has no id that its signature covers. ${READ}`;
  if (event.occurred_at === null) return `The event has no time that its signature covers. ${READ}`;
  if (event.occurred_at > now + STALENESS_MS) return `The event's time lies in the future. ${READ}`;
  const { days } = LOCATION_RETENTION.events;
  if (event.occurred_at < now - days * DAY_MS)
    return `The event is older than ${days} days, and may have been applied before. ${READ}`;
  return null;
}

const READ = "ReUp did not apply its rows, and read the store from Dutchie instead.";
