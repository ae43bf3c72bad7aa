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
  | "BAD_RESPONSE";

/** An expected failure as a value. `retry_after_ms` only with RATE_LIMITED, and only when Dutchie told it. */
export interface DutchieError {
  code: DutchieErrorCode;
  message: string;
  hint: string;
  retry_after_ms?: number;
}
