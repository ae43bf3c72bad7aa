import type { Location } from "./location.ts";

/** The methods of a Location. They are async already, so RPC does not change their types. */
export type LocationStub = Omit<Location, "alarm" | "fetch" | "webSocketClose"> & Pick<DurableObjectStub, "fetch">;

/**
 * The store's Location. A new stub for each attempt: after an error a stub may stay broken. The cast is needed because
 * the runtime's RPC types turn every `unknown` in a result into `never`.
 */
export function locationStub(env: Env, location_id: string): LocationStub {
  const stub: unknown = env.LOCATION.get(env.LOCATION.idFromName(location_id));
  return stub as LocationStub;
}
