const MINUTE_MS = 60_000;

/** The platform's. */
export interface Limiter {
  limit(of: { key: string }): Promise<{ success: boolean }>;
}

/**
 * Lets in what a limiter allows, without a call to it for each request: `own` of each key in a minute without asking, then `a_grant`
 * for each time that it agrees. So the limiter's limit (wrangler.toml) counts grants, not requests. What is left of a grant ends with the minute.
 */
export class Quota {
  private minute = 0;
  private readonly counts = new Map<string, { used: number; granted: number }>();

  constructor(private readonly given: { own: number; a_grant: number }) {}

  async lets(limiter: Limiter, key: string, now: number): Promise<boolean> {
    const current = Math.floor(now / MINUTE_MS);
    if (current !== this.minute) this.counts.clear();
    this.minute = current;
    const count = this.counts.get(key) ?? { used: 0, granted: this.given.own };
    this.counts.set(key, count);
    if (count.used >= count.granted) {
      const { success } = await limiter.limit({ key });
      if (!success) return false;
      count.granted += this.given.a_grant;
    }
    count.used += 1;
    return true;
  }
}
