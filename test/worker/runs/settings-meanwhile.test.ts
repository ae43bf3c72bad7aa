import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import type { Settings } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { rows } from "../databases.ts";
import { Rig, recordsOf, truthOf } from "../faults/support.ts";
import { answering, later, MINUTE, tick } from "./support.ts";

// Noon in the store: at some hours of the day a store's nightly sync would come in between.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-30T19:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const FEW_DAYS: Settings = { ...DEFAULT_SETTINGS, sales_history_days: 3 };

async function save(rig: Rig, settings: Settings): Promise<void> {
  await updateLocation(accountsDb(env), rig.id, { settings });
  await rig.location.configured();
}

/** Somebody saves settings while the run reads this path. */
async function readWhileSaving(rig: Rig, mode: "initial" | "incremental" | "full", path: string, settings: Settings) {
  let isSaved = false;
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (!isSaved && new URL(url).pathname === path) {
      isSaved = true;
      later(1_000);
      await save(rig, settings);
    }
    return fetch(url, init);
  });
  await rig.start(mode);
  await rig.drain();
  vi.stubGlobal("fetch", fetch);
  expect(isSaved).toBe(true);
}

const sales = (lines: readonly string[]) => lines.filter((line) => line.startsWith("sale"));

const PATHS = ["/reporting/products", "/reporting/inventory", "/reporting/transactions"] as const;

it.each((["initial", "incremental", "full"] as const).flatMap((mode) => PATHS.map((path) => [mode, path] as const)))(
  "F56: a longer history that is saved while a run (%s) reads %s comes with the next poll",
  async (mode, path) => {
    const rig = await Rig.open({ salesDays: 12 }, { settings: FEW_DAYS });
    if (mode !== "initial") {
      await rig.start("initial");
      await rig.drain();
      later(MINUTE);
    }
    await readWhileSaving(rig, mode, path, { ...FEW_DAYS, sales_history_days: 20 });
    expect(sales(await recordsOf(rig.id)).length).toBeLessThan(sales(truthOf(rig.dutchie)).length);
    expect(await tick(rig)).toHaveLength(1);
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    // Read once: later polls and settings begin where the last one ended.
    const asked = answering(rig, () => null);
    await save(rig, { ...FEW_DAYS, sales_history_days: 15 });
    await save(rig, { ...FEW_DAYS, sales_history_days: 20 });
    later(16 * MINUTE);
    await tick(rig);
    expect(asked.filter((one) => one === "/reporting/transactions")).toHaveLength(1);
  },
);

it("F56: a longer history that is saved while sales are off comes when they are on again", async () => {
  const rig = await Rig.open({ salesDays: 12 }, { settings: FEW_DAYS });
  const off = { ...FEW_DAYS, data_types: { ...FEW_DAYS.data_types, sales: false } };
  await readWhileSaving(rig, "initial", "/reporting/transactions", off);
  await save(rig, { ...off, sales_history_days: 20 });
  await tick(rig);
  await save(rig, { ...FEW_DAYS, sales_history_days: 20 });
  await tick(rig);
  expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
});

it.each(["realtime", "daily"] as const)(
  "F56: settings that are saved while a run reads with the old ones hold with the next tick: %s",
  async (frequency) => {
    const settings: Settings = { ...DEFAULT_SETTINGS, frequency };
    const rig = await Rig.open({}, { settings });
    const [one] = [...rig.dutchie.world.packages.values()];
    if (one === undefined) throw new Error("The store has packages.");
    await rig.start("initial");
    await rig.drain();
    rig.dutchie.setPackage(one.id, { quantity: 50, allocated: 20 }, { silent: true });
    later(10 * MINUTE);
    await readWhileSaving(rig, "incremental", "/reporting/inventory", {
      ...settings,
      quantity_basis: "available_minus_allocated",
    });
    const quantity = async () => {
      const found = await rows<{ n: number }>(
        "select sum(quantity) as n from inventory where location_id = ? and dutchie_inventory_id = ?",
        rig.id,
        String(one.id),
      );
      return found[0]?.n;
    };
    expect(await quantity()).toBe(50);
    expect(Date.parse((await rig.status()).next_sync_at ?? "")).toBeLessThanOrEqual(Date.now());
    expect(await tick(rig)).toHaveLength(1);
    expect(await quantity()).toBe(30);
    // And no poll follows at once.
    expect(await tick(rig)).toEqual([]);
  },
);
