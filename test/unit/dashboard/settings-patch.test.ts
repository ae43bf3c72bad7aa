import { expect, it } from "vitest";
import { type Draft, patchOf } from "../../../dashboard/src/pages/settings/settings-patch.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";

const STORED: Draft = {
  name: "Main St",
  time_zone: "America/Denver",
  endpoint: "https://api.pos.dutchie.com",
  api_key: "",
  integrator_key: "",
  location_id: "",
  settings: DEFAULT_SETTINGS,
};
const settings = (changed: Partial<Draft["settings"]>): Draft => ({
  ...STORED,
  settings: { ...DEFAULT_SETTINGS, ...changed },
});

it.each<[string, Draft, ReturnType<typeof patchOf>]>([
  ["nothing changed", STORED, {}],
  ["one setting", settings({ frequency: "hourly" }), { settings: { frequency: "hourly" } }],
  [
    "one alert of four",
    settings({ alerts: { ...DEFAULT_SETTINGS.alerts, max_error_rate: 0.5 } }),
    { settings: { alerts: { max_error_rate: 0.5 } } },
  ],
  [
    "one data type of four",
    settings({ data_types: { ...DEFAULT_SETTINGS.data_types, customers: true } }),
    { settings: { data_types: { customers: true } } },
  ],
  ["a key alone", { ...STORED, api_key: "new" }, { dutchie: { api_key: "new" } }],
  [
    "a new host without an integrator key has none",
    { ...STORED, api_key: "new", endpoint: "https://other.example" },
    { dutchie: { endpoint: "https://other.example", api_key: "new", integrator_key: null } },
  ],
])("only what a person changed is sent: %s", (_what, draft, patch) => {
  expect(patchOf(STORED, draft)).toEqual(patch);
});
