import type { Settings } from "../../../../src/client/index.ts";
import { PUSH_FIELDS } from "../../../../src/client/rules.ts";
import { nameOfField } from "../../product-fields.ts";
import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { useStore } from "../store/store-context.ts";
import type { SettingsPart } from "./settings-part.ts";

type Direction = Settings["direction"];

const DIRECTIONS = (["dutchie_to_reup", "bidirectional"] as const).map((value) => ({
  value,
  label: texts.settings.directions[value],
}));
const AUTHORITIES = (["ask", "dutchie", "reup"] as const).map((value) => ({
  value,
  label: texts.settings.authorities[value],
}));

/** Which way edits go, and which side decides about a field. */
export function DirectionSettings({ draft, disabled, onChange }: SettingsPart) {
  const { location } = useStore();
  const { settings } = draft;
  const set = (changed: Partial<Settings>) => onChange({ settings: { ...settings, ...changed } });
  return (
    <Section title={texts.settings.direction} about={texts.settings.directionAbout}>
      <div className="flex flex-col gap-4">
        <Select
          label={texts.settings.direction}
          options={DIRECTIONS}
          value={settings.direction}
          disabled={disabled}
          onChange={(direction) => set({ direction })}
        />
        {settings.direction !== location.settings.direction && <Warning direction={settings.direction} />}
        {settings.direction === "bidirectional" && (
          <fieldset disabled={disabled}>
            <legend className="mb-2 text-sm font-medium">{texts.settings.whoDecides}</legend>
            <div className="grid gap-4 sm:grid-cols-2">
              {PUSH_FIELDS.map((field) => (
                <Select
                  key={field}
                  label={nameOfField(field)}
                  options={AUTHORITIES}
                  value={settings.field_authority[field] ?? "ask"}
                  disabled={disabled}
                  onChange={(side) => set({ field_authority: { ...settings.field_authority, [field]: side } })}
                />
              ))}
            </div>
          </fieldset>
        )}
      </div>
    </Section>
  );
}

function Warning({ direction }: { direction: Direction }) {
  const { title, about } = texts.settings.directionWarnings[direction];
  return (
    <Notice tone="warn" title={title} isLive>
      {about}
    </Notice>
  );
}
