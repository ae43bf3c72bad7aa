import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, expect, it, vi } from "vitest";
import { accountsDb, recordsDb, shardsOf } from "../../../src/db/databases.ts";
import { findLocation } from "../../../src/db/locations.ts";
import { shards } from "../../../src/db/schema/accounts.ts";
import { products } from "../../../src/db/schema/records.ts";
import { shardForNewStore, storeSizes } from "../../../src/db/shards.ts";
import { FULL_SHARD_BYTES, SHARD_WARNING_BYTES } from "../../../src/domain/bounds.ts";
import { measureShards } from "../../../src/pipeline/chores/measure-shards.ts";
import { call, envWith, errorOf, fakeLocation, seedStore, token } from "../api/support.ts";
import { Rig } from "../faults/support.ts";

const NOW = 1_760_000_000_000;
const sizes = (given: Record<string, number>) => storeSizes(accountsDb(env), new Map(Object.entries(given)), NOW);

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await accountsDb(env).delete(shards);
});

/** A database that reports this size. */
const sized = (size_after: number) => ({ prepare: () => ({ run: async () => ({ meta: { size_after } }) }) });

interface Health {
  checks: { shards: string };
}

const BODY = {
  name: "Elm St",
  time_zone: "America/Denver",
  dutchie: { endpoint: "https://dutchie.invalid", api_key: "key-of-the-store-9876" },
};

it("Each kind of database takes its own tables only: the compiler refuses the others", async () => {
  const { row } = await seedStore();
  // @ts-expect-error: records are not in the database of accounts.
  await expect(accountsDb(env).select().from(products)).rejects.toThrow();
  // @ts-expect-error: accounts are not in a database of records.
  await expect(recordsDb(env, row).delete(shards).where(eq(shards.shard, "00"))).rejects.toThrow();
});

it("Two stores in a row do not share a database, and each is read from its own", async () => {
  const [a, b] = [(await seedStore()).row, (await seedStore()).row];
  expect(a.shard).not.toBe(b.shard);
  for (const { location_id, shard } of [a, b]) {
    const stored = { location_id, product_id: "prd_1", product_name: location_id, status: "active", source: "dutchie" };
    const version = { source_at: 1, source_rank: 1, content_hash: "h", updated_at: 1 } as const;
    await recordsDb(env, { location_id, shard })
      .insert(products)
      .values({ ...stored, ...version } as never);
  }
  for (const { location_id, shard } of [a, b]) {
    const answer = await call("GET", `/v1/locations/${location_id}/products`, { token: await token() });
    expect(await answer.json()).toMatchObject({ data: [{ product_name: location_id }] });
    const [other] = [...shardsOf(env)].filter(([name]) => name !== shard);
    const found = await other?.[1].prepare("select 1 from products where location_id = ?").bind(location_id).all();
    expect(found?.results).toEqual([]);
  }
});

it("A store is connected where there is room, and not at all when every database is full", async () => {
  const connect = async (name: string) =>
    call("POST", "/v1/locations", {
      token: await token(),
      body: { ...BODY, name, dutchie: { ...BODY.dutchie, location_id: name } },
      env: fakeLocation({ configured: async () => {} }),
    });
  await sizes({ "00": FULL_SHARD_BYTES, "01": 7e9 });
  const created = await connect("first");
  expect(created.status).toBe(201);
  const { location } = await created.json<{ location: { location_id: string } }>();
  expect((await findLocation(accountsDb(env), location.location_id))?.shard).toBe("01");
  await sizes({ "00": FULL_SHARD_BYTES, "01": FULL_SHARD_BYTES });
  const refused = await connect("second");
  expect(refused.status).toBe(503);
  expect(await errorOf(refused)).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("no room") });
});

it("A database that was added gets the next store", async () => {
  await sizes({ "00": 6e9, "01": 5e9 });
  expect(await shardForNewStore(envWith({ RECORDS_02: env.RECORDS_00 }))).toBe("02");
});

it("Sizes are measured; one database that does not answer keeps no other from it, and operators hear of what fills up", async () => {
  const logged = { warn: vi.spyOn(console, "warn"), error: vi.spyOn(console, "error") };
  for (const spy of Object.values(logged)) spy.mockImplementation(() => {});
  await measureShards(env, NOW);
  const real = await accountsDb(env).select().from(shards);
  expect(real.map(({ shard, checked_at }) => [shard, checked_at])).toEqual([
    ["00", NOW],
    ["01", NOW],
  ]);
  expect(real.every(({ bytes }) => bytes > 0 && bytes < SHARD_WARNING_BYTES)).toBe(true);
  expect(logged.warn).not.toHaveBeenCalled();
  const away = { prepare: () => ({ run: () => Promise.reject(new Error("away")) }) };
  const strange = { RECORDS_00: away, RECORDS_01: sized(SHARD_WARNING_BYTES), RECORDS_02: sized(FULL_SHARD_BYTES) };
  await measureShards(envWith(strange), NOW + 1);
  const events = [...logged.warn.mock.calls, ...logged.error.mock.calls].map(([line]) => JSON.parse(line));
  expect(events.map(({ event, shard }) => [event, shard]).sort()).toEqual([
    ["shard_filling", "01"],
    ["shard_full", "02"],
    ["shard_not_measured", "00"],
  ]);
  const later = await accountsDb(env).select().from(shards);
  expect(later.map(({ shard, checked_at }) => [shard, checked_at - NOW])).toEqual([
    ["00", 0],
    ["01", 1],
    ["02", 1],
  ]);
});

it("/healthz names the databases that need an operator; only one that does not answer is a failure", async () => {
  const filling = await call("GET", "/healthz", { env: envWith({ RECORDS_01: sized(SHARD_WARNING_BYTES) }) });
  expect([filling.status, await filling.json()]).toMatchObject([
    200,
    { status: "ok", checks: { d1: "ok", shards: "filling" }, shards: { "01": "filling" } },
  ]);
  const full = { RECORDS_00: sized(FULL_SHARD_BYTES), RECORDS_01: sized(SHARD_WARNING_BYTES) };
  expect(await (await call("GET", "/healthz", { env: envWith(full) })).json()).toMatchObject({
    checks: { shards: "full" },
    shards: { "00": "full", "01": "filling" },
  });
  const away = { RECORDS_01: { prepare: () => ({ run: () => Promise.reject(new Error("away")) }) } };
  const failing = await call("GET", "/healthz", { env: envWith(away) });
  expect([failing.status, await failing.json()]).toMatchObject([503, { checks: { shards: "failing" } }]);
});

it("/healthz asks a database once in five seconds, however often it is called", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  let asked = 0;
  const counted = {
    prepare: () => {
      asked++;
      return { run: async () => ({ meta: { size_after: asked > 1 ? FULL_SHARD_BYTES : 1 } }) };
    },
  };
  const given = envWith({ RECORDS_01: counted });
  const state = async () => (await (await call("GET", "/healthz", { env: given })).json<Health>()).checks.shards;
  expect([await state(), await state(), await state()]).toEqual(["ok", "ok", "ok"]);
  vi.setSystemTime(Date.now() + 4_999);
  expect([await state(), asked]).toEqual(["ok", 1]);
  vi.setSystemTime(Date.now() + 1);
  expect([await state(), await state(), asked]).toEqual(["full", "full", 2]);
});

it.each(["DB", "RECORDS_00", "RECORDS_01"])("/healthz does not wait for %s when that never answers", async (name) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const never = () => new Promise(() => {});
  const statement = { run: never, bind: () => statement };
  const answer = call("GET", "/healthz", { env: envWith({ [name]: { prepare: () => statement } }) });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await (await answer).json()).toMatchObject({
    status: "failing",
    checks: name === "DB" ? { d1: "failing", shards: "ok" } : { d1: "ok", shards: "failing" },
  });
});

it("A store on a database that this Worker does not know fails alone, with its cause in the log", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const { row } = await seedStore({ shard: "77" });
  const healthy = await Rig.open();
  const jwt = await token();
  expect((await call("GET", `/v1/locations/${row.location_id}/products`, { token: jwt })).status).toBe(500);
  expect(error.mock.calls.join()).toContain(`The records of ${row.location_id} are on shard 77`);
  expect((await call("GET", `/v1/locations/${healthy.id}/products`, { token: jwt })).status).toBe(200);
});

it("The overview shows all stores while one database is away; only the open reviews of its stores are unknown", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const retailer_id = "ret_overview";
  await seedStore({ retailer_id, name: "A", shard: "00" });
  const away = await seedStore({ retailer_id, name: "B", shard: "01" });
  const given = {
    token: await token({ retailer_id }),
    env: envWith({
      RECORDS_01: {
        prepare: () => {
          throw new Error("away");
        },
      },
    }),
  };
  expect(await (await call("GET", "/v1/status", given)).json()).toMatchObject({
    data: [
      { name: "A", open_reviews: 0 },
      { name: "B", open_reviews: null },
    ],
    // It counts as healthy, though it may need a decision.
    summary: { stores: 2 },
    unread_stores: [away.row.location_id],
  });
});
