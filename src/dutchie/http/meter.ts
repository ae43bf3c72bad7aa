import {
  limitExceeded,
  NO_USAGE,
  READ_LIMITS,
  type ReadLimits,
  type ReadUsage,
  remainingWait,
} from "../../domain/runs/read-limits.ts";
import { DutchieReadError, dutchieError } from "./errors.ts";

/**
 * Counts what one step takes of a store's Dutchie, over all requests of a client, and ends it at the store's share.
 * `before`: what the earlier goes of a read took that is continued now.
 */
export class Meter {
  readonly taken: ReadUsage;
  /** It took too long, for where it is read. */
  isOverTime = false;
  // A monotonic clock: one that is set meanwhile is no waiting.
  private readonly started = performance.now();

  constructor(
    private readonly share: ReadLimits = READ_LIMITS,
    private readonly before: ReadUsage = NO_USAGE,
  ) {
    this.taken = { ...before };
  }

  /** How long this go has waited for Dutchie, ms. */
  get waited_ms(): number {
    return this.taken.waited_ms - this.before.waited_ms;
  }

  /** How long it has lasted, ms. */
  get took_ms(): number {
    return performance.now() - this.started;
  }

  count(what: "bytes" | "rows" | "requests", n: number): void {
    this.taken[what] += n;
    const words = limitExceeded(this.share, this.taken);
    if (words !== null) throw new DutchieReadError(dutchieError("TOO_LARGE", `The endpoint ${words}`));
    const left = this.patience();
    if (left.ms <= 0) throw this.tooLong(left.words);
  }

  /** What Dutchie is waited for counts, for at most `ms`; `late` makes the error when it takes longer. */
  async wait<T>(ask: Promise<T>, ms: number, late: () => unknown, signal: AbortSignal): Promise<T> {
    const left = this.patience();
    const started = performance.now();
    try {
      return await within(ask, Math.min(ms, left.ms), left.ms < ms ? () => this.tooLong(left.words) : late, signal);
    } finally {
      this.taken.waited_ms += performance.now() - started;
    }
  }

  private patience(): { ms: number; words: string } {
    const { waited_ms: go_ms, took_ms: turn_ms, taken } = this;
    return remainingWait(this.share, { go_ms, waited_ms: taken.waited_ms, turn_ms });
  }

  private tooLong(words: string): DutchieReadError {
    this.isOverTime = true;
    return new DutchieReadError(dutchieError("TIMEOUT", `The endpoint ${words}, the most that one store may`));
  }
}

/** Settles with the promise, or rejects when the time is over or the signal aborts: a body need not heed its signal. */
function within<T>(promise: Promise<T>, ms: number, late: () => unknown, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(late())), ms);
    const onAbort = () => settle(() => reject(signal.reason));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      finish();
    };
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    Promise.resolve(promise).then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
