import { useState } from "react";
import { toast } from "sonner";
import { type ActedOn, type Started, useStartSyncs } from "../../data/fleet.ts";
import type { StartRun } from "../../data/runs.ts";
import { texts } from "../../texts.ts";

/** Starts the sync that each store needs, or this one, and says what became of it. */
export function useSyncNow() {
  const start = useStartSyncs();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    run: async (stores: readonly ActedOn[], asked?: StartRun) => {
      setBusy(true);
      tell(await start(stores, asked));
      setBusy(false);
    },
  };
}

function tell({ started, running, failed }: Started): void {
  const t = texts.fleet;
  const said = [started > 0 ? t.started(started) : "", running > 0 ? t.running(running) : ""].filter(Boolean).join(" ");
  if (said !== "") toast.success(said);
  const [first] = failed;
  if (first !== undefined) toast.error(t.notStarted(failed.length, first.name), { description: first.message });
}
