import {
  MAX_COLLECTED_BYTES,
  MAX_READ_BYTES,
  MAX_READ_REQUESTS,
  MAX_READ_ROWS,
  MAX_TURN_MS,
  MAX_WAITED_IN_ALL_MS,
  MAX_WAITED_IN_TEST_MS,
  MAX_WAITED_MS,
} from "../bounds.ts";

/** What a read has used so far, over all its requests. */
export interface ReadUsage {
  bytes: number;
  rows: number;
  requests: number;
  waited_ms: number;
}

/** How much of a list came before the page at which a read goes on: its end is compared with what the list announces. */
export interface ReadBefore {
  rows: number;
  pages: number;
}

export const NO_USAGE: ReadUsage = { bytes: 0, rows: 0, requests: 0, waited_ms: 0 };

/** What a read may use. */
export interface ReadLimits extends ReadUsage {
  /** Waiting in one step of a message; `waited_ms` counts over all messages of a read that is continued. */
  go_ms: number;
  /** The whole time of one step in its consumer. */
  turn_ms: number;
  /** Bytes of rows, as JSON, that are kept until the answer ends. */
  collected_bytes: number;
}

export const READ_LIMITS: ReadLimits = {
  bytes: MAX_READ_BYTES,
  rows: MAX_READ_ROWS,
  requests: MAX_READ_REQUESTS,
  waited_ms: MAX_WAITED_IN_ALL_MS,
  go_ms: MAX_WAITED_MS,
  turn_ms: MAX_TURN_MS,
  collected_bytes: MAX_COLLECTED_BYTES,
};

export const TEST_LIMITS: ReadLimits = { ...READ_LIMITS, go_ms: MAX_WAITED_IN_TEST_MS };

/** Which limit a read has exceeded, as text; null: none. `remainingWait` has the limits of time. */
export function limitExceeded(share: ReadLimits, taken: ReadUsage): string | null {
  if (taken.bytes > share.bytes) return `sent more than ${Math.round(share.bytes / 1_048_576)} MB for one list`;
  if (taken.rows > share.rows) return `sent more than ${share.rows.toLocaleString("en-US")} rows for one list`;
  if (taken.requests > share.requests)
    return `takes more than ${share.requests.toLocaleString("en-US")} requests for one list`;
  return null;
}

/** How long this step may still wait, ms (0: no longer), and the text for when that time is over. */
export function remainingWait(
  share: ReadLimits,
  given: { go_ms: number; waited_ms: number; turn_ms: number },
): { ms: number; words: string } {
  const waits = Math.min(share.go_ms - given.go_ms, share.waited_ms - given.waited_ms);
  const turn = share.turn_ms - given.turn_ms;
  if (turn < waits)
    return { ms: Math.max(0, turn), words: `was not done with its list after ${seconds(share.turn_ms)}` };
  return {
    ms: Math.max(0, waits),
    words: `kept ReUp waiting for ${seconds(given.go_ms + Math.max(0, waits))} in one read`,
  };
}

const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
