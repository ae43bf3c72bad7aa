import type { Origin } from "../records/change.ts";
import type { IncomingPackage, IncomingProduct, IncomingSale } from "../records/mapping.ts";
import type { Read } from "../records/version.ts";

/** The rows of one event. */
type EventRows =
  | { resource: "products"; rows: readonly IncomingProduct[] }
  | { resource: "inventory"; rows: readonly IncomingPackage[] }
  | { resource: "sales"; rows: readonly IncomingSale[] };

export interface PlannedEvent {
  rows: EventRows;
  read: Read;
  origin: Origin;
}
