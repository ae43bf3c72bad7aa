import type { Settings } from "./records/model.ts";

/** The settings of a store that chose none (the API contract). */
export const DEFAULT_SETTINGS: Settings = {
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
};

/** A partial change of settings, merged one level deep. `room_types` and `categories` are replaced as a whole: otherwise no entry could be removed. */
export type SettingsPatch = Partial<Omit<Settings, "data_types" | "alerts" | "field_authority">> & {
  field_authority?: Settings["field_authority"];
  data_types?: Partial<Settings["data_types"]>;
  alerts?: Partial<Settings["alerts"]>;
};

export function mergeSettings(base: Settings, patch: SettingsPatch): Settings {
  return {
    ...base,
    ...patch,
    data_types: { ...base.data_types, ...patch.data_types },
    field_authority: { ...base.field_authority, ...patch.field_authority },
    alerts: { ...base.alerts, ...patch.alerts },
  };
}

/** The settings that also decide about stored records, as they were when they were last applied to them. */
export type AppliedSettings = Pick<Settings, "duplicate_sku" | "room_types" | "categories" | "field_authority"> & {
  /** The default tables of Dutchie's words. */
  vocabulary: number;
};

/** Raise this when the default tables change: stored records are mapped again. */
const VOCABULARY = 1;

export const appliedSettings = ({
  duplicate_sku,
  room_types,
  categories,
  field_authority,
}: Settings): AppliedSettings => ({
  duplicate_sku,
  room_types,
  categories,
  field_authority,
  vocabulary: VOCABULARY,
});
