import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";
import type { Stage } from "../stage.ts";
import { until } from "../support/until.ts";

/** Later than any poll is due: every 15 minutes, and up to as much of the store's own. */
const DUE_MS = 31 * 60_000;

/** All stores of a fleet are due; from the tick until the last of them was read. */
export const polled: Figure = {
  id: "polled",
  about: "500 small stores polled, nothing changed: stores a second",
  measure: async (bench) => {
    const stage = await bench.stage("polled");
    const stores = bench.size(500, 20);
    await connectFleet(stage, stores);
    const first_s = await untilRead(stage, stores, Date.now());
    const again_s = await untilRead(stage, stores, Date.now() + DUE_MS);
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

/** Calls cron, and waits until each store was read since; s. */
async function untilRead(stage: Stage, stores: number, at: number): Promise<number> {
  const began = Date.now();
  await stage.tick(at);
  const sql = "select count(*) as n from locations where last_success_at >= ? and state <> 'syncing'";
  await until(
    async () => (await stage.sql<{ n: number }>("DB", sql, [began]))[0]?.n,
    (n) => n === stores,
    { within_s: 900, every_ms: 200 },
  );
  return (Date.now() - began) / 1_000;
}
