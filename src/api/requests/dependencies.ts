import { testConnection } from "../../dutchie/connect/connection-test.ts";

/** What of the outside world the handlers use, so that tests can put their own in its place. */
export interface Dependencies {
  testConnection: typeof testConnection;
  /** ms */
  now(): number;
}

export const dependencies: Dependencies = { testConnection, now: () => Date.now() };
