import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextPollAt } from "../../../src/domain/runs/schedule.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf } from "../faults/support.ts";
import { answering, firing, HOUR, json, later, MINUTE, page, tick } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** As Dutchie's firewall refuses. */
const wall = () => new Response("<html>Blocked</html>", { status: 403, headers: { "content-type": "text/html" } });
const broken = () => json({ Message: "Something went wrong" }, 500);
const runsOf = (rig: Rig) =>
  rows<{ mode: string; state: string }>("select mode, state from runs where location_id = ? order by run_id", rig.id);

describe("F58: a store is due as soon as it is connected", () => {
  it.each<[string, () => Response]>([
    ["503", () => json({}, 503)],
    ["a web page", page],
    ["an error as an answer", () => json({ Message: "No", TraceId: "1" })],
  ])(
    "F58: cron starts a first sync that meets %s again and again, and it succeeds once Dutchie answers",
    async (_, answer) => {
      const rig = await Rig.open({}, { state: "never_synced" });
      let isDown = true;
      answering(rig, () => (isDown ? answer() : null));
      const status = await rig.status();
      expect(Date.parse(status.next_sync_at ?? "")).toBeLessThanOrEqual(Date.now());
      let started = 0;
      for (let ticks = 0; ticks < 12; ticks++) {
        started += (await tick(rig)).length;
        later(15 * MINUTE);
      }
      expect(started).toBeGreaterThan(5);
      expect(started).toBeLessThan(10);
      expect(new Set((await runsOf(rig)).map(({ mode, state }) => `${mode} ${state}`))).toEqual(
        new Set(["initial failed"]),
      );
      expect(await rig.status()).toMatchObject({ state: "failing", last_success_at: null });
      expect((await firing(rig)).map((line) => line.split(":")[0])).toEqual(["stale", "sync_failed"]);
      isDown = false;
      later(HOUR);
      expect(await tick(rig)).toHaveLength(1);
      expect(await rig.status()).toMatchObject({ state: "idle", last_error: null, accuracy: { value: 1 } });
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
      expect(await firing(rig)).toEqual([]);
    },
  );

  it("F58: a store without a sync for an hour is stale, with or without a run", async () => {
    const rig = await Rig.open({}, { state: "never_synced" });
    await rig.location.configured();
    later(HOUR + MINUTE);
    await rig.location.tick(0);
    expect(await firing(rig)).toEqual([expect.stringMatching(/^stale: No sync has succeeded for 1\.0 hours\. /)]);
  });
});

describe("F59: data types fail alone", () => {
  const types = async (rig: Rig) => {
    const { data_types } = await rig.status();
    return Object.entries(data_types).map(([type, state]) => `${type} ${state?.error?.code ?? "ok"}`);
  };

  it.each<[string, string, () => Response, string, string]>([
    ["products answer 500", "/reporting/products", broken, "products UPSTREAM_5XX", "Products could not be read: "],
    [
      "sales are switched off",
      "/reporting/transactions",
      () => json({}, 503),
      "sales UPSTREAM_5XX",
      "Sales could not be read: ",
    ],
    [
      "the key lost the role for inventory",
      "/reporting/inventory",
      () => json({}, 403),
      "inventory FORBIDDEN",
      "Packages could not be read: ",
    ],
    ["a firewall blocks the products", "/reporting/products", wall, "products FORBIDDEN", "Products could not be"],
    [
      "the inventory answers 521",
      "/reporting/inventory",
      () => json({}, 521),
      "inventory ECONNREFUSED",
      "Packages could",
    ],
  ])(
    "F59: %s: the others come, the store is degraded with a reason, and recovers by itself",
    async (_, path, answer, type, words) => {
      const rig = await Rig.open();
      let isDown = true;
      answering(rig, (asked) => (isDown && asked === path ? answer() : null));
      await rig.start("initial");
      await rig.drain();
      const [name] = type.split(" ");
      const first = await rig.status();
      expect(first.last_run?.state).toBe("completed_with_errors");
      expect(first.last_run?.error?.message).toContain(words);
      expect(first.last_run?.error?.message).toMatch(/ and .* are up to date\.$/);
      expect(first.last_error?.message).toBe(first.last_run?.error?.message);
      expect(first).toMatchObject({ state: "degraded", last_success_at: null });
      expect(await types(rig)).toContain(type);
      expect((await types(rig)).filter((line) => line.endsWith(" ok"))).toHaveLength(2);
      expect((await firing(rig))[0]).toContain(words);
      const missing = name === "inventory" ? "package" : name === "sales" ? "sale" : "product";
      const others = (lines: string[]) => lines.filter((line) => !line.startsWith(missing));
      if (missing !== "product") expect(others(await recordsOf(rig.id))).toEqual(others(truthOf(rig.dutchie)));

      // It is tried alone once its time has come, and the first import is then complete.
      isDown = false;
      later(16 * MINUTE);
      await tick(rig);
      expect(await types(rig)).toEqual(["products ok", "inventory ok", "sales ok"]);
      const healed = await rig.status();
      expect(healed).toMatchObject({ state: "idle", last_error: null });
      expect(healed.last_success_at).not.toBeNull();
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
      expect(await firing(rig)).toEqual([]);
    },
  );

  it.each<[string, () => Response, string]>([
    ["500", broken, "UPSTREAM_5XX"],
    ["403 for a lost role", () => json({}, 403), "FORBIDDEN"],
    ["a web page", page, "NOT_DUTCHIE"],
  ])(
    "F59: rooms that answer %s do not stop stock, raise an alert, and recover by themselves",
    async (_, answer, code) => {
      const rig = await Rig.open();
      let isDown = true;
      answering(rig, (path) => (isDown && path === "/room/rooms" ? answer() : null));
      await rig.start("initial");
      await rig.drain();
      const status = await rig.status();
      expect(status.last_run?.state).toBe("completed_with_errors");
      expect(status.last_run?.error?.message).toMatch(
        /^Rooms could not be read: .*Products, packages and sales are up to date\.$/,
      );
      expect(status).toMatchObject({ state: "degraded", last_error: { message: status.last_run?.error?.message } });
      expect(await types(rig)).toEqual(["products ok", `inventory ${code}`, "sales ok"]);
      expect(status.data_types.inventory).toMatchObject({
        last_success_at: expect.any(String),
        error: { message: expect.stringMatching(/^Rooms could not be read: /) },
      });
      expect(await firing(rig)).toEqual([
        expect.stringMatching(/^sync_failed: Rooms could not be read: .*up to date\./),
      ]);
      const stock = (lines: string[]) => lines.filter((line) => line.startsWith("package"));
      expect(stock(await recordsOf(rig.id))).toEqual(stock(truthOf(rig.dutchie)));

      // Still so at the next poll, and over with the first one that reads them.
      later(16 * MINUTE);
      await tick(rig);
      expect(await rig.status()).toMatchObject({ state: "degraded" });
      expect(await firing(rig)).toHaveLength(1);
      isDown = false;
      later(16 * MINUTE);
      await tick(rig);
      expect(await types(rig)).toEqual(["products ok", "inventory ok", "sales ok"]);
      expect(await rig.status()).toMatchObject({ state: "idle", last_error: null });
      expect(await firing(rig)).toEqual([]);
    },
  );

  it("F59: three hours without sales, over the night, cause one full sync, and the stock stays fresh", async () => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    const { last_success_at } = await rig.status();
    const asked = answering(rig, (path) => (path === "/reporting/transactions" ? json({}, 503) : null));
    await rig.location.configured();
    const [night] = await rows<{ at: number }>(
      "select next_full_at as at from locations where location_id = ?",
      rig.id,
    );
    vi.setSystemTime(night?.at ?? 0);
    const inventory: number[] = [];
    for (let ticks = 0; ticks < 12; ticks++) {
      asked.length = 0;
      await tick(rig);
      inventory.push(asked.filter((path) => path === "/reporting/inventory").length);
      later(15 * MINUTE);
    }
    const runs = await runsOf(rig);
    expect(runs.filter(({ mode }) => mode === "full")).toHaveLength(1);
    // Twice in the full sync, which verifies; then once at each poll.
    expect(inventory).toEqual([2, ...Array.from({ length: 11 }, () => 1)]);
    const status = await rig.status();
    expect(status.last_success_at).toBe(last_success_at);
    expect(Date.now() - Date.parse(status.data_types.inventory?.last_success_at ?? "")).toBeLessThan(16 * MINUTE);
    expect(await firing(rig)).toContainEqual(
      expect.stringMatching(/^stale: Sales have not been read for \d+\.\d hours\. /),
    );
    // What the night owes is read whole once the switch is back.
    answering(rig, () => null);
    later(HOUR);
    await tick(rig);
    expect(await firing(rig)).toEqual([]);
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
  });

  it("F59: steps that a run finished stay valid when a person cancels it", async () => {
    const rig = await Rig.open();
    // Just after a poll was due, so that the next one is not due before the run is cancelled.
    vi.setSystemTime((nextPollAt(rig.row.settings.frequency, Date.now(), rig.id) ?? 0) + 1_000);
    answering(rig, (path) => (path === "/reporting/transactions" ? json({}, 429, { "retry-after": "600" }) : null));
    const started = await rig.start("initial");
    // The sales wait behind all others, which wait for the minute's limit of their common class.
    for (let deliveries = 0; deliveries < 12; deliveries++) {
      const [next] = rig.queue.splice(0, 1);
      if (next === undefined) break;
      vi.setSystemTime(Math.max(Date.now(), Math.min(next.due, Date.now() + 2 * MINUTE)));
      await deliver(SYNC, [next.body], rig.env);
      const run = await rig.location.currentRun();
      if (Date.parse(run?.waiting_until ?? "") - Date.now() > MINUTE) break;
    }
    expect((await rig.location.currentRun())?.state).toBe("waiting");
    if (!started.ok) throw new Error("It was started.");
    await rig.location.cancelRun(started.run.run_id);
    const { data_types, state } = await rig.status();
    expect(data_types.products?.last_success_at).not.toBeNull();
    expect(data_types.sales?.last_success_at).toBeNull();
    expect(state).toBe("never_synced");
    const asked = answering(rig, () => null);
    await tick(rig);
    // Only the sales were missing.
    expect(asked).not.toContain("/reporting/products");
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
  });
});

describe("F63: who says whether records are equal", () => {
  it("F63: drift that a verification found stays through syncs, and ends with the next verification", async () => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    expect((await rig.status()).accuracy?.value).toBe(1);
    for (const { id } of [...rig.dutchie.world.packages.values()].slice(0, 4)) {
      rig.dutchie.setPackage(id, { quantity: 777 }, { silent: true });
    }
    // Not in flight any more.
    later(20 * MINUTE);
    await rig.location.startRun({ mode: "verify", trigger: "manual", heal: false });
    await rig.drain();
    const found = (await rig.status()).accuracy;
    expect(found?.value).toBeLessThan(1);
    expect(found?.correctable).toBe(4);
    expect((await firing(rig)).map((line) => line.split(":")[0])).toEqual(["drift"]);
    await rig.start("incremental");
    await rig.drain();
    expect((await rig.status()).accuracy).toEqual(found);
    expect((await firing(rig)).map((line) => line.split(":")[0])).toEqual(["drift"]);
    await rig.location.startRun({ mode: "verify", trigger: "manual", heal: true });
    await rig.drain();
    // What the pages offer, and the operator's page says.
    expect(await firing(rig)).toEqual([]);
    await rig.location.startRun({ mode: "verify", trigger: "manual", heal: false });
    await rig.drain();
    expect((await rig.status()).accuracy?.value).toBe(1);
    expect(await firing(rig)).toEqual([]);
  });
});
