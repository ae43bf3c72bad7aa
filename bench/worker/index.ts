import { Hono } from "hono";
import product, { Location as ProductLocation } from "../../src/index.ts";
import type { Gate, RawAsk } from "../contract.ts";
import { countBindings, countLocation, isBinding } from "./bindings.ts";
import { setClock } from "./clock.ts";
import { counts, takeCounts } from "./counts.ts";
import { handledSoFar, noteHandled, passGate, setGate } from "./gates.ts";
import { rawUpsert } from "./raw.ts";
import { readProducts } from "./read.ts";

/**
 * The product's own Worker, and beside it what the bench needs in the same process: an empty handler, one that only
 * queues, counts, gates before the queues, and SQL. Runs on this machine only.
 */
type BenchEnv = Env & { LIMIT: Queue };

export class Location extends ProductLocation {
  constructor(ctx: DurableObjectState, env: Env) {
    countLocation(ctx.storage);
    super(ctx, env);
  }

  /** Bytes of its own storage. */
  async databaseSize(): Promise<number> {
    return this.ctx.storage.sql.databaseSize;
  }

  override alarm(): Promise<void> {
    counts.location.alarms += 1;
    return super.alarm();
  }
}

/** Databases by the name of their binding. */
function databases(env: object): [string, D1Database][] {
  return Object.entries(env).filter((entry): entry is [string, D1Database] => isBinding(entry[1], "prepare"));
}

function database(env: object, name: string): D1Database {
  const found = databases(env).find(([binding]) => binding === name);
  if (found === undefined) throw new Error(`There is no database ${name}`);
  return found[1];
}

const bench = new Hono<{ Bindings: BenchEnv }>()
  .basePath("/v1/bench")
  .post("/empty", (c) => c.json({ status: "accepted" }, 202))
  .post("/queue", async (c) => {
    await c.env.LIMIT.send(await c.req.json());
    return c.json({ status: "accepted" }, 202);
  })
  .get("/empty", (c) => c.json({ status: "ok" }))
  .post("/counts", async (c) => c.json(takeCounts((await c.req.json<{ on: boolean }>()).on)))
  .post("/gate", async (c) => {
    const { queue, gate } = await c.req.json<{ queue: string; gate: Gate }>();
    setGate(queue, gate);
    return c.json(handledSoFar());
  })
  .get("/handled", (c) => c.json(handledSoFar()))
  .get("/databases", (c) => c.json(databases(c.env).map(([name]) => name)))
  .post("/sql", async (c) => {
    const { db, sql, params = [] } = await c.req.json<{ db: string; sql: string; params?: unknown[] }>();
    const result = await database(c.env, db)
      .prepare(`/* bench */ ${sql}`)
      .bind(...params)
      .all();
    return c.json(result.results);
  })
  .post("/clock", async (c) => {
    setClock((await c.req.json<{ ahead_ms: number }>()).ahead_ms);
    return c.json({});
  })
  .post("/storage", async (c) => {
    const { location_id } = await c.req.json<{ location_id: string }>();
    const sizes = databases(c.env).map(([, d1]) => d1.prepare("/* bench */ select 1").run());
    const d1 = (await Promise.all(sizes)).reduce((sum, { meta }) => sum + meta.size_after, 0);
    const stub: unknown = c.env.LOCATION.get(c.env.LOCATION.idFromName(location_id));
    return c.json({ d1, location: await (stub as Location).databaseSize() });
  })
  .post("/fill", async (c) => {
    const bodies = await c.req.json<unknown[]>();
    for (let i = 0; i < bodies.length; i += 100) {
      await c.env.WEBHOOKS.sendBatch(bodies.slice(i, i + 100).map((body) => ({ body })));
    }
    return c.json({ sent: bodies.length });
  })
  .post("/raw", async (c) => {
    const { db, location_id, ask } = await c.req.json<{ db: string; location_id: string; ask: RawAsk }>();
    return c.json(await rawUpsert(database(c.env, db), location_id, ask));
  })
  .post("/read", async (c) => c.json(await readProducts((await c.req.json<{ endpoint: string }>()).endpoint)))
  .post("/scheduled", async (c) => {
    const { cron, at } = await c.req.json<{ cron: string; at: number }>();
    const began = performance.now();
    counts.requests.scheduled += 1;
    await product.scheduled({ cron, scheduledTime: at, noRetry: () => {} }, c.env);
    return c.json({ ms: performance.now() - began });
  });

export default {
  async fetch(request, env, ctx) {
    countBindings(env);
    if (request.url.includes("/v1/bench/")) return bench.fetch(request, env, ctx);
    counts.requests.fetch += 1;
    return product.fetch(request, env, ctx);
  },
  async queue(batch, env) {
    countBindings(env);
    if (!(await passGate(batch))) return;
    counts.requests.queue += 1;
    counts.queues.received += batch.messages.length;
    if (batch.queue.includes("-limit-")) batch.ackAll();
    else await product.queue(batch, env);
    noteHandled(batch);
  },
  async scheduled(controller, env) {
    countBindings(env);
    await product.scheduled(controller, env);
  },
} satisfies ExportedHandler<BenchEnv>;
