import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tick } from "../../../src/pipeline/chores/tick.ts";
import type { Columns } from "../../../src/platform/points.ts";
import { withDatabases } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";

type Line = Record<string, unknown>;
const lines: Line[] = [];
beforeEach(() => {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.parse(String(line))));
  }
});
afterEach(() => {
  lines.length = 0;
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A store whose points are collected. */
async function watched(options: Parameters<typeof Rig.open>[0] = {}) {
  const rig = await Rig.open({ size: 10, ...options });
  const points: Columns[] = [];
  const POINTS = { writeDataPoint: (point: Columns) => void points.push(point) };
  const given = { ...rig.env, POINTS };
  await rig.withEnv(given);
  return { rig, points, given };
}

const event = (rig: Rig, event_id: string, body: unknown, age_ms = 0) => ({
  location_id: rig.id,
  event_id,
  received_at: Date.now() - age_ms,
  body,
});
const restock = (quantity: number) => ({
  type: "inventory.updated",
  data: { inventoryId: 7, productId: 8, quantityAvailable: quantity, room: "Vault" },
});

describe("a point in Analytics Engine", () => {
  it("a run writes one, with its mode, its outcome and what it read and wrote", async () => {
    const { rig, points } = await watched();
    await rig.start("initial");
    await rig.drain();
    expect(points).toHaveLength(1);
    const { indexes, blobs = [], doubles } = points[0] ?? {};
    expect([indexes, blobs.slice(0, 4)]).toEqual([[rig.id], ["run", "initial", "completed", ""]]);
    const [ms = -1, records = 0, failed, written = 0] = doubles ?? [];
    expect([ms >= 0, records > 20, failed, written > 20]).toEqual([true, true, 0, true]);
    // The second run finds nothing to write.
    await rig.start("full");
    await rig.drain();
    expect(points[1]?.blobs.slice(0, 3)).toEqual(["run", "full", "completed"]);
    expect(points[1]?.doubles.slice(2, 4)).toEqual([0, 0]);
  });

  it("a run that fails has the error's code", async () => {
    const { rig, points } = await watched();
    rig.dutchie.setFaults([{ kind: "expiredKey" }]);
    await rig.start("full");
    await rig.drain();
    expect(points.map(({ blobs }) => blobs.slice(0, 4))).toEqual([["run", "full", "failed", "UNAUTHORIZED"]]);
  });

  it("a batch of webhooks writes one for each store, with the delay of those that were applied", async () => {
    const { rig, points, given } = await watched();
    const events = [
      event(rig, "evt_1", restock(3), 2_000),
      event(rig, "evt_2", restock(4), 1_000),
      event(rig, "evt_3", { type: "inventory.updated", data: { inventoryId: 9, quantityAvailable: "many" } }),
    ];
    expect(new Set(await deliver(WEBHOOKS, events, given))).toEqual(new Set(["ack"]));
    expect(points.map(({ indexes, blobs }) => [indexes, blobs.slice(0, 3)])).toEqual([
      [[rig.id], ["events", "", "done"]],
    ]);
    const [, records, failed, written, retried, p50 = 0, p95 = 0] = points[0]?.doubles ?? [];
    expect([records, failed, written, retried]).toEqual([3, 1, 2, 0]);
    expect(p50).toBeGreaterThan(900);
    expect(p95).toBeGreaterThan(1_900);
  });

  it("a batch that a store could not apply writes one, too", async () => {
    const { rig, points, given } = await watched();
    const gone = withDatabases(
      given,
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("D1_ERROR: Network connection lost.");
            },
          },
        ),
    );
    expect(await deliver(WEBHOOKS, [event(rig, "evt_1", restock(3)), event(rig, "evt_2", restock(4))], gone)).toEqual([
      "retry",
      "retry",
    ]);
    expect(points.map(({ blobs, doubles }) => [blobs[2], doubles[1], doubles[4]])).toEqual([["retry", 2, 2]]);
  });
});

it("each step, batch and tick is one line with its store, its run, how long it took and how it ended", async () => {
  const { rig, given } = await watched();
  await rig.start("initial");
  await rig.drain();
  await deliver(WEBHOOKS, [event(rig, "evt_1", restock(3))], given);
  await tick(rig.env, "by hand", Date.now());
  const wanted: Record<string, string[]> = {
    step_ended: ["location_id", "run_id", "resource", "outcome", "ms"],
    run_ended: ["location_id", "run_id", "kind", "outcome", "count", "ms"],
    event_ended: ["location_id", "event_id", "outcome", "ms"],
    batch_ended: ["queue", "outcome", "count", "ms"],
    tick_ended: ["kind", "outcome", "ms"],
  };
  for (const [name, keys] of Object.entries(wanted)) {
    const found = lines.filter((line) => line.event === name);
    expect([name, found.length > 0]).toEqual([name, true]);
    for (const line of found) expect([name, keys.filter((key) => line[key] === undefined)]).toEqual([name, []]);
  }
});

it("a step whose database is away is one line with its run, and how it goes on", async () => {
  const { rig, given } = await watched();
  await rig.start("initial");
  const gone = withDatabases(
    given,
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("D1_ERROR: Network connection lost.");
          },
        },
      ),
  );
  const [step] = rig.queue.splice(0);
  expect(await deliver("reup-dutchie-imports-development", [step?.body], gone)).toEqual(["retry"]);
  expect(lines.filter(({ event }) => event === "message_failed")).toMatchObject([
    { location_id: rig.id, run_id: expect.any(String), kind: "step", outcome: "retry", ms: expect.any(Number) },
  ]);
});
