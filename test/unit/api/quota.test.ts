import { expect, it, vi } from "vitest";
import { type Limiter, Quota } from "../../../src/api/requests/quota.ts";

const NOW = 1_800_000_000_000;

/** Agrees so many times. */
function limiterOf(grants: number) {
  let left = grants;
  return { limit: vi.fn(async () => ({ success: left-- > 0 })) };
}

async function letIn(quota: Quota, limiter: Limiter, given: { key?: string; times: number; now?: number }) {
  let count = 0;
  for (let n = 0; n < given.times; n++) if (await quota.lets(limiter, given.key ?? "a", given.now ?? NOW)) count += 1;
  return count;
}

it.each([
  [{ own: 600, a_grant: 20 }, 30, 1_200, 30],
  [{ own: 0, a_grant: 10 }, 60, 600, 60],
  [{ own: 3, a_grant: 5 }, 0, 3, 0],
])("with %o a limiter that agrees %i times lets in %i of 1,300, in %i calls", async (given, grants, most, calls) => {
  const [quota, limiter] = [new Quota(given), limiterOf(grants)];
  expect(await letIn(quota, limiter, { times: most })).toBe(most);
  expect(limiter.limit).toHaveBeenCalledTimes(calls);
  expect(await letIn(quota, limiter, { times: 1_300 - most })).toBe(0);
  expect(limiter.limit).toHaveBeenCalledTimes(calls + 1_300 - most);
});

it("each key and each minute has its own, and a refusal is asked again", async () => {
  const [quota, limiter] = [new Quota({ own: 1, a_grant: 2 }), limiterOf(0)];
  expect(await letIn(quota, limiter, { times: 4 })).toBe(1);
  expect(await letIn(quota, limiter, { key: "b", times: 2 })).toBe(1);
  expect(await letIn(quota, limiter, { times: 2, now: NOW + 60_000 })).toBe(1);
  expect(await letIn(quota, limiterOf(1), { times: 4, now: NOW + 60_000 })).toBe(2);
});

/** How many of so many requests at once are let in. */
async function atOnce(quota: Quota, limiter: Limiter, times: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, () => quota.lets(limiter, "a", NOW)));
  return answers.filter((isLetIn) => isLetIn).length;
}

it.each([
  [{ own: 0, a_grant: 10 }, 100, 10],
  [{ own: 0, a_grant: 10 }, 16, 2],
  [{ own: 600, a_grant: 20 }, 700, 5],
])("with %o, %i requests at once take %i grants", async (given, times, grants) => {
  const [quota, limiter] = [new Quota(given), limiterOf(grants)];
  expect(await atOnce(quota, limiter, times)).toBe(times);
  expect(limiter.limit).toHaveBeenCalledTimes(grants);
  const left = given.own + grants * given.a_grant - times;
  expect(await letIn(quota, limiter, { times: 100 })).toBe(left);
});

it("a refusal in between does not refuse what others were granted", async () => {
  const quota = new Quota({ own: 0, a_grant: 10 });
  let asked = 0;
  const limiter = { limit: async () => ({ success: ++asked !== 2 }) };
  expect(await atOnce(quota, limiter, 30)).toBeGreaterThanOrEqual(29);
});

it("after a refusal none is let in ahead of its answer", async () => {
  const [quota, limiter] = [new Quota({ own: 0, a_grant: 10 }), limiterOf(1)];
  expect(await letIn(quota, limiter, { times: 11 })).toBe(10);
  expect(await atOnce(quota, limiter, 50)).toBe(0);
  expect(await atOnce(quota, limiterOf(1), 50)).toBe(10);
});
