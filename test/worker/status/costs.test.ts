import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Store } from "../../../src/location/storage/store.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { seedStore } from "../api/support.ts";
import { rows, withDatabases, write } from "../databases.ts";
import { deliver, Rig, recordsOf, SYNC, WEBHOOKS } from "../faults/support.ts";

const series = (n: number) => `with recursive i(n) as (select 1 union all select n + 1 from i where n < ${n})`;
const VERSION = "1, 1, 'h', 1";

/** A store of so many products, packages, sales, open reviews, events and pushes; half of each is over. */
async function storeOf(size: number): Promise<string> {
  const id = (await seedStore({ shard: "01" })).row.location_id;
  await env.RECORDS_01.batch(
    [
      `insert into products (location_id, product_id, product_name, status, source, source_at, source_rank, content_hash,
        updated_at) ${series(size)} select '${id}', 'p' || n, 'x', iif(n % 2, 'active', 'deleted'), 'dutchie', ${VERSION} from i`,
      `insert into inventory (location_id, dutchie_inventory_id, inventory_id, quantity, room_type, room_name, package_at,
        source_at, source_rank, content_hash, updated_at) ${series(size)} select '${id}', n, 'i' || n, n % 2, 'vault', 'Vault', 1, ${VERSION} from i`,
      `insert into sales (location_id, sale_id, dutchie_transaction_id, completed_at, type, is_void, is_return, item_count,
        items_hash, source_at, source_rank, content_hash, updated_at) ${series(size)} select '${id}', 's' || n, n, n, 'retail', 0, 0, 1, 'h', ${VERSION} from i`,
      `insert into reviews (location_id, review_id, kind, state, subject, reason, candidates, facts_hash, opened_at)
        ${series(size)} select '${id}', 'r' || n, 'duplicate_sku', iif(n % 2, 'open', 'resolved'), 's', 'r', '[]', 'h', 1 from i`,
    ].map((statement) => env.RECORDS_01.prepare(statement)),
  );
  await write(`insert into dead_letters (dead_letter_id, retailer_id, location_id, queue, kind, reason, body, at)
    ${series(size)} select '${id}' || n, 'ret_1', '${id}', 'webhooks', 'data', 'r', '{}', 1 from i`);
  await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(id)), (_, state) => {
    const now = Date.now();
    state.storage.sql.exec(`insert into events (event_id, type, occurred_at, received_at, pending_at, outcome, body)
      ${series(size)} select 'e' || n, 't', ${now}, ${now} - n, ${now}, iif(n % 2, 'pending', 'applied'), '{}' from i`);
    state.storage.sql.exec(`insert into pushes (push_id, product_id, dutchie_product_id, state, fields, attempts, next_at,
      edited_by, created_at, updated_at)
      ${series(size)} select 'u' || n, 'p' || n, n, iif(n % 2, 'waiting', 'done'), '{}', 0, iif(n % 2, ${now} + 9e9, null), 'x', 1, 1 from i`);
  });
  return id;
}

/** What one status costs: the rows that D1 and the Location read for it. */
async function costOf(id: string): Promise<{ d1: number; location: number; status: unknown }> {
  let [d1, location] = [0, 0];
  const cost = (result: D1Result) => {
    d1 += result.meta.rows_read;
    return result;
  };
  const counting = (database: D1Database) => ({ prepare: (query: string) => spied(database.prepare(query)) });
  const spied = (first: D1PreparedStatement) => {
    let statement = first;
    const spy = {
      bind: (...values: unknown[]) => {
        statement = statement.bind(...values);
        return spy;
      },
      all: async () => cost(await statement.all()),
      run: async () => cost(await statement.run()),
      raw: async () => {
        const result = cost(await statement.all());
        return result.results.map((row) => Object.values(row as object));
      },
    };
    return spy;
  };
  const status = await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(id)), async (instance, state) => {
    const { sql } = state.storage;
    const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
    const countingSql = {
      exec: (query: string, ...values: unknown[]) => {
        const cursor = sql.exec(query, ...values);
        cursors.push(cursor);
        return cursor;
      },
    } as SqlStorage;
    const own = instance as unknown as { store: Store; env: Env };
    const before = { store: own.store, env: own.env };
    Object.assign(own, { store: new Store(countingSql), env: withDatabases(own.env, counting) });
    const answer = await instance.status();
    Object.assign(own, before);
    location = cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
    return answer;
  });
  return { d1, location, status };
}

describe("F65: a status costs the same at any size", () => {
  it("F65: a status reads the same few rows for a store of 10, of 1,000 and of 5,000 of everything", async () => {
    const costs = [];
    for (const size of [10, 1_000, 5_000]) {
      const { status, ...cost } = await costOf(await storeOf(size));
      expect(status).toMatchObject({
        records: { products: size / 2, inventory: size / 2, sales: size },
        queue: { pending_events: size / 2, pending_pushes: size / 2, dead_letters: size },
        open_reviews: size / 2,
      });
      costs.push(cost);
    }
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[2]).toEqual(costs[0]);
    expect(costs[0]?.d1).toBeLessThanOrEqual(10);
    expect(costs[0]?.d1).toBeGreaterThan(5);
    expect(costs[0]?.location).toBeGreaterThan(0);
    expect(costs[0]?.location).toBeLessThanOrEqual(12);
  });

  it("F65: a day's webhooks cost as much as their hours, however many there were, and lags are right to 3 %", async () => {
    const id = (await seedStore()).row.location_id;
    await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(id)), (_, state) => {
      const store = new Store(state.storage.sql);
      for (let n = 1; n <= 2_000; n++) {
        const at = Date.now() - (n % 24) * 3_600_000;
        store.hours.countAll({ applied: 1 }, [n], at);
      }
    });
    const { location, status } = await costOf(id);
    expect(location).toBeLessThanOrEqual(24 + 12);
    const { webhooks } = (status as { last_24h: { webhooks: Record<string, number> } }).last_24h;
    expect(webhooks.applied).toBe(2_000);
    for (const [answer, exact] of [
      [webhooks.lag_ms_p50, 1_000],
      [webhooks.lag_ms_p95, 1_900],
    ] as const) {
      expect(Math.abs((answer ?? 0) / exact - 1)).toBeLessThan(0.03);
    }
  });
});

it("F65: an event that is played again does not count in the lags", async () => {
  const id = (await seedStore()).row.location_id;
  const data = {
    inventoryId: 1,
    quantityAvailable: 3,
    roomQuantities: [{ roomId: 1, room: "Vault", quantityAvailable: 3 }],
  };
  const body = { type: "inventory.updated", occurred_at: new Date().toISOString(), data };
  const event = { location_id: id, event_id: "evt_again", received_at: Date.now() - 5_000, body };
  expect(await deliver(WEBHOOKS, [event])).toEqual(["ack"]);
  const lag = async () => (await locationStub(env, id).status())?.last_24h.webhooks.lag_ms_p95 ?? 0;
  const before = await lag();
  expect(before).toBeGreaterThan(4_000);
  await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(id)), (_, state) => {
    new Store(state.storage.sql).events.reopen("evt_again", "replayed", Date.now());
  });
  await deliver(WEBHOOKS, [{ ...event, received_at: Date.now() - 86_000_000 }]);
  expect(await lag()).toBe(before);
  expect((await locationStub(env, id).status())?.last_24h.webhooks.applied).toBe(2);
});

describe("F65: the counts equal the records, whoever writes them", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  const counted = async (id: string) => (await locationStub(env, id).status())?.records;
  const exact = async (id: string) => {
    const n = async (query: string) => (await rows<{ n: number }>(query, id))[0]?.n;
    return {
      products: await n("select count(*) as n from products where location_id = ? and status <> 'deleted'"),
      inventory: await n("select count(*) as n from inventory where location_id = ? and quantity <> 0"),
      sales: await n("select count(*) as n from sales where location_id = ?"),
    };
  };

  it("F65: counts are right after an import, sell-outs, emptied tables and a rebuild", async () => {
    const rig = await Rig.open();
    await rig.start("initial");
    await rig.drain();
    expect(await counted(rig.id)).toEqual(await exact(rig.id));
    expect((await recordsOf(rig.id)).length).toBeGreaterThan(20);
    await write("update inventory set quantity = 0 where location_id = ?", rig.id);
    await rig.location.changedOutside();
    expect((await counted(rig.id))?.inventory).toBe(0);
    await write("delete from sales where location_id = ?", rig.id);
    await write("delete from products where location_id = ?", rig.id);
    await rig.location.changedOutside();
    expect(await counted(rig.id)).toEqual({ products: 0, inventory: 0, sales: 0 });
    await rig.location.rebuild();
    await rig.drain();
    expect(await counted(rig.id)).toEqual(await exact(rig.id));
    expect((await counted(rig.id))?.sales).toBeGreaterThan(0);
  });

  it("F65: a purged store leaves no count", async () => {
    const id = await storeOf(20);
    await write("update locations set deleted_at = 1 where location_id = ?", id);
    expect(await deliver(SYNC, [{ kind: "purge", location_id: id }])).toEqual(["ack"]);
    expect(await rows("select * from counts where location_id = ?", id)).toEqual([]);
  });
});
