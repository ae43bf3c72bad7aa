import type { RecordsDb } from "../db/databases.ts";
import type { LocationRow } from "../db/schema.ts";
import type { Store } from "./storage/store.ts";

/** One call in a store's turn: what all that decides about the store or writes for it works with. */
export interface StoreContext {
  readonly env: Env;
  /** Where the store's records are. */
  readonly db: RecordsDb;
  /** The Location's own tables. */
  readonly store: Store;
  /** The store's row, as it was when its turn came. */
  readonly location: LocationRow;
  /** The time of the call, ms. */
  readonly now: number;
}
