import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { createSimulator, type Simulator } from "../../../simulator/app.ts";
import type { SimulatorOptions } from "../../../simulator/options.ts";
import type { StatusJson } from "../../../src/contract/http/status.ts";
import type { StartRunResult } from "../../../src/contract/location.ts";
import type { LocationRow } from "../../../src/db/locations.ts";
import worker, { Location } from "../../../src/index.ts";
import { type LocationStub, locationStub } from "../../../src/location/stub.ts";
import { seedStore } from "../api/support.ts";
import { rows, withDatabases } from "../databases.ts";

export const WEBHOOKS = "reup-dutchie-webhooks-development";
export const SYNC = "reup-dutchie-sync-development";
export const DEAD_LETTERS = "reup-dutchie-dead-letters-development";

let ids = 0;

interface Sent {
  body: unknown;
  due: number;
}

/** The bindings that tests gave to Locations, by the store's id. */
const bindings = new Map<string, Env>();
interface Opening {
  env: Env;
  location_id: string;
  opened(...row: unknown[]): unknown;
}
const methods = Location.prototype as unknown as Opening;
const { opened } = methods;
// The runtime may begin a Location anew at any time. It gets them again, before it uses a queue or writes a record.
methods.opened = function (...row) {
  this.env = bindings.get(this.location_id) ?? this.env;
  return opened.apply(this, row);
};

/** Gives a store's Location these bindings from here on. */
export async function giveBindings(location_id: string, given: Env): Promise<void> {
  bindings.set(location_id, given);
  await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(location_id)), (instance) => {
    Object.assign(instance, { env: given });
  });
}

/**
 * A store with its simulated Dutchie, in the real runtime: the real Location, D1 and consumers. Only the queue is the
 * test's own, so that a test decides what is delivered when. A consumer that fails gets its message again.
 */
export class Rig {
  private constructor(
    readonly dutchie: Simulator,
    readonly row: LocationRow,
    readonly env: Env,
    readonly queue: Sent[],
  ) {}

  static async open(options: SimulatorOptions = {}, store: Partial<LocationRow> = {}): Promise<Rig> {
    const api_key = "key-of-the-store-9876";
    const all: SimulatorOptions = { size: 20, salesDays: 2, limits: "off", apiKey: api_key, locationId: 5_000 + ids++ };
    const dutchie = createSimulator({ ...all, ...options });
    const { row } = await seedStore({ dutchie_location_id: String(dutchie.config.locationId), ...store });
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => dutchie.app.request(url, init as never));
    const queue: Sent[] = [];
    const send = async (body: unknown, given?: { delaySeconds?: number }) => {
      queue.push({ body, due: Date.now() + (given?.delaySeconds ?? 0) * 1_000 });
    };
    // Cron sends to the other stores of the file, too.
    const sendBatch = async (messages: Iterable<{ body: { location_id?: string } }>) => {
      for (const { body } of messages) if (body.location_id === row.location_id) await send(body);
    };
    const taken = { send, sendBatch };
    const queues = { SYNC: taken, IMPORTS: taken, SLOW: taken, CHORES: taken, WEBHOOKS: taken };
    const bindings = { ...env, ...queues } as unknown as Env;
    const rig = new Rig(dutchie, row, bindings, queue);
    await rig.withEnv(rig.env);
    return rig;
  }

  get id(): string {
    return this.row.location_id;
  }

  get location(): LocationStub {
    return locationStub(env, this.id);
  }

  /** Gives the store's Location these bindings from here on. */
  async withEnv(given: Env): Promise<void> {
    await giveBindings(this.id, given);
  }

  start(mode: "initial" | "full" | "incremental"): Promise<StartRunResult> {
    return this.location.startRun({ mode, trigger: "manual", heal: false });
  }

  async status(): Promise<StatusJson> {
    const status = await this.location.status();
    if (status === null) throw new Error("The store is not connected.");
    return status;
  }

  /**
   * Delivers what is queued until the store is at rest; waiting is done by moving the clock. A run that nobody holds a
   * message for is the watchdog's. Returns how many deliveries were retried.
   */
  async drain(given: Env = this.env): Promise<number> {
    let retried = 0;
    for (let deliveries = 0; deliveries < 200; deliveries++) {
      const next = this.queue.shift();
      if (next === undefined) {
        if ((await this.location.currentRun()) === null) return retried;
        vi.setSystemTime(Date.now() + 100_000);
        await runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(this.id)));
        continue;
      }
      if (next.due > Date.now()) vi.setSystemTime(next.due);
      const [outcome] = await deliver(SYNC, [next.body], given);
      if (outcome === "ack") continue;
      retried++;
      this.queue.push({ body: next.body, due: Date.now() + 2_000 });
    }
    throw new Error("The queue does not become empty.");
  }
}

/** One batch through the Worker's queue handler: what became of each message. */
export async function deliver(queue: string, bodies: unknown[], given: Env = env, attempts = 1) {
  const messages = bodies.map((body) => ({ id: `msg_${ids++}`, timestamp: new Date(), attempts, body }));
  const batch = createMessageBatch(queue, messages);
  const context = createExecutionContext();
  await worker.queue(batch, given);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  return messages.map(({ id }) => {
    if (retryMessages.some(({ msgId }) => msgId === id)) return "retry";
    return explicitAcks.includes(id) ? "ack" : "neither";
  });
}

/** The bindings with databases of which one fails once. `reached` says whether it came to that. */
export function failingOnce(
  given: Env,
  fails: { at: "prepare" | "before commit" | "after commit"; nth: number; message?: string },
): { env: Env; reached: () => boolean } {
  let calls = 0;
  const lost = () => {
    calls++;
    if (calls === fails.nth) throw new Error(fails.message ?? "the database went away");
  };
  const failing = (d1: D1Database) =>
    new Proxy(d1, {
      get(target, key) {
        if (key === "prepare") {
          return (query: string) => {
            if (fails.at === "prepare") lost();
            return target.prepare(query);
          };
        }
        if (key === "batch") {
          return async (statements: D1PreparedStatement[]) => {
            if (fails.at === "before commit") lost();
            const results = await target.batch(statements);
            if (fails.at === "after commit") lost();
            return results;
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  return { env: withDatabases(given, failing), reached: () => calls >= fails.nth };
}

/** Live records as plain lines, to be compared with `truthOf`. */
export async function recordsOf(location_id: string): Promise<string[]> {
  const products = await rows<{ id: string }>(
    "select dutchie_product_id as id from products where location_id = ? and status <> 'deleted'",
    location_id,
  );
  const stock = await rows<{ id: string; room: string; quantity: number }>(
    `select dutchie_inventory_id as id, room_name as room, quantity from inventory
     where location_id = ? and quantity <> 0`,
    location_id,
  );
  const lines = await rows<{ id: string; line: string; quantity: number }>(
    `select s.dutchie_transaction_id as id, i.value->>0 as line, i.value->>3 as quantity
     from sales s join json_each(s.lines) i where s.location_id = ?`,
    location_id,
  );
  return [
    ...products.map(({ id }) => `product ${id}`),
    ...stock.map(({ id, room, quantity }) => `package ${id} in ${room}: ${quantity}`),
    ...lines.map(({ id, line, quantity }) => `sale ${id} line ${line}: ${quantity}`),
  ].sort();
}

export function truthOf(dutchie: Simulator): string[] {
  const { products = [], inventory = [], sales = [] } = dutchie.oracle();
  return [
    ...products.map((row) => `product ${row.dutchie_product_id}`),
    ...inventory.map((row) => `package ${row.dutchie_inventory_id} in ${row.room_name}: ${row.quantity}`),
    ...sales.flatMap((sale) =>
      sale.items.map((line) => `sale ${sale.dutchie_transaction_id} line ${line.line_id}: ${line.quantity}`),
    ),
  ].sort();
}

/** How many entries of the change log say that a record of this kind was created. */
export async function creations(location_id: string, resource: string): Promise<number> {
  const changes = await rows<{ record_id: string; fields: string }>(
    "select record_id, fields from entries where fields is not null and location_id = ? and resource = ?",
    location_id,
    resource,
  );
  const proof = resource === "products" ? "product_name" : "quantity";
  const made = changes.filter(({ fields }) => {
    const change = (JSON.parse(fields) as Record<string, [unknown, unknown]>)[proof];
    return change !== undefined && change[0] === null;
  });
  const by_import = await rows(
    `select 1 from ${resource} where location_id = ? and created_by is not null`,
    location_id,
  );
  return made.length + by_import.length;
}
