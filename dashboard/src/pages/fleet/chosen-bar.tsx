import type { FleetStore } from "../../data/fleet.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { useSyncNow } from "./use-sync-now.ts";

/** What can be done with several stores at once. */
export function ChosenBar({ stores, onClear }: { stores: readonly FleetStore[]; onClear: () => void }) {
  const { run, isBusy } = useSyncNow();
  return (
    <div className="sticky bottom-3 z-20 mt-3 flex flex-wrap items-center gap-2 rounded-lg border border-edge bg-surface p-3 shadow-lg">
      <p role="status" className="mr-auto">
        {texts.fleet.chosen(stores.length)}
      </p>
      <Button onClick={onClear}>{texts.fleet.clear}</Button>
      <Button kind="primary" busy={isBusy} onClick={() => void run(stores).then(onClear)}>
        {texts.fleet.syncChosen(stores.length)}
      </Button>
    </div>
  );
}
