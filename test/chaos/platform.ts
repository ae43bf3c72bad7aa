/** What the driver needs of the platform that the Worker runs on: workerd itself, or one in node that is quicker. */
export interface Platform {
  readonly env: Env;
  /** Nothing was ever here, and the clock stands at `now`. */
  begin(now: number): Promise<void>;
  /** Sets the clock. */
  setTime(now: number): void;
  /** What the Worker, and whoever calls it, reaches by `fetch` from now on. */
  reach(fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>): void;
  /** The Worker's door. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Hands messages to the Worker's consumer of a queue. */
  consume(queue: "sync" | "webhooks", bodies: readonly unknown[]): Promise<void>;
  /** Ends the Location's instance; what it stored stays. */
  evict(location_id: string): Promise<void>;
  /** What the Location stores under a key, as JSON. */
  kept(location_id: string, key: string): Promise<string | null>;
}

/** What the tests set of the Worker's secrets; all else stands in `wrangler.toml`. */
export const AUTH_JWT_SECRET = "test-only-secret-of-at-least-32-bytes-0001";
