import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MoveJson } from "../../../src/contract/http/moves.ts";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { COPIED_TABLES, copyChunk } from "../../../src/db/copy-store.ts";
import { accountsDb, recordsDb, shardsOf } from "../../../src/db/databases.ts";
import { findLocation, updateLocation } from "../../../src/db/locations.ts";
import { FULL_SHARD_BYTES, MAX_MOVE_FAILURES, MOVED_ROWS_KEPT_MS } from "../../../src/domain/bounds.ts";
import { moveStore } from "../../../src/pipeline/chores/move-store.ts";
import { sweep } from "../../../src/pipeline/chores/sweep.ts";
import { call, errorOf, fakeLocation, seedStore, token } from "../api/support.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf, WEBHOOKS } from "../faults/support.ts";

const TABLES = ["products", "inventory", "rooms", "sales", "reviews", "changes", "runs", "counts"];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const rowOf = async (id: string) => {
  const row = await findLocation(accountsDb(env), id);
  if (row === null) throw new Error("The store is gone.");
  return row;
};
const other = (shard: string) => (shard === "00" ? "01" : "00");

/** Rows of the store in a database, by table. */
async function contents(id: string, shard: string): Promise<Record<string, unknown[]>> {
  const d1 = shardsOf(env).get(shard);
  const tables = TABLES.map(async (table) => {
    const found = await d1?.prepare(`select * from ${table} where location_id = ?`).bind(id).all();
    return [table, found?.results ?? []] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}
const rowsIn = async (id: string, shard: string) => Object.values(await contents(id, shard)).flat().length;

async function synced(): Promise<Rig> {
  const rig = await Rig.open({ salesDays: 2 });
  await rig.start("initial");
  await rig.drain();
  return rig;
}

const move = async (rig: Rig, to: string) =>
  call("POST", `/v1/locations/${rig.id}/move`, { token: await token(), body: { to }, env: rig.env });
const shown = async (rig: Rig) =>
  (await call("GET", `/v1/locations/${rig.id}/move`, { token: await token() })).json<MoveJson>();

/** Steps until the move is in this state; waiting is done by moving the clock. */
async function stepsUntil(rig: Rig, state: MoveJson["state"]): Promise<void> {
  for (let steps = 0; (await shown(rig)).state !== state; steps++) {
    if (steps > 500) throw new Error(`The move does not come to ${state}: ${JSON.stringify(await shown(rig))}`);
    const delay_ms = await rig.location.moveStep();
    if ((await shown(rig)).state !== state) vi.setSystemTime(Date.now() + (delay_ms ?? 0));
  }
}

/** A database that does not answer. */
const absent = {
  prepare: () => {
    throw new Error("the database is away");
  },
};

async function vaultTypes(rig: Rig): Promise<unknown[]> {
  const { inventory = [] } = await contents(rig.id, (await rowOf(rig.id)).shard);
  const rows = inventory as { room_name: string; room_type: string }[];
  return [...new Set(rows.filter(({ room_name }) => room_name === "Vault").map(({ room_type }) => room_type))];
}

/** The rig's bindings; a change of the store's shard fails, before or after it was written. */
function withAccounts(rig: Rig, failing: "never written" | "answer lost"): Env {
  const lost = new Error("Network connection lost.");
  const failed = (statement: D1PreparedStatement) =>
    new Proxy(statement, {
      get: (target, key) => {
        if (key === "bind") return (...values: unknown[]) => failed(target.bind(...values));
        if (key !== "run") return Reflect.get(target, key).bind(target);
        return async () => {
          if (failing === "answer lost") await target.run();
          throw lost;
        };
      },
    });
  const DB = {
    prepare: (query: string) => {
      const statement = env.DB.prepare(query);
      return /^update "locations" set "shard"/.test(query) ? failed(statement) : statement;
    },
    batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
  };
  return { ...rig.env, DB } as unknown as Env;
}

const restock = (rig: Rig, quantity: number, event_id: string) => {
  const [item] = [...rig.dutchie.world.packages.values()];
  if (item === undefined) throw new Error("The store is empty.");
  rig.dutchie.setPackage(item.id, { quantity }, { silent: true });
  const occurred_at = new Date().toISOString();
  const rooms = [{ roomId: 101, room: "Vault", quantityAvailable: quantity }];
  const data = { inventoryId: item.id, productId: item.productId, quantityAvailable: quantity, roomQuantities: rooms };
  const body = { type: "inventory.updated", occurred_at, data };
  return { location_id: rig.id, event_id, received_at: Date.now(), body };
};

describe("moving a store to another database", () => {
  it("a store moves there and back while events, a run and edits come in, and ends equal to Dutchie", async () => {
    const rig = await synced();
    const home = rig.row.shard;
    let events = 0;
    for (const to of [other(home), home]) {
      expect((await move(rig, to)).status).toBe(202);
      for (let turn = 0; turn < 6; turn++) {
        vi.setSystemTime(Date.now() + 1_000);
        await rig.location.moveStep();
        rig.dutchie.act();
        await deliver(WEBHOOKS, [restock(rig, 40 + events, `evt_${to}_${events++}`)], rig.env);
        if (turn === 2) await rig.start("incremental");
        if (turn === 3) await evictDurableObject(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));
      }
      await rig.withEnv(rig.env);
      await rig.drain();
      await stepsUntil(rig, "done");
      expect(await rowOf(rig.id)).toMatchObject({ shard: to, other_shard: null });
      expect(await rowsIn(rig.id, other(to))).toBe(0);
      vi.setSystemTime(Date.now() + 90 * 60_000);
      await rig.start("full");
      await rig.drain();
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    }
  });

  it("a moved store has the same rows on both until the old ones are deleted, a quarter of an hour later", async () => {
    const rig = await synced();
    const [from, to] = [rig.row.shard, other(rig.row.shard)];
    const before = await contents(rig.id, from);
    await move(rig, to);
    await stepsUntil(rig, "clearing");
    expect(await contents(rig.id, to)).toEqual(before);
    expect(await shown(rig)).toMatchObject({ switched: true, error: null });
    const began = Date.now();
    await stepsUntil(rig, "done");
    expect(Date.now() - began).toBeGreaterThanOrEqual(MOVED_ROWS_KEPT_MS);
    expect(await rowsIn(rig.id, from)).toBe(0);
    expect(await contents(rig.id, to)).toEqual(before);
  });

  it("a store that moves applies nothing while its copy is checked: events are delivered again, edits are answered 503, reads go on", async () => {
    const rig = await synced();
    await move(rig, other(rig.row.shard));
    await stepsUntil(rig, "checking");
    const event = restock(rig, 77, "evt_frozen");
    expect(await deliver(WEBHOOKS, [event], rig.env)).toEqual(["retry"]);
    const path = `/v1/locations/${rig.id}`;
    const [product] = [...rig.dutchie.world.products.values()];
    const given = { token: await token(), body: { notes: "n" } };
    const refused = await call("PATCH", `${path}/products/prd_${product?.id}`, given);
    expect([refused.status, (await errorOf(refused)).code]).toEqual([503, "UNAVAILABLE"]);
    expect((await call("GET", `${path}/inventory`, { token: given.token })).status).toBe(200);
    expect((await rig.status()).state).toBe("idle");
    await stepsUntil(rig, "clearing");
    expect(await deliver(WEBHOOKS, [event], rig.env)).toEqual(["ack"]);
    expect((await rig.location.getEvent("evt_frozen"))?.outcome).toBe("applied");
  });

  it.each([
    { when: "its copy is checked", frozen: true, away: {}, status: 200 },
    { when: "the records are away", frozen: false, away: { RECORDS_00: absent, RECORDS_01: absent }, status: 200 },
    { when: "the accounts are away", frozen: false, away: { DB: absent }, status: 500 },
    { when: "its copy is checked and the accounts are away", frozen: true, away: { DB: absent }, status: 200 },
  ])("settings that are changed while $when are applied to the store a minute later", async (given) => {
    const rig = await synced();
    const before = await rowOf(rig.id);
    if (given.frozen) {
      await move(rig, other(rig.row.shard));
      await stepsUntil(rig, "checking");
    }
    await rig.withEnv({ ...rig.env, ...given.away } as unknown as Env);
    const settings = { room_types: { Vault: "quarantine" }, overnight_hour: 15, data_types: { sales: false } };
    const path = `/v1/locations/${rig.id}`;
    const jwt = await token();
    const changed = await call("PATCH", path, { token: jwt, body: { settings }, env: rig.env });
    expect(changed.status).toBe(given.status);
    const rotated = await call("POST", `${path}/webhook/rotate`, { token: jwt, body: {}, env: rig.env });
    expect(rotated.status).toBe(200);
    await rig.withEnv(rig.env);
    if (given.frozen) await stepsUntil(rig, "clearing");
    expect(await vaultTypes(rig)).not.toEqual(["quarantine"]);
    vi.setSystemTime(Date.now() + 60_000);
    await runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));
    expect(await vaultTypes(rig)).toEqual(["quarantine"]);
    const after = await rowOf(rig.id);
    expect(after.next_full_at).not.toBe(before.next_full_at);
    expect(after.next_sync_at).toBeLessThanOrEqual(Date.now());
  });

  it("a store can be moved once at a time, to a database that is there and another one", async () => {
    const rig = await synced();
    const { shard } = rig.row;
    const jwt = await token();
    expect((await call("GET", `/v1/locations/${rig.id}/move`, { token: jwt })).status).toBe(404);
    expect((await move(rig, shard)).status).toBe(409);
    const unknown = await move(rig, "77");
    expect([unknown.status, (await errorOf(unknown)).message]).toEqual([400, expect.stringContaining("00, 01")]);
    expect((await move(rig, other(shard))).status).toBe(202);
    const again = await move(rig, other(shard));
    expect([again.status, (await errorOf(again)).message]).toEqual([409, "This store is being moved already."]);
  });

  it("a store stays where it is when the other database does not answer, and leaves nothing there", async () => {
    const rig = await synced();
    const { shard } = rig.row;
    await move(rig, other(shard));
    await stepsUntil(rig, "checking");
    await rig.withEnv({ ...rig.env, [`RECORDS_${other(shard)}`]: absent } as unknown as Env);
    for (let n = 0; n < MAX_MOVE_FAILURES; n++) expect(await rig.location.moveStep()).toBeGreaterThan(0);
    // Deleting what was copied fails, too; the store works on all the same.
    expect(await rig.location.moveStep()).toBeGreaterThan(0);
    expect(await deliver(WEBHOOKS, [restock(rig, 12, "evt_on")], rig.env)).toEqual(["ack"]);
    await rig.withEnv(rig.env);
    await stepsUntil(rig, "failed");
    expect(await shown(rig)).toMatchObject({
      error: "the database is away",
      switched: false,
      finished_at: expect.any(String),
    });
    expect(await rowOf(rig.id)).toMatchObject({ shard, other_shard: null });
    expect(await rowsIn(rig.id, other(shard))).toBe(0);
    expect(await rowsIn(rig.id, shard)).toBeGreaterThan(50);
    expect((await move(rig, other(shard))).status).toBe(202);
  });

  it("a move goes on after a crash between the change of its row and the note of it", async () => {
    const rig = await synced();
    const [from, to] = [rig.row.shard, other(rig.row.shard)];
    await move(rig, to);
    await stepsUntil(rig, "checking");
    await rig.location.moveStep();
    await updateLocation(accountsDb(env), rig.id, { shard: to, other_shard: from });
    await evictDurableObject(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));
    await rig.location.moveStep();
    expect(await shown(rig)).toMatchObject({ state: "clearing" });
    await stepsUntil(rig, "done");
    expect(await rowsIn(rig.id, from)).toBe(0);
  });

  it("a store is not moved to a full database", async () => {
    const rig = await synced();
    const to = other(rig.row.shard);
    const full = { prepare: () => ({ run: async () => ({ meta: { size_after: FULL_SHARD_BYTES } }) }) };
    await rig.withEnv({ ...rig.env, [`RECORDS_${to}`]: full } as unknown as Env);
    const refused = await move(rig, to);
    expect([refused.status, (await errorOf(refused)).message]).toEqual([
      409,
      `Database ${to} is full. Add a database, or move the store to another one.`,
    ]);
    await rig.withEnv(rig.env);
    expect((await move(rig, to)).status).toBe(202);
  });

  it.each([
    { what: "goes back to its queue after a turn while the store works", frozen_until: 0, delay_ms: 0, steps: 400 },
    { what: "stays until a freeze is over by itself", frozen_until: 900, delay_ms: 0, steps: 1_200 },
    { what: "stays until a check in its second turn is done", frozen_until: 5_000, delay_ms: 9, steps: 777 },
  ])("the message of a move $what", async ({ frozen_until, delay_ms, steps }) => {
    const { location_id } = (await seedStore()).row;
    let taken = 0;
    const moving = fakeLocation({
      moveStep: async () => (++taken === steps ? delay_ms : 0),
      isFrozen: async () => taken < frozen_until,
    });
    expect(await moveStore(moving, location_id)).toBe(delay_ms);
    expect(taken).toBe(steps);
  });

  it.each([0, 1, MAX_MOVE_FAILURES - 1])(
    "a move ends on the new database though the answer to its switch was lost, after %i other failures",
    async (failures) => {
      const rig = await synced();
      const [from, to] = [rig.row.shard, other(rig.row.shard)];
      const before = await contents(rig.id, from);
      await move(rig, to);
      for (let n = 0; n < failures; n++) {
        await stepsUntil(rig, "checking");
        await rig.withEnv(withAccounts(rig, "never written"));
        for (let steps = 0; (await shown(rig)).state === "checking"; steps++) {
          if (steps > 100) throw new Error("The switch does not fail.");
          await rig.location.moveStep();
        }
        await rig.withEnv(rig.env);
      }
      await stepsUntil(rig, "checking");
      await rig.withEnv(withAccounts(rig, "answer lost"));
      while ((await rowOf(rig.id)).shard === from) await rig.location.moveStep();
      await rig.withEnv(rig.env);
      expect(await shown(rig)).toMatchObject({ error: "Network connection lost.", switched: null });
      // Not told of the switch, the Location applies events where the row says.
      expect(await deliver(WEBHOOKS, [restock(rig, 33, "evt_between")], rig.env)).toEqual(["ack"]);
      await stepsUntil(rig, "done");
      expect(await shown(rig)).toMatchObject({ switched: true, error: null });
      expect(await rowOf(rig.id)).toMatchObject({ shard: to, other_shard: null });
      expect(await rowsIn(rig.id, from)).toBe(0);
      expect((await contents(rig.id, to)).products).toEqual(before.products);
      expect((await move(rig, from)).status).toBe(202);
    },
  );

  it("a move goes on when its message was lost: the Location's timer sends another", async () => {
    const rig = await synced();
    const sent: unknown[] = [];
    const CHORES = { send: async (body: unknown) => void sent.push(body) };
    await rig.withEnv({ ...rig.env, CHORES } as unknown as Env);
    await move(rig, other(rig.row.shard));
    expect(sent.splice(0)).toEqual([{ kind: "move", v: MESSAGE_VERSION, location_id: rig.id }]);
    vi.setSystemTime(Date.now() + 61_000);
    await runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));
    expect(sent).toEqual([{ kind: "move", v: MESSAGE_VERSION, location_id: rig.id }]);
    await rig.withEnv(rig.env);
    expect(await deliver(SYNC, sent, rig.env)).toEqual(["ack"]);
    expect(await shown(rig)).toMatchObject({ state: "clearing", rows_copied: expect.any(Number) });
  });

  it("a moving store is not swept, and a purge in the middle leaves nothing in either database", async () => {
    const rig = await synced();
    await move(rig, other(rig.row.shard));
    await stepsUntil(rig, "checking");
    expect(await sweep(env, { location_id: rig.id }, Date.now())).toBeGreaterThan(60_000);
    expect(await rowsIn(rig.id, other(rig.row.shard))).toBeGreaterThan(50);
    const path = `/v1/locations/${rig.id}?purge=true`;
    expect((await call("DELETE", path, { token: await token(), env: rig.env })).status).toBe(204);
    expect(await deliver(SYNC, [{ kind: "purge", location_id: rig.id }])).toEqual(["ack"]);
    for (const shard of ["00", "01"]) expect(await rowsIn(rig.id, shard)).toBe(0);
    expect(await findLocation(accountsDb(env), rig.id)).toBeNull();
  });
});

describe("a chunk of a copy", () => {
  const product = (location_id: string, product_id: string, dutchie_product_id: string | null, over: object = {}) => ({
    ...{ location_id, product_id, dutchie_product_id, product_name: product_id, status: "active", source: "dutchie" },
    ...{ source_at: 1, source_rank: 1, content_hash: "h", updated_at: 1, ...over },
  });
  const products = COPIED_TABLES.find((table) => getTableConfig(table).name === "products");

  it("a chunk adds, changes and deletes until the tables are equal, also where two rows have exchanged a unique id", async () => {
    const { location_id } = (await seedStore()).row;
    const [from, to] = ["00", "01"].map((shard) => recordsDb(env, { location_id, shard }));
    if (from === undefined || to === undefined || products === undefined) throw new Error("two databases");
    const insert = async (db: typeof from, rows: object[]) => {
      for (const row of rows) {
        const names = Object.keys(row);
        await db.$client
          .prepare(`insert into products (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`)
          .bind(...Object.values(row))
          .run();
      }
    };
    await insert(from, [
      product(location_id, "a", "2", { overrides: '{ "not": minified, nor valid' }),
      product(location_id, "b", "1", { unit_price: 0.1 + 0.2, notes: "'; \u2028 \"é\u0000x" }),
      product(location_id, "c", null, { sku: "00123" }),
    ]);
    await insert(to, [product(location_id, "a", "1"), product(location_id, "b", "2"), product(location_id, "z", "9")]);
    const given = { from, to, table: products, location_id, after: null, prove: true };
    expect(await copyChunk(given)).toEqual({ after: null, rows: 3 });
    const all = "select * from products where location_id = ? order by product_id";
    const [here, there] = await Promise.all(
      [from, to].map(({ $client }) => $client.prepare(all).bind(location_id).all()),
    );
    expect(there?.results).toEqual(here?.results);
    expect(there?.results).toHaveLength(3);
  });

  it("a chunk reads a range of the key, whatever the table", async () => {
    const { location_id } = (await seedStore()).row;
    const seen: string[] = [];
    const spied = {
      prepare: (query: string) => {
        seen.push(query);
        return env.RECORDS_00.prepare(query);
      },
      batch: (statements: D1PreparedStatement[]) => env.RECORDS_00.batch(statements),
    };
    const from = recordsDb({ RECORDS_00: spied } as unknown as Env, { location_id, shard: "00" });
    const to = recordsDb(env, { location_id, shard: "01" });
    for (const table of COPIED_TABLES) {
      await copyChunk({ from, to, table, location_id, after: ["a", "b", "c"].slice(0, keyLength(table)), prove: true });
    }
    expect(seen).toHaveLength(COPIED_TABLES.length);
    for (const query of seen) {
      const nothing = Array.from({ length: query.split("?").length - 1 }, () => "");
      const { results } = await env.RECORDS_00.prepare(`explain query plan ${query}`)
        .bind(...nothing)
        .all<{ detail: string }>();
      expect(results.map(({ detail }) => detail).join()).toMatch(
        /^SEARCH \w+ USING PRIMARY KEY \(location_id=\? AND .*>/,
      );
    }
  });
});

/** Columns of the key after the store's. */
const keyLength = (table: SQLiteTable) => (getTableConfig(table).primaryKeys[0]?.columns.length ?? 1) - 1;
