import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, mergeSettings, type SettingsPatch } from "../../../src/domain/settings.ts";

describe("settings", () => {
  it("a store without settings gets the API contract's defaults", () => {
    expect(DEFAULT_SETTINGS).toEqual({
      frequency: "realtime",
      direction: "dutchie_to_reup",
      data_types: { products: true, inventory: true, sales: true, customers: false },
      field_authority: {},
      duplicate_sku: "auto",
      room_types: {},
      categories: {},
      low_stock_threshold: 10,
      quantity_basis: "available",
      sales_history_days: 60,
      sales_detail_days: 400,
      overnight_hour: 3,
      alerts: { on_failure: true, max_duration_seconds: 1800, max_error_rate: 0.05, max_staleness_minutes: 60 },
    });
  });

  it.each<[string, SettingsPatch, object]>([
    ["nothing changes nothing", {}, {}],
    ["a value changes alone", { frequency: "daily" }, { frequency: "daily" }],
    [
      "one data type changes alone",
      { data_types: { sales: false } },
      { data_types: { ...DEFAULT_SETTINGS.data_types, sales: false } },
    ],
    [
      "one alert changes alone",
      { alerts: { max_error_rate: 0.1 } },
      { alerts: { ...DEFAULT_SETTINGS.alerts, max_error_rate: 0.1 } },
    ],
  ])("settings are merged: %s", (_, patch, changed) => {
    expect(mergeSettings(DEFAULT_SETTINGS, patch)).toEqual({ ...DEFAULT_SETTINGS, ...changed });
  });

  it("rooms are replaced as a whole, because otherwise no room could be unset", () => {
    const base = mergeSettings(DEFAULT_SETTINGS, { room_types: { Floor: "sales_floor", Vault: "vault" } });
    expect(mergeSettings(base, { room_types: { Vault: "vault" } }).room_types).toEqual({ Vault: "vault" });
    expect(mergeSettings(base, { frequency: "hourly" }).room_types).toEqual({ Floor: "sales_floor", Vault: "vault" });
  });

  it("merging does not change its inputs", () => {
    const before = structuredClone(DEFAULT_SETTINGS);
    mergeSettings(DEFAULT_SETTINGS, {
      data_types: { sales: false },
      alerts: { on_failure: false },
      room_types: { A: "vault" },
    });
    expect(DEFAULT_SETTINGS).toEqual(before);
  });
});
