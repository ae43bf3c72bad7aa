import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf } from "../faults/support.ts";
import { PushRig } from "../pushes/support.ts";
import { alarm, answering, firing, HOUR, json, later, MINUTE, tick } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const DAY = 24 * HOUR;
const AHEAD: [string, number][] = [
  ["an hour", HOUR],
  ["a day", DAY],
  ["a year", 365 * DAY],
];

/** What happens while the clock is ahead. */
const MEANWHILE: [string, (rig: Rig) => Promise<unknown>][] = [
  ["a poll", tick],
  [
    "a full sync",
    async (rig) => {
      await rig.start("full");
      await rig.drain();
    },
  ],
  [
    "a run whose reader died",
    async (rig) => {
      await rig.start("incremental");
      rig.queue.length = 0;
      const run = await rig.location.currentRun();
      await rig.location.beginStep(run?.run_id ?? "", 0);
    },
  ],
  [
    "a run whose message got lost",
    async (rig) => {
      await rig.start("incremental");
      rig.queue.length = 0;
    },
  ],
  [
    "a run that waits for a rate limit",
    async (rig) => {
      answering(rig, () => json({}, 429, { "retry-after": "50" }));
      await rig.start("incremental");
      await deliver(SYNC, [rig.queue.pop()?.body], rig.env);
      rig.queue.length = 0;
      answering(rig, () => null);
    },
  ],
  [
    "a poll that fails",
    async (rig) => {
      answering(rig, () => json({}, 500));
      await tick(rig);
      answering(rig, () => null);
    },
  ],
  ["a change of settings", (rig) => rig.location.configured()],
];

/** Cron calls for an hour and a half. */
async function cronFor90Minutes(rig: Rig): Promise<void> {
  const until = Date.now() + 90 * MINUTE;
  while (Date.now() < until) {
    later(5 * MINUTE);
    await alarm(rig);
    await tick(rig);
  }
}

describe.each(AHEAD)("F36: our own clock was %s ahead", (_, ahead) => {
  it.each(MEANWHILE)("F36: after %s then, the store is read again within 90 minutes", async (_name, happens) => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    later(2 * MINUTE);
    const now = Date.now();
    vi.setSystemTime(now + ahead);
    await happens(rig);
    vi.setSystemTime(now);
    const [one] = rig.dutchie.world.packages.values();
    rig.dutchie.setPackage(one?.id ?? 0, { quantity: 77 }, { silent: true });
    await cronFor90Minutes(rig);
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    const status = await rig.status();
    expect(status).toMatchObject({ state: "idle", current_run: null });
    expect(Date.parse(status.last_success_at ?? "")).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(status.next_sync_at ?? "")).toBeLessThan(Date.now() + HOUR);
    expect(status.data_age_seconds).toBeLessThan(90 * 60);
    expect(status.last_run?.duration_ms).toBeGreaterThanOrEqual(0);
    expect(status.last_24h.avg_duration_ms).toBeGreaterThanOrEqual(0);
  });

  it("F36: a store that fails after that becomes stale as usual", async () => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    const now = Date.now();
    vi.setSystemTime(now + ahead);
    await tick(rig);
    vi.setSystemTime(now);
    answering(rig, () => json({}, 503));
    await cronFor90Minutes(rig);
    expect(await firing(rig)).toContainEqual(expect.stringMatching(/^stale: No sync has succeeded for 1\.\d hours\. /));
  });

  it("F36: an edit that was tried in vain then is sent", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const now = Date.now();
    vi.setSystemTime(now + ahead);
    await store.rig.location.editProduct(`prd_${id}`, { unit_price: 33.25 }, "person");
    answering(store.rig, () => json({}, 503));
    await store.send();
    answering(store.rig, () => null);
    vi.setSystemTime(now + MINUTE);
    await cronFor90Minutes(store.rig);
    expect(await store.rig.location.listPushes(null, null, 9)).toMatchObject([{ state: "done" }]);
    expect(store.inDutchie(id).price).toBe(33.25);
  });
});

it.each(AHEAD)(
  "F36: a store that syncs daily sleeps no longer than usual after a clock was %s ahead",
  async (_, ahead) => {
    const rig = await Rig.open({}, { settings: { ...DEFAULT_SETTINGS, frequency: "daily" } });
    await rig.start("initial");
    await rig.drain();
    const now = Date.now();
    vi.setSystemTime(now + ahead);
    await rig.start("full");
    await rig.drain();
    vi.setSystemTime(now);
    for (let hours = 0; hours < 58; hours++) {
      later(HOUR);
      await tick(rig);
    }
    const { last_success_at, next_sync_at } = await rig.status();
    expect(Date.parse(last_success_at ?? "")).toBeGreaterThan(now);
    expect(Date.parse(next_sync_at ?? "")).toBeLessThan(Date.now() + 29 * HOUR);
  },
);
