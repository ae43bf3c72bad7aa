import type { AuthScheme, ProfileName } from "../../contract/http/locations.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import type { RateClass } from "../profiles/index.ts";
import type { Meter } from "./meter.ts";

/** How to reach one store's Dutchie, once profile and scheme are known. */
export interface DutchieConfig {
  endpoint: string;
  api_key: string;
  /** A newer form of keys puts it in the password of Basic; empty otherwise. */
  integrator_key?: string;
  location_id?: string;
  profile: ProfileName;
  auth: AuthScheme;
}

/** All in milliseconds. */
export interface Timeouts {
  /** Until the headers of an answer; a large report is computed before its first byte. */
  headers: number;
  /** Between two pieces of a body, counted only while waiting for Dutchie. */
  idle: number;
  /** One request with its body, the reader's own work included; under the 15 minutes a queue consumer may run. */
  total: number;
}

export const TIMEOUTS: Timeouts = { headers: 60_000, idle: 30_000, total: 600_000 };

/** Asked before every request. Costs one token of the class; says no with RATE_LIMITED and how long to wait. */
type BeforeRequest = (rate: RateClass) => Promise<{ ok: true } | { ok: false; error: DutchieError }>;

export interface ClientDeps {
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  now?: () => number;
  timeouts?: Partial<Timeouts>;
  beforeRequest?: BeforeRequest;
  /** What one step takes, where several clients share it, or a read is continued; absent: a new one for the client. */
  meter?: Meter;
}
