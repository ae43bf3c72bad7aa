import type { RunningSimulator } from "../../simulator/http/serve.ts";
import type { Api } from "../support/api.ts";

export interface Connected {
  location: { location_id: string; dutchie: { profile: "pos" | "guide" } };
  webhook: { url: string; secret: string };
}

/** Connects a store to its simulated Dutchie. */
export function connectStore(
  api: Api,
  dutchie: RunningSimulator,
  given: { name: string; profile: string; settings?: object },
): Promise<Connected> {
  const { name, profile, settings = {} } = given;
  const { apiKey, timeZone } = dutchie.simulator.config;
  return api.call("POST", "/v1/locations", {
    name,
    time_zone: timeZone,
    dutchie: { endpoint: dutchie.url, api_key: apiKey, profile },
    settings,
  });
}
