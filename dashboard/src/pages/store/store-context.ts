import { createContext, useContext } from "react";
import type { Location, Status } from "../../../../src/client/index.ts";

export const StoreContext = createContext<{ location: Location; status: Status } | null>(null);

/** The store whose page this is. */
export function useStore(): { location: Location; status: Status } {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("useStore is for pages of a store.");
  return store;
}
