import type { Resource } from "../../domain/model.ts";

/** Classes of endpoints that Dutchie counts apart, per key and minute. */
export type RateClass = "reporting" | "inventory" | "standard";

/** Requests per minute. The API's document gives transactions 600; 60 is safe, and enough. */
export const RATE_LIMITS: Record<RateClass, number> = { reporting: 60, inventory: 200, standard: 120 };

/** What to read, in milliseconds of Dutchie's clock; both ends by last-modified. */
export interface ReadWindow {
  modified_from?: number;
  modified_to?: number;
}

export interface ResourceCall {
  path: string;
  rate: RateClass;
  /** The role a key needs for it, as Dutchie names it; null: not told. */
  role: string | null;
  /** Query parameters by name. `now` is for endpoints that want both ends of a window. */
  query: (window: ReadWindow, now: number) => Record<string, string>;
}

/** One way to speak to a Dutchie: data only, the client and the decoder are the same for all. */
export interface Profile {
  name: "pos" | "guide";
  resources: Record<Resource, ResourceCall>;
  /** `required: false`: a server without it is still one of this profile. */
  whoami: { path: string; rate: RateClass; required: boolean };
  /** Query parameter that names the location; null: the key alone does. */
  location_parameter: string | null;
  /** The longest span of last-modified that one read of sales may cover. */
  sales_window_days: number;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Products take this one parameter in both profiles. */
export function modifiedFrom({ modified_from }: ReadWindow): Record<string, string> {
  return modified_from === undefined ? {} : { fromLastModifiedDateUTC: iso(modified_from) };
}
