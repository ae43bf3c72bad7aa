import type { LocationRow } from "../../db/schema/accounts.ts";
import { DATA_TYPES, enabledTypes } from "../../domain/runs/data-type.ts";
import { newState, type TypeStates } from "../../domain/runs/type-states.ts";
import type { Store } from "./store.ts";

/** The state of each data type. A type of which nothing is stored was never read, and is due from the store's connection on. */
export function typeStates(store: Store, location: LocationRow): TypeStates {
  const stored = store.get("types");
  const { created_at, next_sync_at } = location;
  const fresh = { ...newState(created_at), due_at: next_sync_at ?? created_at };
  return Object.fromEntries(
    DATA_TYPES.flatMap((type) => {
      const state = stored?.[type] ?? (enabledTypes(location.settings).includes(type) ? fresh : undefined);
      return state === undefined ? [] : [[type, state]];
    }),
  );
}
