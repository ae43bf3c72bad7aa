"use client";

export { ReupError } from "../errors.ts";
export { type FleetQuery, type InventoryQuery, useFleet, useInventory, useProduct, useSyncStatus } from "./hooks.ts";
export { DutchieProvider, type DutchieProviderProps, useDutchieClient } from "./provider.tsx";
