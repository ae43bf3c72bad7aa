import { testConnection } from "../../dutchie/connect/connection-test.ts";

/** The parts of the outside world that handlers use. Tests pass their own. */
export interface Dependencies {
  testConnection: typeof testConnection;
  /** ms */
  now(): number;
}

export const dependencies: Dependencies = { testConnection, now: () => Date.now() };
