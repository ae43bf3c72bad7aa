import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { IncomingEvent } from "../../../src/contract/location.ts";
import { bulkUpsert } from "../../../src/db/bulk.ts";
import { accountsDb, recordsDb } from "../../../src/db/databases.ts";
import { insertLocation, type LocationRow } from "../../../src/db/locations.ts";
import { inventory } from "../../../src/db/schema/records.ts";
import { productsUpsert } from "../../../src/db/statements.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { HOUR, inventoryRow, MINUTE, NOW, product, T0 } from "../../unit/domain/build.ts";
import { nodePlatform } from "./platform.ts";

/** While it is set, each event is applied by the path of single events. */
const path = vi.hoisted(() => ({ isAlone: false }));
vi.mock(import("../../../src/location/events/together.ts"), async (original) => {
  const real = await original();
  return { ...real, countTogether: (...given) => (path.isAlone ? 0 : real.countTogether(...given)) };
});

const platform = nodePlatform();
const { env } = platform;
const SHARD = "00";
vi.spyOn(console, "info").mockImplementation(() => {});
vi.spyOn(console, "error").mockImplementation(() => {});

/** Two settled products, one that only a package named, and packages of them. Others are unknown at first. */
async function openStore(location_id: string): Promise<void> {
  const row: LocationRow = {
    location_id,
    shard: SHARD,
    other_shard: null,
    retailer_id: "ret_1",
    name: "Main St",
    time_zone: "America/Denver",
    endpoint: "https://dutchie.invalid",
    dutchie_location_id: location_id,
    profile: "pos",
    auth: "basic",
    api_key_hint: "…1",
    credentials: "",
    settings: DEFAULT_SETTINGS,
    webhook_scheme: { kind: "standard" },
    webhook_secrets: [],
    webhook_secret_hint: "",
    customer_pepper: null,
    state: "idle",
    last_sync_at: null,
    last_success_at: null,
    next_sync_at: null,
    next_full_at: null,
    wake_at: null,
    error_rate_24h: 0,
    standing: null,
    created_at: T0,
    deleted_at: null,
  };
  await insertLocation(accountsDb(env), row);
  const hint = { sku: "S3", upc: null, product_name: "C", brand: null, category: null, subcategory: null };
  const products = [
    product({ dutchie_product_id: "1", product_id: "prd_1", sku: "S1" }),
    product({ dutchie_product_id: "2", product_id: "prd_2", sku: "S2", product_name: "Gummies 100mg" }),
    product({
      dutchie_product_id: "3",
      product_id: "prd_3",
      sku: "S3",
      unsettled: { stated: {}, hint, own: null },
      source_at: 0,
    }),
  ];
  const packages = ["1", "2"].map((id) =>
    inventoryRow("Vault", 5, { dutchie_inventory_id: id, dutchie_product_id: id, product_id: `prd_${id}` }),
  );
  const db = recordsDb(env, row);
  await writeBatch(db, [
    ...productsUpsert({ location_id, settings: DEFAULT_SETTINGS }, products, "differs"),
    ...bulkUpsert(
      inventory,
      packages.map((one) => ({ location_id, ...one })),
      "differs",
    ),
  ]);
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const minutes = fc.integer({ min: -5, max: 12 });
const stamp = fc.option(
  minutes.map((at) => T0 + at * MINUTE),
  { freq: 1 },
);
const productIds = oneOf("1", "1", "2", "2", "3", "4");
const hintOf = (dutchie_product_id: string | null, sku: string | null) => ({
  dutchie_product_id,
  sku,
  upc: null,
  product_name: null,
  brand: null,
  category: null,
  subcategory: null,
});

const productRows = fc.record({
  resource: fc.constant("products" as const),
  rows: fc.array(
    fc.record({
      dutchie_product_id: productIds,
      content: fc.record(
        {
          unit_price: oneOf(10, 20, 30),
          unit_cost: oneOf(5, 6),
          thc_percentage: oneOf(20, 21.5, null),
          sku: oneOf("S1", "S1", "S2", "S9"),
          status: oneOf("active" as const, "inactive" as const),
        },
        { requiredKeys: [] },
      ),
      modified_at: stamp,
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

const cell = fc.record({
  room_name: oneOf("Vault", "Sales Floor"),
  room_type: fc.constant("vault" as const),
  quantity: fc.integer({ min: 0, max: 6 }),
});
const packageRows = fc.record({
  resource: fc.constant("inventory" as const),
  rows: fc.array(
    fc
      .record({
        dutchie_inventory_id: oneOf("1", "2", "3", "4"),
        product: fc.option(productIds, { freq: 4 }),
        sku: oneOf(undefined, null, "S1", "S3"),
        scope: oneOf("package" as const, "package" as const, "room" as const),
        cells: fc.option(fc.uniqueArray(cell, { minLength: 1, maxLength: 2, selector: ({ room_name }) => room_name }), {
          freq: 4,
        }),
        quantity: fc.integer({ min: 0, max: 6 }),
        modified_at: stamp,
      })
      .map(({ product: id, sku, ...row }) => ({
        ...row,
        content: {
          ...(id === null ? {} : { dutchie_product_id: id }),
          ...(sku === undefined ? {} : { sku }),
          unit_price: 10,
        },
        hint: id === null && (sku ?? null) === null ? null : hintOf(id, sku ?? null),
      })),
    { minLength: 1, maxLength: 2 },
  ),
});

const line = fc.record(
  {
    line_id: oneOf("a", "b"),
    quantity: oneOf(1, 2),
    dutchie_product_id: productIds,
    unit_price: oneOf(10, 20),
    total: oneOf(10, 20),
  },
  { requiredKeys: ["line_id", "quantity", "dutchie_product_id"] },
);
const saleRows = fc.record({
  resource: fc.constant("sales" as const),
  rows: fc.array(
    fc
      .record({
        dutchie_transaction_id: oneOf("1", "2"),
        content: fc.record(
          { completed_at: fc.constant(T0), total: oneOf(10, 20), is_void: fc.boolean() },
          { requiredKeys: ["completed_at"] },
        ),
        items: fc.option(fc.uniqueArray(line, { maxLength: 2, selector: ({ line_id }) => line_id }), { freq: 4 }),
        modified_at: stamp,
      })
      .map((row) => ({
        ...row,
        content: { ...row.content, ...(row.items === null ? {} : { item_count: row.items.length }) },
        hints: (row.items ?? []).map(({ dutchie_product_id }) => hintOf(dutchie_product_id, null)),
        meant: {},
      })),
    { minLength: 1, maxLength: 2 },
  ),
});

const anyEvent: fc.Arbitrary<IncomingEvent> = fc
  .record({
    event_id: fc.integer({ min: 1, max: 30 }).map((n) => `evt_${n}`),
    rows: fc.oneof(
      { arbitrary: packageRows, weight: 4 },
      { arbitrary: productRows, weight: 2 },
      { arbitrary: saleRows, weight: 3 },
      { arbitrary: fc.constant(null), weight: 1 },
    ),
    minutes,
    failures: oneOf([], [], [], [{ resource: "inventory" as const, dutchie_id: "9", reason: "no quantity" }]),
  })
  .map(({ minutes: at, ...event }) => ({
    ...event,
    type: event.rows?.resource ?? "unknown",
    occurred_at: T0 + at * MINUTE,
    received_at: T0 + HOUR,
    body: {},
  }));

/** Everything that a store holds, without the times at which it was written. */
async function contentsOf(location_id: string) {
  const all = async (table: string, order: string, without: readonly string[]) => {
    const query = `select * from ${table} where location_id = ? order by ${order}`;
    const { results } = await env.RECORDS_00.prepare(query).bind(location_id).all();
    return results.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([key]) => key !== "location_id" && !without.includes(key))),
    );
  };
  const stub = locationStub(env, location_id);
  const status = await stub.status();
  const ledger = (await stub.listEvents({ outcome: null, cursor: null, limit: 200 })).data;
  return {
    products: await all("products", "product_id", ["updated_at"]),
    inventory: await all("inventory", "inventory_id", ["updated_at"]),
    sales: await all("sales", "sale_id", ["updated_at"]),
    reviews: await all("reviews", "review_id", ["opened_at", "resolved_at"]),
    changes: historyOf(await all("changes", "record_id, change_id", ["change_id", "at"])),
    counts: await all("counts", "what", []),
    ledger: ledger.map(({ applied_at, ...event }) => ({ ...event, isApplied: applied_at !== null })),
    webhooks: status?.last_24h.webhooks,
    pending: status?.queue.pending_events,
  };
}

/** The entries, and for each record the order of its events. One event may have several entries of a record, in any order. */
function historyOf(changes: Record<string, unknown>[]) {
  const byRecord = [...Map.groupBy(changes, ({ record_id }) => record_id)];
  const orders = byRecord.map(([record_id, own]) => {
    const refs = own.map(({ ref }) => ref);
    return [record_id, refs.filter((ref, n) => ref !== refs[n - 1])];
  });
  return { orders, entries: changes.map((change) => JSON.stringify(change)).sort() };
}

let stores = 0;

async function after(parts: readonly (readonly IncomingEvent[])[]) {
  const id = `loc_${stores++}`;
  await openStore(id);
  const outcomes: string[] = [];
  for (const [index, part] of parts.entries()) {
    platform.setTime(NOW + index * 1_000);
    outcomes.push(...(await locationStub(env, id).receive([...part])).map(({ outcome }) => outcome));
  }
  return { outcomes, ...(await contentsOf(id)) };
}

/** Cuts the events after each of these places. */
function cut(events: readonly IncomingEvent[], places: readonly number[]): IncomingEvent[][] {
  const ends = [...new Set(places.map((place) => place % events.length)), events.length].sort((a, b) => a - b);
  return ends.map((end, index) => events.slice(ends[index - 1] ?? 0, end)).filter((part) => part.length > 0);
}

it("events that come together end as if each had come alone: records, change log, reviews, ledger and counters", async () => {
  await platform.begin(NOW);
  const events = fc.array(anyEvent, { minLength: 2, maxLength: 25 });
  const places = fc.array(fc.nat(24), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(events, places, async (given, at) => {
      path.isAlone = true;
      const alone = await after(given.map((event) => [event]));
      path.isAlone = false;
      const together = await after(cut(given, at));
      expect(together).toEqual(alone);
    }),
    { numRuns: Number(process.env.EVENT_RUNS ?? 25) },
  );
}, 600_000);
