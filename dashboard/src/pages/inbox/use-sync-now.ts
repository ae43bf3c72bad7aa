import { useState } from "react";
import { type FleetStore, type SyncMode, useStartSyncs } from "../../data/fleet.ts";
import { tellStarted } from "../fleet/tell-started.ts";

/** Starts a sync of one store and says what became of it. */
export function useSyncNow() {
  const start = useStartSyncs();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    start: async (store: FleetStore, mode?: SyncMode) => {
      setBusy(true);
      tellStarted(await start([store], mode));
      setBusy(false);
    },
  };
}
