import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { InventoryJson, MappedWordJson, ProductJson } from "../../../src/contract/http/records.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { loadRooms } from "../../../src/db/load-records.ts";
import { MAX_SHOWN_WORDS } from "../../../src/domain/bounds.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { applyRooms } from "../../../src/location/records/apply-rooms.ts";
import { Store } from "../../../src/location/storage/store.ts";
import { sweep } from "../../../src/pipeline/chores/sweep.ts";
import { call, seedStore, token } from "../api/support.ts";
import { failingOnce, Rig } from "../faults/support.ts";
import { later } from "../runs/support.ts";

const DAY = 86_400_000;

/** ReUp's types of the simulator's rooms, and its categories of the simulator's master categories. */
const ROOMS: Record<string, string | null> = {
  "Sales Floor": "sales_floor",
  Online: "sales_floor",
  Vault: "vault",
  "Back Stock": "vault",
  Quarantine: "quarantine",
  Unassigned: null,
};
const MASTERS: Record<string, string> = {
  Flower: "flower",
  "Pre-Rolls": "flower",
  Vaporizers: "vapes",
  Edibles: "edibles",
  Tinctures: "edibles",
  Concentrates: "concentrates",
  Topicals: "topicals",
  Accessories: "accessories",
};

const READING = {
  read: { kind: "snapshot", as_of: 1, complete: true },
  origin: { cause: "poll", ref: "run_1" },
  write: true,
} as const;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function imported(profile: "pos" | "guide", size = 60) {
  const rig = await Rig.open(
    { profiles: [profile], now: Date.now, size, salesDays: 1, seed: 14 },
    { settings: { ...DEFAULT_SETTINGS, sales_history_days: 1 }, profile },
  );
  await rig.start("initial");
  await rig.drain();
  const path = `/v1/locations/${rig.id}`;
  const admin = await token({ role: "admin" });
  const ask = async <T>(method: string, below: string, body?: unknown): Promise<T> => {
    const response = await call(method, `${path}${below}`, { token: admin, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBeLessThan(300);
    return response.json<T>();
  };
  const all = async <T>(below: string) =>
    (await ask<{ data: T[] }>("GET", `${below}${below.includes("?") ? "&" : "?"}limit=500`)).data;
  return {
    rig,
    ask,
    products: () => all<ProductJson>("/products?include_merged=true"),
    inventory: (query = "") => all<InventoryJson>(`/inventory${query}`),
    mapping: () => ask<{ data: MappedWordJson[]; unmapped: number }>("GET", "/mapping"),
    set: (settings: object) => ask("PATCH", "", { settings }),
    sync: async () => {
      await rig.start("full");
      await rig.drain();
    },
  };
}

describe.each(["pos", "guide"] as const)("after the first sync of a store with the profile %s", (profile) => {
  it("each product and each room is in ReUp's words, beside Dutchie's", async () => {
    const store = await imported(profile);
    const { world } = store.rig.dutchie;
    const products = await store.products();
    const truth = products.map(({ dutchie_product_id }) => world.products.get(Number(dutchie_product_id)));
    const expected = truth.map((product) => {
      const isNamed = product?.category != null || profile === "pos";
      return isNamed ? (MASTERS[product?.masterCategory ?? ""] ?? null) : null;
    });
    expect(products.map(({ category }) => category)).toEqual(expected);
    expect(products.map(({ dutchie_category }) => dutchie_category)).toEqual(
      truth.map((product) => product?.category?.trim() ?? null),
    );
    expect(products.map(({ strain_type }) => strain_type)).toEqual(truth.map((product) => product?.strainType ?? null));
    for (const { category, subcategory, strain_type } of products) {
      if (category === "flower" && strain_type !== null && strain_type !== "CBD") {
        expect(subcategory).toBe(strain_type.includes("-") ? "hybrid" : strain_type.toLowerCase());
      }
    }
    const inventory = await store.inventory();
    expect(inventory.length).toBeGreaterThan(0);
    for (const row of inventory) {
      expect(row.room_type).toBe(ROOMS[row.room_name]);
      expect(row.available_quantity).toBeCloseTo(row.quantity - row.reserved_quantity, 4);
      expect(row).toMatchObject({
        location_id: store.rig.id,
        last_sync: expect.any(String),
        product_name: expect.any(String),
      });
    }
    expect((await store.rig.status()).unmapped).toBe(0);
    const { data, unmapped } = await store.mapping();
    expect(unmapped).toBe(0);
    expect(data.filter(({ rule, word }) => rule === null && word !== null)).toEqual([]);
    const words = data.filter(({ kind }) => kind === "category");
    expect(words.reduce((sum, { count }) => sum + count, 0)).toBe(products.length);
  });
});

it("every word can be seen, page by page, the unmapped first; and it is said when there are more than are shown", async () => {
  const { location_id } = (await seedStore({ shard: "00" })).row;
  const claims = { token: await token({ role: "viewer" }) };
  const read = async (query = "") => {
    const response = await call("GET", `/v1/locations/${location_id}/mapping${query}`, claims);
    expect(response.status).toBe(200);
    return response.json<{
      data: MappedWordJson[];
      pagination: { page: number; limit: number; total: number };
      words: number;
      unmapped: number;
      is_cut: boolean;
    }>();
  };
  const use = (category: string, first: number, count: number) =>
    env.RECORDS_00.prepare(
      `insert into products (location_id, product_id, dutchie_product_id, product_name, category, status, source,
         source_at, source_rank, content_hash, updated_at)
       with recursive n(i) as (select ?2 union all select i + 1 from n where i < ?2 + ?3 - 1)
       select ?1, 'prd_' || i, i, 'p', replace(?4, '#', i), 'active', 'dutchie', 1, 1, 'h', 1 from n`,
    )
      .bind(location_id, first, count, category)
      .run();
  await use("Flower", 1, 5);
  await use("Qwxyz #", 1_001, 700);
  const first = await read();
  expect([first.data.length, first.unmapped, first.words, first.is_cut]).toEqual([500, 700, 701, false]);
  expect(first.pagination).toEqual({ page: 1, limit: 500, total: 701 });
  const second = await read("?page=2");
  expect(second.data).toHaveLength(201);
  expect(second.data.at(-1)).toMatchObject({ category: "flower" });
  const seen = [...first.data, ...second.data].map(({ word, category }) => `${word} ${category}`);
  expect(new Set(seen).size).toBe(701);
  const open = await read("?mapped=false&limit=100&page=7");
  expect([open.data.length, open.pagination.total]).toEqual([100, 700]);
  expect((await read("?mapped=true")).data).toHaveLength(1);
  expect((await call("GET", `/v1/locations/${location_id}/mapping?limit=501`, claims)).status).toBe(400);
  await use("Zyxwq #", 2_001, MAX_SHOWN_WORDS);
  expect(await read("?limit=1")).toMatchObject({ is_cut: true });
});

describe("the store's own map", () => {
  it("a word that nothing maps is told, and a person's word for it changes what is stored, without reading Dutchie", async () => {
    const store = await imported("pos", 20);
    const { dutchie } = store.rig;
    const [first, second] = [...dutchie.world.products.values()];
    for (const product of [first, second])
      dutchie.setProduct(product?.id ?? 0, { category: "Staff Picks" }, { silent: true });
    await store.sync();
    // The master category still tells it.
    expect((await store.rig.status()).unmapped).toBe(0);
    expect((await store.mapping()).data).toContainEqual(
      expect.objectContaining({ word: "Staff Picks", rule: "master_category" }),
    );
    const of = async () =>
      (await store.products()).filter(({ dutchie_category }) => dutchie_category === "Staff Picks");
    const requests = vi.spyOn(dutchie.app, "request");
    await store.set({ categories: { "staff pick": { category: "topicals", subcategory: "balms" } } });
    expect(await of()).toMatchObject(Array(2).fill({ category: "topicals", subcategory: "balms" }));
    expect(await store.mapping()).toMatchObject({ unmapped: 0 });
    const [product] = await of();
    const { data } = await store.ask<{ data: { fields: object; cause: string }[] }>(
      "GET",
      `/products/${product?.product_id}/changes`,
    );
    expect(data).toContainEqual(
      expect.objectContaining({
        cause: "user",
        fields: expect.objectContaining({ category: expect.objectContaining({ after: "topicals" }) }),
      }),
    );
    await store.set({ categories: {} });
    expect((await of()).map(({ category }) => category)).not.toContain("topicals");
    expect(requests).not.toHaveBeenCalled();
  });

  it("a word without a master category is null, counted, and first in the list", async () => {
    const store = await imported("guide", 20);
    const { dutchie } = store.rig;
    const [first] = [...dutchie.world.products.values()];
    dutchie.setProduct(first?.id ?? 0, { category: "Staff Picks" }, { silent: true });
    await store.sync();
    expect((await store.rig.status()).unmapped).toBe(1);
    const { data, unmapped } = await store.mapping();
    expect(unmapped).toBe(1);
    expect(data.find(({ word }) => word !== null)).toMatchObject({
      kind: "category",
      word: "Staff Picks",
      count: 1,
      category: null,
      rule: null,
    });
    await store.set({ categories: { "Staff Picks": { category: "vapes" } } });
    expect((await store.rig.status()).unmapped).toBe(0);
  });

  it("a room without stock keeps its former names as long as Dutchie lists it, and goes when it no longer does", async () => {
    const store = await imported("pos", 20);
    const { id, dutchie } = store.rig;
    const roomsOf = async () =>
      (await loadRooms(recordsDb(env, store.rig.row), id)).map(({ dutchie_room_id, room_name, former_names }) => [
        dutchie_room_id,
        room_name,
        former_names,
      ]);
    const { world } = dutchie;
    const empty = (name: string) => ({ ...world.rooms[0], id: 900, name }) as (typeof world.rooms)[number];
    const listed = [...world.rooms];
    for (const name of ["Vault B", "Blue Room"]) {
      Object.assign(world, { rooms: [...listed, empty(name)] });
      await store.sync();
    }
    const kept = ["900", "Blue Room", ["Vault B"]];
    expect(await roomsOf()).toContainEqual(kept);
    for (let days = 40; days <= 280; days += 40) {
      later(40 * DAY);
      await store.sync();
      while ((await sweep(env, { location_id: id }, Date.now())) !== null);
      expect(await roomsOf()).toContainEqual(kept);
    }
    Object.assign(world, { rooms: listed });
    const left: boolean[] = [];
    for (const days of [20, 40, 60]) {
      later(days * DAY);
      await store.sync();
      while ((await sweep(env, { location_id: id }, Date.now())) !== null);
      left.push((await roomsOf()).some(([room_id]) => room_id === "900"));
    }
    expect(left).toEqual([true, true, false]);
  });

  it("a room's type by a person's word is kept when the room is renamed", async () => {
    const store = await imported("pos", 20);
    await store.set({ room_types: { "Back Stock": "secret_menu" } });
    const typesIn = async (name: string) =>
      new Set(
        (await store.inventory())
          .filter(({ room_name, quantity }) => room_name === name && quantity > 0)
          .map(({ room_type }) => room_type),
      );
    expect(await typesIn("Back Stock")).toEqual(new Set(["secret_menu"]));
    const { world } = store.rig.dutchie;
    const rooms = world.rooms.map((room) => (room.id === 104 ? { ...room, name: "Red Room" } : room));
    Object.assign(world, { rooms });
    await store.sync();
    expect(await typesIn("Red Room")).toEqual(new Set(["secret_menu"]));
    expect(
      (await store.ask<{ data: { room_name: string }[] }>("GET", "/rooms")).data.map(({ room_name }) => room_name),
    ).not.toContain("Back Stock");
  });
});

it.each([
  ["after commit", 1],
  ["before commit", 2],
] as const)(
  "stock that could not be placed (%s of write %i) is placed when the rooms come again, though they are as stored",
  async (at, nth) => {
    const { rig, inventory } = await imported("pos", 20);
    const listed = await loadRooms(recordsDb(env, rig.row), rig.id);
    const rooms = listed.map((row) => ({
      room_key: row.room_key,
      content: { ...row, flags: row.dutchie_room_id === "104" ? ["quarantine" as const] : row.flags },
    }));
    const failing = failingOnce(env, { at, nth });
    await runInDurableObject(env.LOCATION.getByName(rig.id), async (_, { storage }) => {
      const given = { store: new Store(storage.sql), location: rig.row, now: Date.now() };
      const apply = (bindings: Env) =>
        applyRooms({ ...given, env: bindings, db: recordsDb(bindings, rig.row), rowWritten: () => {} }, READING, rooms);
      await apply(failing.env).catch(() => null);
      expect(failing.reached()).toBe(true);
      expect((await apply(env)).counts.updated).toBe(0);
      expect(given.store.get("place_due")).toBeNull();
    });
    const moved = (await inventory()).filter(({ room_name }) => room_name === "Back Stock");
    expect(moved.length).toBeGreaterThan(0);
    expect(new Set(moved.map(({ room_type }) => room_type))).toEqual(new Set(["quarantine"]));
  },
);

describe("what is reserved", () => {
  it("is taken from the fullest sales floor, follows a changed allocation, and low stock is what is left", async () => {
    const store = await imported("pos", 20);
    const { dutchie } = store.rig;
    const item = [...dutchie.world.packages.values()].find(({ rooms }) => rooms.length === 1);
    const id = item?.id ?? 0;
    dutchie.setPackage(id, { room: 101, quantity: 45, allocated: 5 }, { silent: true });
    await store.sync();
    const row = async () =>
      (await store.inventory()).find((each) => each.dutchie_inventory_id === String(id) && each.quantity > 0);
    expect(await row()).toMatchObject({
      quantity: 45,
      reserved_quantity: 5,
      available_quantity: 40,
      room_type: "sales_floor",
    });
    dutchie.setPackage(id, { allocated: 38 }, { silent: true });
    await store.sync();
    expect(await row()).toMatchObject({ quantity: 45, reserved_quantity: 38, available_quantity: 7 });
    const isLow = async () =>
      (await store.inventory("?low_stock=true")).some((each) => each.dutchie_inventory_id === String(id));
    expect(await isLow()).toBe(true);
    await store.set({ low_stock_threshold: 6 });
    expect(await isLow()).toBe(false);
    expect(
      (await store.inventory("?low_stock=true")).every(
        ({ available_quantity, quantity }) => available_quantity <= 6 && quantity !== 0,
      ),
    ).toBe(true);
  });
});
