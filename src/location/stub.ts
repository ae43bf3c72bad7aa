import type { Location } from "./location.ts";

/** The methods of a Location. They are async already, so RPC does not change their types. */
export type LocationStub = Omit<Location, "alarm" | "fetch" | "webSocketClose"> & Pick<DurableObjectStub, "fetch">;

/** Where new Locations run: in the region of the databases, which they ask again and again (docs/decisions/0009-placement.md). */
const REGION = "enam";

/**
 * The store's Location. A new stub for each attempt: after an error a stub may stay broken. The cast is needed because
 * the runtime's RPC types turn every `unknown` in a result into `never`.
 */
export function locationStub(env: Env, location_id: string): LocationStub {
  const stub: unknown = env.LOCATION.get(env.LOCATION.idFromName(location_id), { locationHint: REGION });
  return stub as LocationStub;
}
