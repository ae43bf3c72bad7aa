import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";
import { POLL_DUE_MS, untilRead } from "../support/polls.ts";

/** All stores of a fleet are due; from the tick until the last of them was read. */
export const polled: Figure = {
  id: "polled",
  about: "500 small stores polled, nothing changed: stores a second",
  measure: async (bench) => {
    const stage = await bench.stage("polled");
    const stores = bench.size(500, 20);
    await connectFleet(stage, stores);
    const first_s = await untilRead(stage, stores, 0);
    const again_s = await untilRead(stage, stores, POLL_DUE_MS);
    return [
      {
        figure: `${stores} small stores polled`,
        value: stores / again_s,
        unit: "stores/s",
        target: { of: "value", at: "least", number: 20 },
        more: { first_sync_stores_per_second: stores / first_s },
      },
    ];
  },
};
