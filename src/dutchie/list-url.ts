import type { Resource } from "../domain/records/model.ts";
import type { ClientDeps, DutchieConfig } from "./http/config.ts";
import { urlOf } from "./http/request.ts";
import { locationQuery, PROFILES, type ReadWindow } from "./profiles/index.ts";

/** The address of a store's list, at its first page; null: the endpoint is no web address. */
export function listUrl(
  config: DutchieConfig,
  resource: Resource,
  window: ReadWindow,
  deps: ClientDeps,
): string | null {
  const call = PROFILES[config.profile].resources[resource];
  return urlOf(config.endpoint, call.path, {
    ...call.query(window, (deps.now ?? Date.now)()),
    ...locationQuery(config),
  });
}
