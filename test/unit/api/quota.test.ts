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

it("sixteen requests at once ask at once, and what each is granted is used", async () => {
  const [quota, limiter] = [new Quota({ own: 0, a_grant: 10 }), limiterOf(16)];
  const answers = await Promise.all(Array.from({ length: 16 }, () => quota.lets(limiter, "a", NOW)));
  expect(answers).toEqual(Array(16).fill(true));
  expect(await letIn(quota, limiter, { times: 200 })).toBe(16 * 10 - 16);
});
