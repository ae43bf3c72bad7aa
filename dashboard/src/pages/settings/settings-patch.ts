import type { Settings } from "../../../../src/client/index.ts";

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

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The members of an object that differ. */
const changesOf = <T extends object>(before: T, after: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isSame(value, before[name as keyof T])),
  ) as Partial<T>;

/**
 * What differs from what stood there when the person began, so that a save does not undo what somebody else saved meanwhile. The
 * API merges `alerts` and `data_types` member by member, and replaces the other settings.
 */
export function patchOf(stored: Draft, draft: Draft) {
  const { alerts, data_types, ...others } = changesOf(stored.settings, draft.settings);
  const settings = {
    ...others,
    ...(alerts === undefined ? {} : { alerts: changesOf(stored.settings.alerts, alerts) }),
    ...(data_types === undefined ? {} : { data_types: changesOf(stored.settings.data_types, data_types) }),
  };
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
