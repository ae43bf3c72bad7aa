import { useState } from "react";
import type { Location, Settings } from "../../../../src/client/index.ts";
import type { LocationPatch } from "../../data/locations.ts";

/** What a person entered and has not saved. */
export interface Draft {
  name: string;
  time_zone: string;
  endpoint: string;
  /** "": the stored one stays. */
  api_key: string;
  integrator_key: string;
  location_id: string;
  settings: Settings;
}

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
  const [changes, setChanges] = useState<Partial<Draft>>({});
  const stored = draftOf(location);
  const draft = { ...stored, ...changes };
  const patch = patchOf(stored, draft);
  return {
    draft,
    patch,
    isChanged: Object.keys(patch).length > 0,
    change: (changed: Partial<Draft>) => setChanges((before) => ({ ...before, ...changed })),
    discard: () => setChanges({}),
  };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Only what differs is sent, so that a save does not undo what somebody else changed meanwhile. */
function patchOf(stored: Draft, draft: Draft): LocationPatch {
  const settings = Object.fromEntries(
    Object.entries(draft.settings).filter(([name, value]) => !isSame(value, stored.settings[name as keyof Settings])),
  );
  const { endpoint, api_key, integrator_key, location_id } = draft;
  const dutchie = {
    ...(endpoint === stored.endpoint ? {} : { endpoint }),
    ...(api_key === "" ? {} : { api_key }),
    ...(integrator_key === "" ? {} : { integrator_key }),
    ...(location_id === stored.location_id || location_id === "" ? {} : { location_id }),
    // On a new host, no integrator key entered means that there is none: the stored one is not sent there.
    ...(integrator_key === "" && api_key !== "" && movesHost(stored.endpoint, endpoint)
      ? { integrator_key: null }
      : {}),
  };
  return {
    ...(draft.name === stored.name ? {} : { name: draft.name }),
    ...(draft.time_zone === stored.time_zone ? {} : { time_zone: draft.time_zone }),
    ...(Object.keys(dutchie).length === 0 ? {} : { dutchie }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

function movesHost(from: string, to: string): boolean {
  return URL.canParse(to) && new URL(to).origin !== new URL(from).origin;
}
