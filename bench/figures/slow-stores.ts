import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";
import { pollAll, untilRead } from "../support/polls.ts";

/** How late a slow Dutchie begins each answer, ms: longer than a consumer of polls waits for a store (`QUICK_WAITED_MS`). */
const LATE_MS = 15_000;

/**
 * In a fleet, Dutchie becomes slow for every fifth store. How long the others take for their polls: before, when it begins (each
 * slow store holds a batch until it is known as slow, and the local queue has one batch at a time), and at the next poll.
 */
export const slowStores: Figure = {
  id: "slow-stores",
  about: "250 stores polled while Dutchie is slow for 50 of them (minutes)",
  isExtra: true,
  measure: async (bench: Bench) => {
    const stage = await bench.stage("slow-stores");
    const stores = bench.size(250, 15);
    const isSlow = (store: number) => store % 5 === 0;
    let late_ms = 0;
    const fleet = await connectFleet(stage, stores, (store) => (isSlow(store) ? late_ms : 0));
    const others = fleet.filter((_, i) => !isSlow(i + 1));
    const slow = fleet.filter((_, i) => isSlow(i + 1));
    await untilRead(stage, fleet);
    const before_s = await pollAll(stage, fleet);
    late_ms = LATE_MS;
    const first_s = await pollAll(stage, others);
    // The last of the slow ones may still hold its consumer.
    await pause(LATE_MS);
    const next_s = await pollAll(stage, others);
    late_ms = 0;
    await pollAll(stage, fleet);
    await Promise.all([slow[0], slow.at(-1), others[0]].map((store) => store?.mustBeEqual()));
    const beside = (value: number) => ({ name: `all ${stores} before`, value: before_s, ratio: value / before_s });
    return [
      {
        figure: `${others.length} stores polled when ${slow.length} others become slow`,
        value: first_s,
        unit: "s",
        beside: beside(first_s),
      },
      {
        figure: `${others.length} stores polled while ${slow.length} others are slow`,
        value: next_s,
        unit: "s",
        beside: beside(next_s),
      },
    ];
  },
};
