import type { Limits } from "../options.ts";

export type LimitClass = "standard" | "inventory" | "reporting" | "bulk";

const PER_MINUTE: Record<LimitClass, number> = { standard: 120, inventory: 200, reporting: 60, bulk: 10 };
const MINUTE = 60_000;

export interface Refusal {
  limit: number;
  /** Milliseconds until the window has room again. */
  waitMs: number;
}

/** Dutchie's limits: calls per minute and class, in a sliding window. Refused calls do not count. */
export class RateLimits {
  readonly #calls = new Map<LimitClass, number[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  admit(kind: LimitClass, limits: Limits): Refusal | null {
    if (limits === "off") return null;
    const limit = Math.max(1, Math.round(PER_MINUTE[kind] * (limits === "real" ? 1 : limits.scale)));
    const now = this.#now();
    const recent = (this.#calls.get(kind) ?? []).filter((at) => at > now - MINUTE);
    this.#calls.set(kind, recent);
    const oldest = recent[0];
    if (recent.length >= limit && oldest !== undefined) return { limit, waitMs: oldest + MINUTE - now };
    recent.push(now);
    return null;
  }

  used(): Partial<Record<LimitClass, number>> {
    const since = this.#now() - MINUTE;
    return Object.fromEntries([...this.#calls].map(([kind, at]) => [kind, at.filter((each) => each > since).length]));
  }

  reset(): void {
    this.#calls.clear();
  }
}
