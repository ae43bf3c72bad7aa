import type { LocationRow } from "../../db/schema/accounts.ts";
import { DATA_TYPES, enabledTypes } from "../../domain/runs/data-type.ts";
import { newState, type TypeStates } from "../../domain/runs/type-states.ts";
import type { Store } from "./store.ts";

/** The state of each data type. Earlier versions kept one state for the whole store, which then counts for each type. */
export function typeStates(store: Store, location: LocationRow): TypeStates {
  const stored = store.get("types");
  const { created_at, next_sync_at } = location;
  const last_success_at = stored === null ? store.get("last_success_at") : null;
  // A store is due from its connection on.
  const due_at = stored === null && last_success_at !== null ? next_sync_at : (next_sync_at ?? created_at);
  const fresh = { ...newState(created_at), last_success_at, due_at };
  return Object.fromEntries(
    DATA_TYPES.flatMap((type) => {
      const state = stored?.[type] ?? (enabledTypes(location.settings).includes(type) ? fresh : undefined);
      return state === undefined ? [] : [[type, state]];
    }),
  );
}
