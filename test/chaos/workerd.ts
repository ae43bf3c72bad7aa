import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  reset,
  runInDurableObject,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import worker from "../../src/index.ts";
import { migrate } from "../worker/setup.ts";
import type { Platform } from "./platform.ts";

const stub = (location_id: string) => env.LOCATION.get(env.LOCATION.idFromName(location_id));

/** The real runtime: this test's own isolate, with miniflare's bindings. */
export const workerd: Platform = {
  env,
  async begin(now) {
    await reset();
    await migrate();
    vi.useFakeTimers({ toFake: ["Date"], now });
  },
  setTime(now) {
    vi.setSystemTime(now);
  },
  reach(fetch) {
    vi.stubGlobal("fetch", fetch);
  },
  fetch: (url, init) => exports.default.fetch(url, init),
  async consume(queue, bodies) {
    const messages = bodies.map((body) => ({ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body }));
    const batch = createMessageBatch(`reup-dutchie-${queue}-chaos`, messages);
    await worker.queue(batch, env);
    await getQueueResult(batch, createExecutionContext());
  },
  async evict(location_id) {
    await evictDurableObject(stub(location_id));
  },
  kept: (location_id, key) =>
    runInDurableObject(
      stub(location_id),
      (_instance, state) =>
        state.storage.sql.exec<{ value: string }>("select value from kv where key = ?", key).toArray()[0]?.value ??
        null,
    ),
};
