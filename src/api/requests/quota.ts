const MINUTE_MS = 60_000;

/** The platform's. */
export interface Limiter {
  limit(of: { key: string }): Promise<{ success: boolean }>;
}

/** Requests of one key in the minute. */
interface Count {
  used: number;
  granted: number;
  /** The limiter's last answer was no. */
  isRefused: boolean;
}

/**
 * Lets in what a limiter allows, without a call to it for each request: `own` of each key in a minute without asking, then `a_grant`
 * for each time that it agrees. So the limiter's limit (wrangler.toml) counts grants, not requests. What is left of a grant ends
 * with the minute. A grant counts before its answer, until the limiter refuses one: else each of many requests at once would
 * take one. They cannot share an answer, for a request whose sender leaves may never get it.
 */
export class Quota {
  private minute = 0;
  private readonly counts = new Map<string, Count>();

  constructor(private readonly given: { own: number; a_grant: number }) {}

  async lets(limiter: Limiter, key: string, now: number): Promise<boolean> {
    const count = this.#countOf(key, now);
    const isGranted = count.used < count.granted;
    count.used += 1;
    if (isGranted) return true;
    const ahead = count.isRefused ? 0 : this.given.a_grant;
    count.granted += ahead;
    const { success } = await limiter.limit({ key });
    count.isRefused = !success;
    count.granted += (success ? this.given.a_grant : 0) - ahead;
    // What others were granted meanwhile serves a refused one, too.
    if (success || count.used <= count.granted) return true;
    count.used -= 1;
    return false;
  }

  #countOf(key: string, now: number): Count {
    const current = Math.floor(now / MINUTE_MS);
    if (current !== this.minute) this.counts.clear();
    this.minute = current;
    const count = this.counts.get(key) ?? { used: 0, granted: this.given.own, isRefused: false };
    this.counts.set(key, count);
    return count;
  }
}
