import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, recordsOf, truthOf } from "../faults/support.ts";
import { alarm, HOUR, later } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Its reader reads one step and leaves the next to the queue. */
const SLOW = "reup-dutchie-slow-development";

/** What the platform says when it may work a moment later. */
const PASSING = "internal error; reference = abc";

/** The bindings with queues that refuse a step's message, and accounts that refuse to be written, while they may. */
function refusing(rig: Rig, may: { send: boolean; write: boolean }): { env: Env; refused: () => number } {
  let refused = 0;
  const refuse = (what: string) => {
    refused++;
    throw new Error(`${what}: ${PASSING}`);
  };
  const send = async (body: { kind: string }, options?: QueueSendOptions) => {
    if (body.kind === "step" && !may.send) refuse("Queue send failed");
    await rig.env.SYNC.send(body, options);
  };
  const DB = new Proxy(rig.env.DB, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (key === "prepare" && /^update/i.test(String(given[0])) && !may.write) refuse("D1_ERROR");
        return Reflect.apply(value, target, given);
      };
    },
  });
  const queue = { ...rig.env.SYNC, send };
  const env = { ...rig.env, DB, SYNC: queue, IMPORTS: queue, SLOW: queue } as unknown as Env;
  return { env, refused: () => refused };
}

/** Plays the queue of slow stores and the store's timer until the run is over. */
async function playOut(rig: Rig, given: Env): Promise<void> {
  for (let turn = 0; turn < 60; turn++) {
    const next = rig.queue.shift();
    if (next === undefined) {
      if ((await rig.location.currentRun()) === null) return;
      later(100_000);
      await alarm(rig);
      continue;
    }
    later(Math.max(0, next.due - Date.now()));
    const [outcome] = await deliver(SLOW, [next.body], given);
    if (outcome === "retry") rig.queue.push({ body: next.body, due: Date.now() + 2_000 });
  }
  throw new Error("The run does not end.");
}

/** Delivers what is queued until something was refused. */
async function untilRefused(rig: Rig, given: Env, refused: () => number): Promise<void> {
  while (refused() === 0) {
    const next = rig.queue.shift();
    if (next === undefined) throw new Error("Nothing was refused.");
    later(Math.max(0, next.due - Date.now()));
    const [outcome] = await deliver(SLOW, [next.body], given);
    if (outcome === "retry") rig.queue.push(next);
  }
}

const PAGED = { size: 20, profiles: ["guide" as const], guidePaging: "cursor" as const };

it.each([
  [2, 3, "send"],
  [3, 2, "send"],
  [2, 3, "write"],
  [4, 2, "write"],
] as const)(
  "what a list named before page %i of %i rows, where its read was resumed, is not absent if the %s after its end fails",
  async (broken, guidePageSize, what) => {
    // Without the other lists, the end of this one is the end of the run.
    const off = what === "send" ? {} : { inventory: false, sales: false };
    const settings = { ...DEFAULT_SETTINGS, data_types: { ...DEFAULT_SETTINGS.data_types, ...off } };
    const rig = await Rig.open({ ...PAGED, guidePageSize }, { profile: "guide", settings });
    await rig.start("initial");
    await rig.drain();
    const before = await recordsOf(rig.id);
    later(3 * HOUR);

    const may = { send: true, write: true };
    const { env, refused } = refusing(rig, may);
    await rig.withEnv(env);
    let page = 0;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const response = await rig.dutchie.app.request(url, init as never);
      if (!url.includes("/products")) return response;
      page++;
      if (page === broken) return new Response("{}", { status: 500 });
      const { next } = await response.clone().json<{ next?: unknown }>();
      if (next == null && refused() === 0) may[what] = false;
      return response;
    });
    await rig.start("full");
    await untilRefused(rig, env, refused);
    may[what] = true;
    await playOut(rig, env);

    expect(await rows("select record_id from entries where location_id = ? and cause = 'poll'", rig.id)).toEqual([]);
    expect(await recordsOf(rig.id)).toEqual(before);
    expect((await rig.status()).last_run).toMatchObject({ state: "completed", deleted: 0 });
  },
);

it.each([
  ["the queue refuses its first message", { send: false, write: true }],
  ["the lists cannot be written", { send: true, write: false }],
])("a run that started goes on by itself though %s", async (_, broken) => {
  const rig = await Rig.open();
  const { env, refused } = refusing(rig, broken);
  await rig.withEnv(env);
  const started = await rig.start("initial").then(
    () => "started",
    (error: Error) => error.message,
  );
  expect(started).toContain(PASSING);
  expect(refused()).toBe(1);
  Object.assign(broken, { send: true, write: true });
  // No second run beside it, and what the lists show ends.
  expect(await rig.start("initial")).toMatchObject({ ok: false, reason: "running" });
  await playOut(rig, env);
  expect(await rows("select state from runs where location_id = ?", rig.id)).toEqual([{ state: "completed" }]);
  expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
});
