import type { Stage } from "../stage.ts";
import { until } from "./until.ts";

/** From now on, any poll is due: every 15 minutes, and up to as much of the store's own. */
export const POLL_DUE_MS = 31 * 60_000;
/** … and any night. */
export const NIGHT_DUE_MS = 25 * 3_600_000;

/** A tick takes part of a large fleet only. When nothing has moved for so long, the next one takes the rest, ms. */
const NEXT_TICK_MS = 10_000;

/** Lets cron call as if it were later, and waits until each of the stores was read since; s. */
export async function untilRead(stage: Stage, stores: number, later_ms: number): Promise<number> {
  const began = Date.now();
  const sql = "select count(*) as n from locations where last_success_at >= ? and state <> 'syncing'";
  const tick = () => stage.tick(Date.now() + later_ms);
  await tick();
  let last = { read: 0, at: Date.now() };
  await until(
    async () => {
      const read = (await stage.sql<{ n: number }>("DB", sql, [began]))[0]?.n ?? 0;
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
