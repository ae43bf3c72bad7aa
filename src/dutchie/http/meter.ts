import { beyond, NOTHING_TAKEN, patienceOf, SHARE, type Share, type Taken } from "../../domain/runs/share.ts";
import { DutchieReadError, dutchieError } from "./errors.ts";

/**
 * Counts what one step reads from a store's Dutchie, over all requests of a client, and ends the step at the store's share.
 * `before`: the count of earlier attempts, when a read continues.
 */
export class Meter {
  readonly taken: Taken;
  /** Whether the step was ended because it took too long. */
  isOverTime = false;
  // A monotonic clock: setting the system clock must not count as waiting.
  private readonly started = performance.now();

  constructor(
    private readonly share: Share = SHARE,
    private readonly before: Taken = NOTHING_TAKEN,
  ) {
    this.taken = { ...before };
  }

  /** How long this attempt has waited for Dutchie, ms. */
  get waited_ms(): number {
    return this.taken.waited_ms - this.before.waited_ms;
  }

  /** How long this attempt has lasted, ms. */
  get took_ms(): number {
    return performance.now() - this.started;
  }

  count(what: "bytes" | "rows" | "requests", n: number): void {
    this.taken[what] += n;
    const words = beyond(this.share, this.taken);
    if (words !== null) throw new DutchieReadError(dutchieError("TOO_LARGE", `The endpoint ${words}`));
    const left = this.patience();
    if (left.ms <= 0) throw this.tooLong(left.words);
  }

  /** Waits for Dutchie for at most `ms` and counts the time. `late` makes the error when it takes longer. */
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
    return patienceOf(this.share, { go_ms, waited_ms: taken.waited_ms, turn_ms });
  }

  private tooLong(words: string): DutchieReadError {
    this.isOverTime = true;
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
