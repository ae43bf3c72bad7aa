import type { ChannelError } from "../db/schema.ts";

/** What came of sending one notice to one channel. */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      error: ChannelError;
      /** Trying again would change nothing. */
      final: boolean;
      retry_after_ms: number | null;
    };
