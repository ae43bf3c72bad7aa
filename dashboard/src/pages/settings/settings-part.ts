import type { Draft } from "./settings-patch.ts";

/** What each part of the settings gets. */
export interface SettingsPart {
  draft: Draft;
  /** What the API refuses, by the field's path. */
  problems: Record<string, string>;
  disabled: boolean;
  onChange: (changed: Partial<Draft>) => void;
}
