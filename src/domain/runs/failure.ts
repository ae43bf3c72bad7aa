/**
 * What can go wrong on Dutchie's side: a closed set, the same in Test Connection, runs and alerts (the API contract).
 * Hints are the guide's troubleshooting in one sentence: what the reader should do next.
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
  /** The answer goes on beyond what one read of a store may take. */
  | "TOO_LARGE"
  /** Of writes: the server has no such endpoint, or it is read-only. */
  | "NOT_WRITABLE"
  /** Of writes: Dutchie did not take the value. */
  | "REJECTED";

/** An expected failure as a value. `retry_after_ms` only with RATE_LIMITED, and only when Dutchie told it. */
export interface DutchieError {
  code: DutchieErrorCode;
  message: string;
  hint: string;
  retry_after_ms?: number;
  /** With FORBIDDEN: blocked before Dutchie saw the key, so it is no matter of roles. */
  firewall?: true;
}
