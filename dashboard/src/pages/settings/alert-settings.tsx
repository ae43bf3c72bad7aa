import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { NumberSetting } from "./number-setting.tsx";
import type { SettingsPart } from "./settings-part.ts";

/** `scale`: how many of the page's unit are one of the API's. */
const THRESHOLDS = {
  max_duration_seconds: { min: 1 / 60, max: 1_440, scale: 1 / 60 },
  max_error_rate: { min: 0, max: 100, scale: 100 },
  max_staleness_minutes: { min: 1, max: 10_080, scale: 1 },
} as const;
const NAMES = Object.keys(THRESHOLDS) as (keyof typeof THRESHOLDS)[];

/** When ReUp notifies people about the store. */
export function AlertSettings({ draft, problems, disabled, onChange }: SettingsPart) {
  const { settings } = draft;
  const set = (changed: Partial<typeof settings.alerts>) =>
    onChange({ settings: { ...settings, alerts: { ...settings.alerts, ...changed } } });
  return (
    <Section title={texts.settings.alerts} about={texts.settings.alertsAbout}>
      <div className="flex flex-col gap-4">
        <Checkbox
          label={texts.settings.alertOnFailure}
          disabled={disabled}
          checked={settings.alerts.on_failure}
          onChange={(on_failure) => set({ on_failure })}
        />
        <div className="grid items-end gap-4 sm:grid-cols-3">
          {NAMES.map((name) => {
            const { min, max, scale } = THRESHOLDS[name];
            return (
              <NumberSetting
                key={name}
                label={texts.settings.thresholds[name]}
                min={min}
                max={max}
                disabled={disabled}
                value={round(settings.alerts[name] * scale)}
                error={problems[`settings.alerts.${name}`]}
                onChange={(value) =>
                  set({ [name]: name === "max_error_rate" ? round(value / scale) : Math.round(value / scale) })
                }
              />
            );
          })}
        </div>
      </div>
    </Section>
  );
}

/** 0.07 × 100 is 7, not 7.000000000000001. */
const round = (value: number) => Math.round(value * 1e6) / 1e6;
