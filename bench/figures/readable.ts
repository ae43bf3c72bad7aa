import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import { Random } from "../../simulator/random.ts";
import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";
import type { Stage } from "../stage.ts";
import type { Store } from "../store.ts";
import { percentile } from "../support/percentile.ts";
import { atOnce, until } from "../support/until.ts";
import { newWebhook, type Webhook } from "../webhook.ts";

const STORES = 20;
const PER_SECOND = 200;
/** How many packages of each store change. Few, so that events of one package overtake each other. */
const PACKAGES = 10;
/** How long a reordered event is held back, ms: the package's next event, on the average a second later, arrives before it. */
const LATE_MS = 1_500;
/** How often the database is asked what can be read, ms: the figures are up to so much too high. */
const PROBE_MS = 50;

interface Sent {
  key: string;
  /** The quantity that it sets: grows with each event of the package, so that it is known which one is readable. */
  quantity: number;
  webhook: Webhook;
  store: Store;
  send_at: number;
  sent_at: number;
}

/** From the moment at which a webhook leaves Dutchie to the one at which its quantity, or a later one, can be read from D1. */
export const readable: Figure = {
  id: "readable",
  about: "webhooks at 200/s over 20 stores, 10 % doubled, 10 % reordered: from sent to readable, and equality",
  measure: async (bench) => {
    const stage = await bench.stage("readable");
    const stores = await connectFleet(stage, STORES);
    await atOnce(stores, 4, (store) => store.sync("initial"));
    const seconds = bench.size(60, 5);
    const events = schedule(stores, seconds);
    const watch = new Watch(stage, stores, await stage.shards());
    const watching = watch.run();
    await send(stage, events);
    const last = new Map(events.map(({ key, quantity }) => [key, quantity]));
    for (const { key, quantity } of events) last.set(key, Math.max(quantity, last.get(key) ?? 0));
    await until(
      async () => [...last].filter(([key, quantity]) => watch.quantities.get(key) !== quantity),
      (missing) => missing.length === 0,
      { within_s: bench.size(300, 60) },
    );
    watch.stop();
    await watching;
    const all = events.map(({ key, quantity, sent_at }) => watch.readableAt(key, quantity) - sent_at);
    // What was readable before the event was sent is that of a later one, which had overtaken it.
    const latencies = all.filter((ms) => ms >= 0);
    const value = (share: number) => percentile(latencies, share) / 1_000;
    const figure = `webhook sent → readable, ${PER_SECOND}/s over ${STORES} stores`;
    return [
      { figure: `${figure}, p50`, value: value(0.5), unit: "s", target: { of: "value", at: "most", number: 0.6 } },
      {
        figure: `${figure}, p99`,
        value: value(0.99),
        unit: "s",
        target: { of: "value", at: "most", number: 2 },
        more: {
          events: events.length,
          overtaken: all.length - latencies.length,
          late_sends_ms_p99: percentile(
            events.map(({ send_at, sent_at }) => sent_at - send_at),
            0.99,
          ),
        },
      },
    ];
  },
};

function schedule(stores: readonly Store[], seconds: number): Sent[] {
  const began = Date.now() + 500;
  const chance = new Random(1);
  const quantities = new Map<string, number>();
  const packages = [...(stores[0]?.dutchie.world.packages.values() ?? [])].slice(0, PACKAGES);
  return Array.from({ length: seconds * PER_SECOND }, (_, i) => {
    const at = Math.round(began + (i * 1_000) / PER_SECOND);
    const store = stores[i % stores.length] as Store;
    const item = packages[Math.floor(i / stores.length) % packages.length];
    if (item === undefined) throw new Error("The store has no packages");
    const key = `${store.id}/${item.id}`;
    const quantity = (quantities.get(key) ?? 1_000) + 1;
    quantities.set(key, quantity);
    const after = { ...item, allocated: 0, modified: at, rooms: [{ roomId: 101, quantity }] };
    const body = store.dutchie.eventBody({ type: "inventory.updated", at, packages: [{ before: item, after }] });
    const send_at = at + (chance.chance(0.1) ? LATE_MS : 0);
    return { key, quantity, webhook: newWebhook(body), store, send_at, sent_at: 0 };
  }).sort((a, b) => a.send_at - b.send_at);
}

/** At their times, whether or not earlier ones were answered; a tenth of them twice. */
async function send(stage: Stage, events: readonly Sent[]): Promise<void> {
  const pool = new Pool(stage.worker.url, { connections: 64, pipelining: 1 });
  const calls: Promise<void>[] = [];
  const post = async ({ store, webhook }: Sent) => {
    const { statusCode, body } = await pool.request(store.signed(webhook));
    await body.dump();
    if (statusCode !== 202) throw new Error(`A webhook was answered ${statusCode}`);
  };
  const chance = new Random(2);
  for (const event of events) {
    const wait = event.send_at - Date.now();
    if (wait > 2) await pause(wait);
    event.sent_at = Date.now();
    calls.push(post(event));
    if (chance.chance(0.1)) calls.push(post(event));
  }
  await Promise.all(calls);
  await pool.destroy();
}

/** Asks the database again and again what can be read. */
class Watch {
  readonly quantities = new Map<string, number>();
  private readonly seen = new Map<string, { quantity: number; at: number }[]>();
  private isOver = false;
  private readonly query: string;

  constructor(
    private readonly stage: Stage,
    stores: readonly Store[],
    private readonly shards: readonly string[],
  ) {
    const ids = [...(stores[0]?.dutchie.world.packages.values() ?? [])].slice(0, PACKAGES).map(({ id }) => id);
    const list = (values: readonly (string | number)[]) => values.map((value) => `'${value}'`).join(", ");
    this.query = `select location_id || '/' || dutchie_inventory_id as key, sum(quantity) as quantity from inventory
      where location_id in (${list(stores.map(({ id }) => id))}) and dutchie_inventory_id in (${list(ids)}) group by 1`;
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      for (const shard of this.shards) {
        const ask = () => this.stage.sql<{ key: string; quantity: number }>(shard, this.query);
        const rows = await until(ask, () => true, { within_s: 30 });
        this.note(rows, Date.now());
      }
      await pause(PROBE_MS);
    }
  }

  private note(rows: readonly { key: string; quantity: number }[], at: number): void {
    for (const { key, quantity } of rows) {
      if (this.quantities.get(key) === quantity) continue;
      this.quantities.set(key, quantity);
      const seen = this.seen.get(key) ?? [];
      seen.push({ quantity, at });
      this.seen.set(key, seen);
    }
  }

  stop(): void {
    this.isOver = true;
  }

  /** When this quantity of the package, or one of a later event, was first seen. */
  readableAt(key: string, quantity: number): number {
    const found = (this.seen.get(key) ?? []).find((seen) => seen.quantity >= quantity);
    if (found === undefined) throw new Error(`${key} never showed ${quantity}`);
    return found.at;
  }
}
