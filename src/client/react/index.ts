"use client";

export { ReupError } from "../errors.ts";
export {
  type FleetQuery,
  type InventoryQuery,
  type LedgerQuery,
  useFleet,
  useInventory,
  useLedger,
  useProduct,
  useSyncStatus,
} from "./hooks.ts";
export { type Decision, type InboxQuery, useDecide, useInbox } from "./inbox.ts";
export { DutchieProvider, type DutchieProviderProps, useDutchieClient } from "./provider.tsx";
