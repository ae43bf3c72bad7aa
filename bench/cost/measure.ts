import { setTimeout as pause } from "node:timers/promises";
import { sellThree, WEBHOOKS } from "../figures/sale.ts";
import type { Stage } from "../stage.ts";
import { openStore, type Store } from "../store.ts";
import { load } from "../support/load.ts";
import { POLL_EVERY_MS, pollAll, untilRead } from "../support/polls.ts";
import { runtimeCpuMs } from "../support/runtime.ts";
import type { StoreSize, Units } from "./stores.ts";
import { sum, times, type Usage, usageOf } from "./usage.ts";

/** How many sales are measured: each by itself, for a store sells less than once a second. */
const SALES = 10;
/** How many sales show what one of them leaves behind: databases grow by pages. */
const STORED_SALES = 200;
/** Time for what follows, ms: the status for viewers, timers. */
const AFTER_MS = 3_000;

export interface Measured {
  units: Units;
  /** Bytes in D1 and in the Location after the first sync, and by each sale. */
  bytes: { d1: number; location: number; d1_a_sale: number; location_a_sale: number };
}

export async function measureStore(stage: Stage, size: StoreSize, quick: boolean): Promise<Measured> {
  const store = await openStore(stage, {
    size: quick ? 100 : size.products,
    salesPerDay: quick ? 5 : size.sales_a_day,
  });
  const empty = await storage(stage, store);
  const first_sync = await usage(stage, () => untilRead(stage, [store]));
  const filled = await storage(stage, store);
  // In a burst, so that their times are not ahead of the clock: such times are taken for now, and all alike.
  const many = store.dutchie.world.burst(8 * STORED_SALES, () =>
    Array.from({ length: STORED_SALES }, () => sellThree(store)),
  );
  await store.fill(many.flat());
  const sold = await storage(stage, store);
  await store.flush();
  await pollAll(stage, [store]);
  const poll = await usage(stage, () => pollAll(stage, [store]));
  const before = store.sent;
  const sale = await sales(stage, store);
  await store.flush();
  const next_poll = await usage(stage, () => pollAll(stage, [store]));
  const confirmed = times(sum([next_poll, times(poll, -1)]), WEBHOOKS / (store.sent - before));
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${stage.token}` };
  const viewer = await fetch(`${stage.worker.url}/v1/locations/${store.id}/status/stream`, {
    headers,
    signal: stop.signal,
  });
  const listening = drain(viewer);
  const sale_watched = await sales(stage, store);
  stop.abort();
  await listening;
  const night = await atNight(stage, store);
  await store.mustBeEqual();
  return {
    units: { sale, sale_watched, confirmed, poll, night, first_sync },
    bytes: {
      d1: filled.d1 - empty.d1,
      location: filled.location,
      d1_a_sale: (sold.d1 - filled.d1) / STORED_SALES,
      location_a_sale: (sold.location - filled.location) / STORED_SALES,
    },
  };
}

/** What `task` used, of the platform and of the processor. The local D1 and queues run in the same process: CPU is an upper bound. */
async function usage(stage: Stage, task: () => Promise<unknown>): Promise<Usage> {
  const pid = stage.worker.pid ?? 0;
  const before = runtimeCpuMs(pid);
  const counts = await stage.counted(async () => {
    await task();
    await pause(AFTER_MS);
  });
  return usageOf(counts, runtimeCpuMs(pid) - before);
}

async function sales(stage: Stage, store: Store): Promise<Usage> {
  const all = await usage(stage, async () => {
    for (let i = 0; i < SALES; i++) {
      const { messages } = await stage.handled("webhooks");
      const webhooks = sellThree(store);
      await load(stage.worker.url, {
        calls: webhooks.length,
        connections: webhooks.length,
        isExpected: (status) => status === 202,
        call: (n) => store.signed(webhooks[n] as (typeof webhooks)[number]),
      });
      await stage.drained("webhooks", messages + webhooks.length, 60, 500);
    }
  });
  return times(all, 1 / SALES);
}

/** The full sync of the night, with a poll a quarter of an hour before it, as there always is. */
async function atNight(stage: Stage, store: Store): Promise<Usage> {
  const sql = "select next_full_at from locations where location_id = ?";
  await store.flush();
  const [row] = await stage.sql<{ next_full_at: number }>("DB", sql, [store.id]);
  if (row === undefined) throw new Error("The store is gone");
  await stage.moveClock(row.next_full_at - POLL_EVERY_MS);
  await untilRead(stage, [store]);
  await stage.moveClock(row.next_full_at + 1_000);
  return usage(stage, () => untilRead(stage, [store]));
}

async function storage(stage: Stage, store: Store): Promise<{ d1: number; location: number }> {
  return stage.call("storage", { location_id: store.id });
}

/** A viewer's page reads what it is sent, until it is closed. */
async function drain(viewer: Response): Promise<void> {
  if (!viewer.ok || viewer.body === null) throw new Error(`The status stream answered ${viewer.status}`);
  try {
    for await (const _ of viewer.body) {
      // Only read.
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
  }
}
