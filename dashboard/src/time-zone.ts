import { createContext, useContext } from "react";

/** The store's zone; outside of a store, the reader's own. */
export const TimeZone = createContext<string | undefined>(undefined);
export const useTimeZone = (): string | undefined => useContext(TimeZone);
