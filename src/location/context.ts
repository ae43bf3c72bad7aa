import type { RecordsDb } from "../db/databases.ts";
import type { LocationRow } from "../db/schema/accounts.ts";
import type { Store } from "./storage/store.ts";

/** What the functions that decide about a store or write its records work with, for one call. */
export interface StoreContext {
  readonly env: Env;
  /** Where the store's records are. */
  readonly db: RecordsDb;
  /** The Location's own tables. */
  readonly store: Store;
  /** The store's row, as it was when the call's turn came. */
  readonly location: LocationRow;
  /** The time of the call, ms. */
  readonly now: number;
  /** The call wrote the store's row: the next one reads it again. */
  readonly rowWritten: () => void;
}
