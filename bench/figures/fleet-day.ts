import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";
import type { Stage } from "../stage.ts";
import { percentile } from "../support/percentile.ts";
import { pollAll, untilRead } from "../support/polls.ts";

/** Between two polls of a store, s: what is due has to be done by then. */
const POLL_S = 900;

/**
 * A day of a fleet in fast time: it is connected and synced for the first time; then the clock moves on by a quarter of an hour as
 * soon as everything that was due is done, 96 times. So each store has its polls, its night and its sweep. It takes hours, so it
 * runs only when it is named.
 */
export const fleetDay: Figure = {
  id: "fleet-day",
  about: "2,000 stores: connect, first sync, a day of polls in fast time (--stores, --ticks; hours)",
  isExtra: true,
  measure: async (bench: Bench) => {
    const stage = await bench.stage("fleet-day");
    const stores = bench.fleet.stores ?? bench.size(2_000, 20);
    const ticks = bench.fleet.ticks ?? bench.size(96, 3);
    const began = Date.now();
    const fleet = await connectFleet(stage, stores);
    const connected_s = (Date.now() - began) / 1_000;
    const first_s = await untilRead(stage, fleet);
    bench.say(`${stores} stores connected in ${connected_s.toFixed(0)} s, synced in ${first_s.toFixed(0)} s`);
    const polls: number[] = [];
    const statements: number[] = [];
    for (let tick = 0; tick < ticks; tick++) {
      const { d1 } = await stage.counted(async () => void polls.push(await pollAll(stage, fleet)));
      statements.push(d1.statements);
      bench.say(`quarter ${tick + 1} of ${ticks}: ${polls.at(-1)?.toFixed(1)} s`);
    }
    await Promise.all([fleet[0], fleet[Math.floor(stores / 2)], fleet.at(-1)].map((store) => store?.mustBeEqual()));
    const { failed, modes } = await runsOf(stage);
    const worst = Math.max(...polls);
    return [
      { figure: `${stores} stores connected`, value: stores / connected_s, unit: "stores/s" },
      { figure: `${stores} stores synced for the first time`, value: stores / first_s, unit: "stores/s" },
      {
        figure: `${stores} stores polled ${ticks} times: the slowest quarter of an hour`,
        value: worst,
        unit: "s",
        target: { of: "value", at: "most", number: POLL_S },
        more: { p50_s: percentile(polls, 0.5), statements_a_poll: percentile(statements, 0.5) / stores },
      },
      {
        figure: `${stores} stores: failed runs and dead letters`,
        value: failed,
        unit: "",
        target: { of: "value", at: "most", number: 0 },
        more: modes,
      },
    ];
  },
};

/** What failed, dead letters included, and how many runs there were of each mode: each store has its full one at night. */
async function runsOf(stage: Stage): Promise<{ failed: number; modes: Record<string, number> }> {
  const [letters] = await stage.sql<{ n: number }>("DB", "select count(*) as n from dead_letters");
  let failed = letters?.n ?? 0;
  const modes: Record<string, number> = {};
  const sql = "select mode, state = 'completed' as completed, count(*) as n from runs group by 1, 2";
  for (const shard of await stage.shards()) {
    for (const { mode, completed, n } of await stage.sql<{ mode: string; completed: number; n: number }>(shard, sql)) {
      modes[mode] = (modes[mode] ?? 0) + n;
      if (completed === 0) failed += n;
    }
  }
  return { failed, modes };
}
