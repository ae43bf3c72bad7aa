/**
 * What can go wrong on Dutchie's side: a closed set, the same in Test Connection, runs and alerts (the API contract).
 * A hint says in one sentence what the reader should do next, after the guide's troubleshooting.
 */
export type DutchieErrorCode =
  | "ECONNREFUSED"
  | "ENOTFOUND"
  | "TLS"
  | "TIMEOUT"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "WRONG_LOCATION"
  | "NOT_DUTCHIE"
  | "RATE_LIMITED"
  | "UPSTREAM_5XX"
  | "BAD_RESPONSE"
  /** The answer is larger than one read of a store may be. */
  | "TOO_LARGE"
  /** For writes: the server has no such endpoint, or it is read-only. */
  | "NOT_WRITABLE"
  /** For writes: Dutchie did not accept the value. */
  | "REJECTED";

/** An expected failure as a value. `retry_after_ms`: only with RATE_LIMITED, and only if Dutchie said it. */
export interface DutchieError {
  code: DutchieErrorCode;
  message: string;
  hint: string;
  retry_after_ms?: number;
  /** With FORBIDDEN: a firewall blocked the request before Dutchie saw the key, so the key's roles are not the cause. */
  firewall?: true;
}
