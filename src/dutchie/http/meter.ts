import {
  limitExceeded,
  NO_USAGE,
  READ_LIMITS,
  type ReadLimits,
  type ReadUsage,
  remainingWait,
} from "../../domain/limits/read-limits.ts";
import { DutchieReadError, dutchieError } from "./errors.ts";

/**
 * Counts what one step reads from a store's Dutchie, over all requests of a client, and ends the step at the limits of one store.
 * `before`: the count of earlier attempts, when a read continues.
 */
export class Meter {
  readonly usage: ReadUsage;
  /** Whether the step was ended because it took too long, or keeps too much: beyond the quick lane's limits the slow lane reads. */
  isBeyondLane = false;
  // A monotonic clock: setting the system clock must not count as waiting.
  private readonly started = performance.now();

  constructor(
    private readonly limits: ReadLimits = READ_LIMITS,
    private readonly before: ReadUsage = NO_USAGE,
  ) {
    this.usage = { ...before };
  }

  /** How long this attempt has waited for Dutchie, ms. */
  get waited_ms(): number {
    return this.usage.waited_ms - this.before.waited_ms;
  }

  /** How long this attempt has lasted, ms. */
  get took_ms(): number {
    return performance.now() - this.started;
  }

  count(what: "bytes" | "rows" | "requests", n: number): void {
    this.usage[what] += n;
    const words = limitExceeded(this.limits, this.usage);
    if (words !== null) throw new DutchieReadError(dutchieError("TOO_LARGE", `The endpoint ${words}`));
    const left = this.remaining();
    if (left.ms <= 0) throw this.tooLong(left.words);
  }

  /** Whether the step may keep so many bytes of rows until its answer ends. */
  mayCollect(bytes: number): boolean {
    this.isBeyondLane ||= bytes > this.limits.collected_bytes;
    return !this.isBeyondLane;
  }

  /** Waits for Dutchie for at most `ms` and counts the time. `late` makes the error when it takes longer. */
  async wait<T>(ask: Promise<T>, ms: number, late: () => unknown, signal: AbortSignal): Promise<T> {
    const left = this.remaining();
    const started = performance.now();
    try {
      return await within(ask, Math.min(ms, left.ms), left.ms < ms ? () => this.tooLong(left.words) : late, signal);
    } finally {
      this.usage.waited_ms += performance.now() - started;
    }
  }

  private remaining(): { ms: number; words: string } {
    const { waited_ms: go_ms, took_ms: turn_ms, usage } = this;
    return remainingWait(this.limits, { go_ms, waited_ms: usage.waited_ms, turn_ms });
  }

  private tooLong(words: string): DutchieReadError {
    this.isBeyondLane = true;
    return new DutchieReadError(dutchieError("TIMEOUT", `The endpoint ${words}, the limit for one store`));
  }
}

/** The promise's result, or a rejection when the time is over or the signal aborts: a body may ignore its signal. */
function within<T>(promise: Promise<T>, ms: number, late: () => unknown, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(late())), ms);
    const onAbort = () => finish(() => reject(signal.reason));
    const finish = (end: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      end();
    };
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    Promise.resolve(promise).then(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error)),
    );
  });
}
