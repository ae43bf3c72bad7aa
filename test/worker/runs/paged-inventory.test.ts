import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Rig, recordsOf, truthOf } from "../faults/support.ts";
import { json } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The answer without its end: one row and a part of the next. */
async function cutOff(answer: Response): Promise<Response> {
  const text = await answer.text();
  return new Response(text.slice(0, text.indexOf("}") + 10), answer);
}

it.each<[string, (answer: Response) => Response | Promise<Response>]>([
  ["is a 429", () => json({}, 429)],
  ["is a 503", () => json({}, 503)],
  ["breaks off in its second row", cutOff],
])(
  "F01: packages with a row for each room go on at the page that failed, if every second answer %s",
  async (_, fail) => {
    const guide = { profiles: ["guide" as const], guidePaging: "cursor" as const, guidePageSize: 3 };
    const rig = await Rig.open(guide, { profile: "guide" });
    let asked = 0;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const answer = await rig.dutchie.app.request(url, init as never);
      return new URL(url).pathname === "/inventory" && ++asked % 2 === 0 ? fail(answer) : answer;
    });
    await rig.start("initial");
    await rig.drain();
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    // The import and its verification: each page about twice.
    expect(asked).toBeGreaterThan(20);
  },
);

it("F01: packages with a row for each room are read to their end, though the waits between the pages exceed an hour", async () => {
  const guide = { profiles: ["guide" as const], guidePaging: "cursor" as const, guidePageSize: 3 };
  const rig = await Rig.open(guide, { profile: "guide" });
  const pages: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const { pathname, search } = new URL(url);
    if (pathname !== "/inventory") return rig.dutchie.app.request(url, init as never);
    pages.push(search);
    if (pages.filter((page) => page === search).length % 2 === 1) return json({}, 429, { "retry-after": "800" });
    return rig.dutchie.app.request(url, init as never);
  });
  const began = Date.now();
  await rig.start("full");
  await rig.drain();
  expect((await rig.status()).last_run).toMatchObject({ state: "completed" });
  expect(Date.now() - began).toBeGreaterThan(3_600_000);
  // Each page once more than it was refused: none was read again.
  expect(pages).toHaveLength(2 * new Set(pages).size);
  expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
});

it("a list that announces more than it sends is incomplete, though a rate limit made two reads of it", async () => {
  const guide = { profiles: ["guide" as const], guidePaging: "cursor" as const, guidePageSize: 3 };
  const rig = await Rig.open(guide, { profile: "guide" });
  await rig.start("initial");
  await rig.drain();
  const before = await recordsOf(rig.id);
  let asked = 0;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const answer = await rig.dutchie.app.request(url, init as never);
    if (new URL(url).pathname !== "/inventory") return answer;
    asked++;
    if (asked % 3 === 2) return json({}, 429);
    const { data } = await answer.json<{ data: unknown[] }>();
    // The second page says that it is the last.
    return json({ data, total: 1_000, next: asked % 3 === 1 ? "3" : null });
  });
  for (const _ of ["one", "two"]) {
    await rig.start("full");
    await rig.drain();
    const { last_run } = await rig.status();
    expect(last_run?.phases.find(({ resource }) => resource === "inventory")).toMatchObject({
      state: "failed",
      error: { code: "BAD_RESPONSE", message: "The list is incomplete: Dutchie announces 1000 rows and sent 6" },
    });
    vi.setSystemTime(Date.now() + 7 * 60_000);
  }
  expect(await recordsOf(rig.id)).toEqual(before);
});
