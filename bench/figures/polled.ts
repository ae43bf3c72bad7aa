import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";
import { pollAll, untilRead } from "../support/polls.ts";
import { runtimeCpuMs } from "../support/runtime.ts";

/** All stores of a fleet are due; from the tick until the last of them was read. */
export const polled: Figure = {
  id: "polled",
  about: "500 small stores polled, nothing changed: stores a second",
  measure: async (bench) => {
    const stage = await bench.stage("polled");
    const stores = bench.size(500, 20);
    const fleet = await connectFleet(stage, stores);
    const first_s = await untilRead(stage, fleet);
    const pid = stage.worker.pid ?? 0;
    const before = runtimeCpuMs(pid);
    const again_s = await pollAll(stage, fleet);
    const cpu_ms_a_store = (runtimeCpuMs(pid) - before) / stores;
    return [
      {
        figure: `${stores} small stores polled`,
        value: stores / again_s,
        unit: "stores/s",
        target: { of: "value", at: "least", number: 20 },
        more: { cpu_ms_a_store, first_sync_stores_per_second: stores / first_s },
      },
    ];
  },
};
