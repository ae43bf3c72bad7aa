import type { ProblemJson } from "../contract/http/common.ts";

/** The result of sending one notice to one channel. */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      error: ProblemJson;
      /** Trying again would change nothing. */
      final: boolean;
      retry_after_ms: number | null;
    };
