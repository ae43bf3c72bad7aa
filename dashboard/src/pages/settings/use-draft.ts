import { useState } from "react";
import type { Location } from "../../../../src/client/index.ts";
import type { LocationPatch } from "../../data/locations.ts";
import { type Draft, patchOf } from "./settings-patch.ts";

const draftOf = (location: Location): Draft => ({
  name: location.name,
  time_zone: location.time_zone,
  endpoint: location.dutchie.endpoint,
  api_key: "",
  integrator_key: "",
  location_id: location.dutchie.location_id ?? "",
  settings: location.settings,
});

/** What a person changed in the settings, and how to send only that. */
export function useDraft(location: Location) {
  const [edit, setEdit] = useState<{ base: Draft; draft: Draft } | null>(null);
  const stored = draftOf(location);
  const patch: LocationPatch = edit === null ? {} : patchOf(edit.base, edit.draft);
  return {
    draft: edit?.draft ?? stored,
    patch,
    isChanged: Object.keys(patch).length > 0,
    change: (changed: Partial<Draft>) =>
      setEdit((before) => {
        const { base, draft } = before ?? { base: stored, draft: stored };
        return { base, draft: { ...draft, ...changed } };
      }),
    discard: () => setEdit(null),
  };
}
