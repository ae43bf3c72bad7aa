import { CRONS } from "../../src/pipeline/chores/crons.ts";
import type { Stage } from "../stage.ts";
import type { Store } from "../store.ts";
import { until } from "./until.ts";

/** Each store is polled once in so long, at a time of its own, ms. */
export const POLL_EVERY_MS = 15 * 60_000;

/** A tick takes part of a very large fleet only. When nothing has moved for so long, the next one takes the rest, ms. */
const NEXT_TICK_MS = 10_000;

/** Lets cron call, and waits until each of the stores was read since; s. */
export async function untilRead(stage: Stage, fleet: readonly Store[]): Promise<number> {
  const stores = fleet.length;
  const ids = JSON.stringify(fleet.map(({ id }) => id));
  const began = Date.now();
  const since = stage.now();
  const sql = `select count(*) as n from locations where last_success_at >= ? and state <> 'syncing'
    and location_id in (select value from json_each(?))`;
  const tick = () => stage.tick(CRONS.due_stores);
  await tick();
  let last = { read: 0, at: Date.now() };
  await until(
    async () => {
      const read = (await stage.sql<{ n: number }>("DB", sql, [since, ids]))[0]?.n ?? 0;
      const hasStopped = read < stores && read === last.read && Date.now() - last.at > NEXT_TICK_MS;
      if (hasStopped) await tick();
      if (hasStopped || read !== last.read) last = { read, at: Date.now() };
      return read;
    },
    (read) => read >= stores,
    { within_s: 7_200, every_ms: 200 },
  );
  return (Date.now() - began) / 1_000;
}

/** A quarter of an hour later, each store is due. Waits for those of the fleet. */
export async function pollAll(stage: Stage, fleet: readonly Store[]): Promise<number> {
  await stage.moveClock(stage.now() + POLL_EVERY_MS);
  return untilRead(stage, fleet);
}
