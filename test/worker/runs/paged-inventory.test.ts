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
