import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DataType } from "../../../src/domain/runs/data-type.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf } from "../faults/support.ts";
import { goAndComeBack, later, MINUTE } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const SALES = "/reporting/transactions";
const STOCK = "/reporting/inventory";

/** Dutchie keeps its `nth` answer of this path back. `asked`: the request has come. */
function keptBack(rig: Rig, path: string, nth: number) {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  let count = 0;
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (new URL(url).pathname !== path || ++count !== nth) return fetch(url, init);
    const response = await rig.dutchie.app.request(url, init as never);
    asked.resolve();
    await answered.promise;
    return response;
  });
  return { asked: asked.promise, answer: answered.resolve };
}

/** Starts a run of this data type, whose reader waits for Dutchie. */
async function reading(rig: Rig, type: DataType, path: string, nth: number) {
  const held = keptBack(rig, path, nth);
  await rig.location.startRun({ mode: "full", trigger: "manual", heal: false, types: [type] });
  const done = deliver(SYNC, [rig.queue.pop()?.body], rig.env);
  await held.asked;
  const finish = async () => {
    held.answer();
    await done;
  };
  const run_id = (await rig.location.currentRun())?.run_id ?? "";
  return { run_id, finish };
}

it.each<[string, (rig: Rig, run_id: string) => Promise<unknown>]>([
  ["was cancelled", (rig, run_id) => rig.location.cancelRun(run_id)],
  ["ended with the store's disconnection", (rig) => goAndComeBack(rig.id)],
])("F23: a reader of a run that %s ends no step of the next run", async (_, end) => {
  const settings = { ...DEFAULT_SETTINGS, sales_history_days: 45 };
  const rig = await Rig.open({ salesDays: 2 }, { settings });
  await rig.start("initial");
  await rig.drain();
  later(30 * MINUTE);
  const truth = truthOf(rig.dutchie);
  // The second step of either run.
  const former = await reading(rig, "sales", SALES, 2);
  await end(rig, former.run_id);
  const next = await reading(rig, "inventory", STOCK, 1);
  expect(next.run_id).not.toBe(former.run_id);
  await former.finish();
  expect(await rig.location.currentRun()).toMatchObject({ run_id: next.run_id, state: "running" });
  expect(await recordsOf(rig.id)).toEqual(truth);
  await next.finish();
  expect(await rig.location.currentRun()).toBeNull();
  const { last_run, held_snapshot } = await rig.status();
  expect(last_run).toMatchObject({ run_id: next.run_id, state: "completed", deleted: 0 });
  expect(held_snapshot).toBeNull();
  expect(await recordsOf(rig.id)).toEqual(truth);
});
