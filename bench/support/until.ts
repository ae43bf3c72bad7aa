import { setTimeout as pause } from "node:timers/promises";
import { CallError } from "../../scripts/support/api.ts";

/**
 * Asks until the answer is as wanted; fails with the last answer when it takes too long. On a busy machine the local runtime
 * answers 500 now and then: that is asked again.
 */
export async function until<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  { within_s, every_ms = 100 }: { within_s: number; every_ms?: number },
): Promise<T> {
  const deadline = Date.now() + within_s * 1_000;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (wanted(answer)) return answer;
      last = answer;
    } catch (error) {
      if (!(error instanceof CallError) || error.status < 500) throw error;
      last = error.message;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not so within ${within_s} s; the last answer was ${JSON.stringify(last).slice(0, 1_000)}`);
    }
    await pause(every_ms);
  }
}

/** Runs `task` for each, so many at once. */
export async function atOnce<A, B>(items: readonly A[], most: number, task: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  const queue = [...items.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await task(next[1]);
  };
  await Promise.all(Array.from({ length: most }, work));
  return results;
}
