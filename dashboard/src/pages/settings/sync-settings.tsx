import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Select } from "../../ui/select.tsx";
import { NumberSetting } from "./number-setting.tsx";
import type { SettingsPart } from "./settings-part.ts";

const optionsOf = <T extends string>(labels: Record<T, string>) =>
  (Object.keys(labels) as T[]).map((value) => ({ value, label: labels[value] }));

const FREQUENCIES = optionsOf(texts.settings.frequencies);
const SAME_SKU = optionsOf(texts.settings.sameSku);
const QUANTITIES = optionsOf(texts.settings.quantities);
const DATA_TYPES = optionsOf(texts.settings.dataTypes);

/** What is synced, and how often. */
export function SyncSettings({ draft, problems, disabled, onChange }: SettingsPart) {
  const { settings } = draft;
  const set = (changed: Partial<typeof settings>) => onChange({ settings: { ...settings, ...changed } });
  const problem = (name: keyof typeof settings) => problems[`settings.${name}`];
  const number = (name: "sales_history_days" | "sales_detail_days" | "overnight_hour" | "low_stock_threshold") => ({
    disabled,
    label: texts.settings.numbers[name].label,
    about: texts.settings.numbers[name].about,
    value: settings[name],
    error: problem(name),
    onChange: (value: number) => set({ [name]: value }),
  });
  return (
    <Section title={texts.settings.sync} about={texts.settings.syncAbout}>
      <div className="flex flex-col gap-4">
        <fieldset disabled={disabled} className="flex flex-col gap-3">
          <legend className="mb-2 text-sm font-medium">{texts.settings.data}</legend>
          {DATA_TYPES.map(({ value: name, label }) => (
            <Checkbox
              key={name}
              label={label}
              disabled={disabled}
              {...(name === "customers" ? { about: texts.settings.customersAbout } : {})}
              checked={settings.data_types[name]}
              onChange={(checked) => set({ data_types: { ...settings.data_types, [name]: checked } })}
            />
          ))}
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label={texts.settings.frequency}
            options={FREQUENCIES}
            value={settings.frequency}
            disabled={disabled}
            error={problem("frequency")}
            onChange={(frequency) => set({ frequency })}
          />
          <Select
            label={texts.settings.sameSkuLabel}
            options={SAME_SKU}
            value={settings.duplicate_sku}
            disabled={disabled}
            error={problem("duplicate_sku")}
            onChange={(duplicate_sku) => set({ duplicate_sku })}
          />
          <Select
            label={texts.settings.quantity}
            options={QUANTITIES}
            value={settings.quantity_basis}
            disabled={disabled}
            error={problem("quantity_basis")}
            onChange={(quantity_basis) => set({ quantity_basis })}
          />
          <NumberSetting {...number("low_stock_threshold")} min={0} max={1_000_000} />
          <NumberSetting {...number("sales_history_days")} min={1} max={3_650} />
          <NumberSetting {...number("sales_detail_days")} min={100} max={3_650} />
          <NumberSetting {...number("overnight_hour")} min={0} max={23} />
        </div>
      </div>
    </Section>
  );
}
