import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { creations, failingOnce, Rig, recordsOf, truthOf } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("F03: a write whose answer is lost", () => {
  it.each([
    ["not committed", "before commit", "the database went away"],
    ["committed and not answered", "after commit", "the database went away"],
    ["committed and cut off", "after commit", "Network connection lost."],
  ] as const)(
    "F03: a first sync that is run again leaves no duplicates, whichever write failed: %s",
    async (_, at, message) => {
      let writes = 0;
      for (let nth = 1; ; nth++) {
        const rig = await Rig.open({ seed: nth });
        const failing = failingOnce(rig.env, { at, nth, message });
        await rig.withEnv(failing.env);
        // The very first write belongs to the start itself: the caller gets the error, and starts it again.
        const started = await rig.start("full").catch(() => null);
        if (started === null) await rig.start("full");
        await rig.drain();
        const status = await rig.status();
        if (status.current_run !== null) throw new Error(`write ${nth}: the run is left ${status.current_run.state}`);
        expect(status.last_run, `write ${nth}`).toMatchObject({ state: "completed", error: null });
        expect(await recordsOf(rig.id), `write ${nth}`).toEqual(truthOf(rig.dutchie));
        expect(await creations(rig.id, "products"), `write ${nth}`).toBe(rig.dutchie.world.products.size);
        if (!failing.reached()) break;
        writes = nth;
      }
      expect(writes).toBeGreaterThan(5);
    },
  );
});

describe("F05: a run that loses its Location", () => {
  it("F05: a run whose Location is evicted before every answer of Dutchie continues and is completed", async () => {
    const rig = await Rig.open({ seed: 3 });
    await rig.start("initial");
    let evictions = 0;
    const answer = globalThis.fetch;
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      await evictDurableObject(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));
      await rig.withEnv(rig.env);
      evictions++;
      return answer(...request);
    });
    await rig.drain();
    expect(evictions).toBeGreaterThan(4);
    expect(await rig.status()).toMatchObject({ current_run: null, last_run: { state: "completed" } });
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
  });
});
