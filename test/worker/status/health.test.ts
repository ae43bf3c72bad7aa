import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LocationSummaryJson } from "../../../src/contract/http/status.ts";
import type { Settings } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { appWith, call, token, working } from "../api/support.ts";
import { deliver, Rig, SYNC } from "../faults/support.ts";
import { alarm, answering, HOUR, json, later, MINUTE, page, tick } from "../runs/support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Fares = Pick<LocationSummaryJson, "health" | "activity"> & { code: string | null; action: string | null };

const brief = ({ health, activity, problem }: Pick<LocationSummaryJson, "health" | "activity" | "problem">): Fares => ({
  health,
  activity,
  code: problem?.code ?? null,
  action: problem?.action ?? null,
});

/** What the list of all stores says of this one; it does not ask the store's Location. */
async function listed(rig: Rig): Promise<LocationSummaryJson> {
  const app = appWith(working, () => Date.now());
  const response = await call("GET", `/v1/status?q=${rig.id}`, { app, token: await token({ role: "viewer" }) });
  const { data } = await response.json<{ data: LocationSummaryJson[] }>();
  const [found] = data;
  if (found === undefined) throw new Error("The store is not listed.");
  return found;
}

/** The status and the list agree, and both say this. */
async function expectFares(rig: Rig, expected: Fares): Promise<void> {
  expect(brief(await rig.status())).toEqual(expected);
  expect(brief(await listed(rig))).toEqual(expected);
}

/** So that the simulated store's duplicates ask no question. */
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, duplicate_sku: "merge" };

const HEALTHY: Fares = { health: "healthy", activity: "idle", code: null, action: null };

it.each<[string, () => Response, string, string]>([
  ["the key is refused", () => json({}, 401), "UNAUTHORIZED", "enter_key"],
  ["a web page answers", page, "NOT_DUTCHIE", "contact_dutchie"],
  ["Dutchie is down", () => json({}, 503), "UPSTREAM_5XX", "wait"],
])(
  "a store where %s is failing, also while it is tried again, until a read succeeds",
  async (_, broken, code, action) => {
    const rig = await Rig.open({}, { state: "never_synced", settings: SETTINGS });
    await rig.location.configured();
    await expectFares(rig, { ...HEALTHY, health: "never_synced" });
    await rig.start("full");
    await rig.drain();
    await expectFares(rig, HEALTHY);

    let answer: (() => Response) | null = broken;
    answering(rig, (path) => (path === "/reporting/products" && answer !== null ? answer() : null));
    const began = Date.now();
    await rig.start("full");
    await rig.drain();
    await expectFares(rig, { health: "failing", activity: "idle", code, action });
    const failing = await rig.status();
    expect(Date.parse(failing.problem?.since ?? "")).toBeGreaterThanOrEqual(began);
    expect(failing.data_types.products?.error?.code).toBe(code);

    later(20 * MINUTE);
    answer = () => json({}, 429, { "retry-after": "600" });
    await rig.start("full");
    await expectFares(rig, { health: "failing", activity: "syncing", code, action });
    expect((await rig.status()).state).toBe("syncing");
    while ((await rig.location.currentRun())?.state !== "waiting") {
      const next = rig.queue.shift();
      if (next === undefined) throw new Error("Nothing is queued.");
      if (next.due > Date.now()) vi.setSystemTime(next.due);
      await deliver(SYNC, [next.body], rig.env);
    }
    const during = await rig.status();
    expect([during.health, during.activity, during.problem?.since]).toEqual([
      "failing",
      "waiting",
      failing.problem?.since,
    ]);
    expect(brief(await listed(rig))).toMatchObject({ health: "failing", activity: "waiting", code });

    answer = null;
    await rig.drain();
    await expectFares(rig, HEALTHY);
  },
);

it("a store that nothing reads turns stale by the clock alone, in the list as in the status", async () => {
  const rig = await Rig.open({}, { settings: SETTINGS });
  await rig.start("full");
  await rig.drain();
  expect((await listed(rig)).data_age_seconds).toBeLessThan(60);
  later(HOUR + MINUTE);
  const { health, problem, data_age_seconds, data_types } = await listed(rig);
  expect([health, problem?.code, problem?.action]).toEqual(["stale", "STALE", "run_sync"]);
  expect(data_age_seconds).toBeGreaterThan(3_600);
  expect(data_types.sales).toEqual({ last_success_at: expect.any(String), error: null });
  await alarm(rig);
  expect((await rig.status()).health).toBe("stale");
  await tick(rig);
  expect((await listed(rig)).health).toBe("healthy");
});

it("the list of all stores says in which of the last 24 hours a sync failed", async () => {
  const rig = await Rig.open({}, { state: "never_synced", settings: SETTINGS });
  await rig.location.configured();
  expect((await listed(rig)).hours).toEqual(Array.from({ length: 24 }, () => null));
  await rig.start("full");
  await rig.drain();
  expect((await listed(rig)).hours.slice(-2)).toEqual([null, "good"]);
  later(HOUR);
  answering(rig, () => json({}, 401));
  await rig.start("incremental");
  await rig.drain();
  expect((await listed(rig)).hours.slice(-2)).toEqual(["good", "failed"]);
});

it("a store whose data types are all switched off says that nothing is synced and what to do, until one is on again", async () => {
  const rig = await Rig.open({}, { settings: SETTINGS });
  await rig.start("full");
  await rig.drain();
  await expectFares(rig, HEALTHY);
  const switchTo = async (isOn: boolean) => {
    const data_types = { products: isOn, inventory: isOn, sales: isOn };
    const answer = await call("PATCH", `/v1/locations/${rig.id}`, {
      token: await token({ role: "admin" }),
      env: rig.env,
      body: { settings: { data_types } },
    });
    expect(answer.status).toBe(200);
  };
  await switchTo(false);
  later(25 * HOUR);
  await tick(rig);
  await expectFares(rig, { health: "needs_decision", activity: "idle", code: "NOTHING_SYNCED", action: "review" });
  expect((await rig.status()).problem?.message).toContain("Switch on in its settings what ReUp is to read");
  await switchTo(true);
  await tick(rig);
  await rig.drain();
  await expectFares(rig, HEALTHY);
});
