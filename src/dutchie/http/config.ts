import type { AuthScheme, ProfileName } from "../../contract/http/locations.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import type { RateClass } from "../profiles/index.ts";
import type { Meter } from "./meter.ts";

/** How to reach one store's Dutchie, with profile and scheme known. */
export interface DutchieConfig {
  endpoint: string;
  api_key: string;
  /** Some newer keys need it as the password of Basic authentication; otherwise empty. */
  integrator_key?: string;
  location_id?: string;
  profile: ProfileName;
  auth: AuthScheme;
}

/** All in milliseconds. */
export interface Timeouts {
  /** Until the headers arrive. Dutchie computes a large report before it sends the first byte. */
  headers: number;
  /** Between two pieces of a body; runs only while we wait for Dutchie. */
  idle: number;
  /** For one request with its body, including our own work. Less than the 15 minutes that a queue consumer may run. */
  total: number;
}

export const TIMEOUTS: Timeouts = { headers: 60_000, idle: 30_000, total: 600_000 };

/** Called before every request. Spends one token of the rate class, or refuses with RATE_LIMITED and the time to wait. */
type BeforeRequest = (rate: RateClass) => Promise<{ ok: true } | { ok: false; error: DutchieError }>;

export interface ClientDeps {
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  now?: () => number;
  timeouts?: Partial<Timeouts>;
  beforeRequest?: BeforeRequest;
  /** Given when several clients share one step, or a read continues; else the client has a meter of its own. */
  meter?: Meter;
}
