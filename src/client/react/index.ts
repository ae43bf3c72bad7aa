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
export { DutchieProvider, type DutchieProviderProps, useDutchieClient } from "./provider.tsx";
