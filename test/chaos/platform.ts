import { SignJWT } from "jose";

/** The platform that the Worker runs on: workerd itself, or a faster one in Node. */
export interface Platform {
  readonly env: Env;
  /** Removes everything and sets the clock to `now`. */
  begin(now: number): Promise<void>;
  /** Sets the clock. */
  setTime(now: number): void;
  /** Sets the `fetch` of the Worker and of its callers. */
  reach(fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>): void;
  /** Sends a request to the Worker. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Delivers messages to the Worker's consumer of a queue. */
  consume(queue: "sync" | "slow" | "webhooks" | "chores", bodies: readonly unknown[]): Promise<void>;
  /** Ends the Location's instance. Its storage stays. */
  evict(location_id: string): Promise<void>;
  /** The Location's value under a key, as JSON. */
  kept(location_id: string, key: string): Promise<string | null>;
}

/** The secret that the tests set. Everything else is in `wrangler.toml`. */
export const AUTH_JWT_SECRET = "test-only-secret-of-at-least-32-bytes-0001";

/** The Worker's own address. */
export const WORKER = "http://worker.test";

/** The token of a retailer's administrator, for a whole story. `location_ids`: it is only for these stores. */
export const tokenOf = (retailer_id: string, location_ids?: readonly string[]): Promise<string> =>
  new SignJWT({ retailer_id, role: "admin", ...(location_ids && { location_ids }) })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime(Math.floor(Date.now() / 1000) + 365 * 86_400)
    .sign(new TextEncoder().encode(AUTH_JWT_SECRET));
