import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { IncomingEvent } from "../../../src/contract/location.ts";
import { bulkUpsert } from "../../../src/db/bulk.ts";
import { accountsDb, recordsDb } from "../../../src/db/databases.ts";
import { insertLocation, type LocationRow } from "../../../src/db/locations.ts";
import { inventory } from "../../../src/db/schema/records.ts";
import { productsUpsert } from "../../../src/db/statements.ts";
import { writeBatch } from "../../../src/db/write.ts";
import type { ProductContent } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { Outbox } from "../../../src/location/storage/outbox.ts";
import { locationStub } from "../../../src/location/stub.ts";
import type { Namespace } from "../../support/node-platform/durable-objects.ts";
import { HOUR, incomingPackage, inventoryRow, MINUTE, NOW, ownProduct, product, T0 } from "../../unit/domain/build.ts";
import { anyDay, type DrawnStore } from "./draw-events.ts";
import { nodePlatform } from "./platform.ts";

/** `isAlone`: each event is applied by the path of single events. `loaded`: events that were loaded to be planned together. */
const path = vi.hoisted(() => ({ isAlone: false, loaded: 0 }));
vi.mock(import("../../../src/location/events/together.ts"), async (original) => {
  const real = await original();
  return {
    ...real,
    countTogether: (...given) => (path.isAlone ? 0 : real.countTogether(...given)),
    applyTogether: (context, events, clock) => {
      path.loaded += events.length;
      return real.applyTogether(context, events, clock);
    },
  };
});

/** A write that Dutchie answered among the times of the events. */
const ANSWERED = {
  push_id: "psh_1",
  state: "done" as const,
  fields: { unit_price: { value: 15, base: 30 } },
  attempts: 0,
  next_at: null,
  error: null,
  reason: null,
  edited_by: "user_1",
  created_at: T0,
  updated_at: T0,
  written: { unit_price: 15 },
  known_at: T0,
  answered_at: T0 + 8 * MINUTE,
};

const platform = nodePlatform();
const { env } = platform;
const SHARD = "00";
vi.spyOn(console, "info").mockImplementation(() => {});
vi.spyOn(console, "error").mockImplementation(() => {});

/** Two settled products, one that only a package named, and packages of them. Others are unknown at first. */
async function openStore(location_id: string, { settings, pepper_id, isEdited, hasOwn }: DrawnStore): Promise<void> {
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
    settings,
    webhook_scheme: { kind: "standard" },
    webhook_secrets: [],
    webhook_secret_hint: "",
    customer_pepper: pepper_id === null ? null : { id: pepper_id, sealed: "" },
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
    product({
      dutchie_product_id: "1",
      product_id: "prd_1",
      sku: "S1",
      ...(isEdited && {
        unit_price: 20,
        overrides: { unit_price: { value: 20, fill: false, push: true, dutchie: 30 } },
      }),
    }),
    product({ dutchie_product_id: "2", product_id: "prd_2", sku: "S2", product_name: "Gummies 100mg" }),
    product({
      dutchie_product_id: "3",
      product_id: "prd_3",
      sku: "S3",
      unsettled: { stated: {}, hint, own: null },
      source_at: 0,
    }),
    ...(hasOwn ? [ownProduct("own_1", { sku: "N1", product_name: "A" })] : []),
  ];
  const packages = ["1", "2"].map((id) =>
    inventoryRow("Vault", 5, { dutchie_inventory_id: id, dutchie_product_id: id, product_id: `prd_${id}` }),
  );
  const db = recordsDb(env, row);
  await writeBatch(db, [
    ...productsUpsert({ location_id, settings }, products, "differs"),
    ...bulkUpsert(
      inventory,
      packages.map((one) => ({ location_id, ...one })),
      "differs",
    ),
  ]);
  if (!isEdited) return;
  const storage = await (env.LOCATION as unknown as Namespace).storageOf(location_id);
  new Outbox(storage.sql as never).put({ ...ANSWERED, product_id: "prd_2", dutchie_product_id: "2" });
}

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
    inventory: await all("inventory", "inventory_id", ["updated_at", "last_change"]),
    sales: await all("sales", "sale_id", ["updated_at"]),
    reviews: await all("reviews", "review_id", ["opened_at", "resolved_at"]),
    changes: historyOf(await all("entries", "record_id, change_id", ["row_id", "change_id", "at", "previous"])),
    counts: await all("counts", "what", []),
    ledger: ledger.map(({ applied_at, ...event }) => ({ ...event, isApplied: applied_at !== null })),
    webhooks: status?.last_24h.webhooks,
    pending: status?.queue.pending_events,
  };
}

/**
 * The entries, and for each record the order of its events. One event may have several entries of a record, in any order. New
 * sales are only named, those of a batch by one entry, whose event is theirs if it is the only one.
 */
function historyOf(all: Record<string, unknown>[]) {
  const changes = all.flatMap(({ record_ids, ...change }) => {
    if (change.fields !== null) return [change];
    const ids = record_ids === null ? [change.record_id] : (JSON.parse(String(record_ids)) as string[]);
    return ids.map((record_id) => ({ ...change, record_id, ref: "named" }));
  });
  const byRecord = [...Map.groupBy(changes, ({ record_id }) => String(record_id))].sort(([a], [b]) => (a < b ? -1 : 1));
  const orders = byRecord.map(([record_id, own]) => {
    // What is only named stands behind all that its batch changed.
    const refs = own.filter(({ fields }) => fields !== null).map(({ ref }) => ref);
    return [record_id, refs.filter((ref, n) => ref !== refs[n - 1])];
  });
  return { orders, entries: changes.map((change) => JSON.stringify(change)).sort() };
}

let stores = 0;

async function after(store: DrawnStore, parts: readonly (readonly IncomingEvent[])[]) {
  const id = `loc_${stores++}`;
  await openStore(id, store);
  const outcomes: string[] = [];
  for (const [index, part] of parts.entries()) {
    platform.setTime(NOW + index * 1_000);
    outcomes.push(...(await locationStub(env, id).receive([...part])).map(({ outcome }) => outcome));
  }
  return { outcomes, ...(await contentsOf(id)) };
}

/** As it is when each event has come alone. */
async function eachAlone(store: DrawnStore, events: readonly IncomingEvent[]) {
  path.isAlone = true;
  const alone = await after(
    store,
    events.map((event) => [event]),
  );
  path.isAlone = false;
  return alone;
}

/** Cuts the events after each of these places. */
function cut(events: readonly IncomingEvent[], places: readonly number[]): IncomingEvent[][] {
  const ends = [...new Set(places.map((place) => place % events.length)), events.length].sort((a, b) => a - b);
  return ends.map((end, index) => events.slice(ends[index - 1] ?? 0, end)).filter((part) => part.length > 0);
}

it("events that come together end as if each had come alone: records, change log, reviews, ledger and counters", async () => {
  await platform.begin(NOW);
  const places = fc.array(fc.nat(24), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(anyDay, places, async ({ events, ...store }, at) => {
      const alone = await eachAlone(store, events);
      const together = await after(store, cut(events, at));
      expect(together).toEqual(alone);
    }),
    { numRuns: Number(process.env.EVENT_RUNS ?? 100) },
  );
}, 600_000);

type Told = [id: string, content: Partial<ProductContent>];

function productEvent(n: number, ...told: Told[]): IncomingEvent {
  const times = { occurred_at: T0 + (n + 1) * 1_000, received_at: T0 + HOUR };
  const products = told.map(([dutchie_product_id, content]) => ({ dutchie_product_id, content, modified_at: null }));
  const rows = { resource: "products" as const, rows: products };
  return { event_id: `evt_${n}`, type: "product.updated", ...times, rows, failures: [], body: {} };
}

const RENAMES: Record<string, Told[]> = {
  "its SKU is its own": [
    ["1", { product_name: "A" }],
    ["1", { sku: "s1 ", brand: "B" }],
    ["1", { status: "inactive" }],
  ],
  "then it gets another SKU": [
    ["1", { product_name: "A" }],
    ["1", { sku: "S9", product_name: "B" }],
    ["1", { product_name: "C" }],
  ],
  "another has its SKU": [
    ["2", { sku: "S1" }],
    ["1", { product_name: "A" }],
    ["1", { product_name: "Gummies 100mg" }],
  ],
  "another had its SKU": [
    ["2", { sku: "S1" }],
    ["2", { sku: "S2" }],
    ["1", { product_name: "A" }],
  ],
};

it.each(
  Object.entries(RENAMES).flatMap(([what, told]) =>
    (["auto", "merge", "review"] as const).map((rule) => [what, rule, told] as const),
  ),
)("events that rename a product end as if each had come alone: %s, rule %s", async (_, duplicate_sku, told) => {
  await platform.begin(NOW);
  const store = { settings: { ...DEFAULT_SETTINGS, duplicate_sku }, pepper_id: null, isEdited: false, hasOwn: false };
  const events = [...told, ["3", { unit_price: 7 }] as Told, ...told].map((each, n) => productEvent(n, each));
  const alone = await eachAlone(store, events);
  expect(await after(store, [events])).toEqual(alone);
});

it.each([
  ["all of new products", () => true],
  ["every other one of a new product", (n: number) => n % 2 === 0],
  ["the last half of new products", (n: number) => n >= 50],
  ["one of a new product", (n: number) => n === 50],
])("F77: a hundred events, %s, are loaded three times in all at most", async (_, isNew) => {
  await platform.begin(NOW);
  await openStore("loc_1", { settings: DEFAULT_SETTINGS, pepper_id: null, isEdited: false, hasOwn: false });
  const told = (n: number): Told => [isNew(n) ? `new_${n}` : "1", { unit_price: n }];
  const events = Array.from({ length: 100 }, (_, n) => productEvent(n, told(n)));
  path.loaded = 0;
  const results = await locationStub(env, "loc_1").receive(events);
  expect(results.map(({ outcome }) => outcome)).toEqual(events.map(() => "applied"));
  expect(path.loaded).toBeGreaterThan(0);
  expect(path.loaded).toBeLessThanOrEqual(300);
});

it.each([
  ["all", () => true],
  ["a third", (n: number) => n % 3 === 0],
])("a hundred events, of which %s rename a product with a SKU of its own, are loaded once", async (_, isRename) => {
  await platform.begin(NOW);
  await openStore("loc_1", { settings: DEFAULT_SETTINGS, pepper_id: null, isEdited: false, hasOwn: false });
  const told = (n: number): Told => ["1", isRename(n) ? { product_name: `Name ${n}` } : { unit_price: n }];
  const events = Array.from({ length: 100 }, (_, n) => productEvent(n, told(n)));
  path.loaded = 0;
  const results = await locationStub(env, "loc_1").receive(events);
  expect(results.map(({ outcome }) => outcome)).toEqual(events.map(() => "applied"));
  expect(path.loaded).toBe(100);
});

const NEW: Record<string, Told[]> = {
  "their SKUs are their own": [
    ["8", { sku: "S8", product_name: "A" }],
    ["9", { product_name: "A" }],
    ["8", { product_name: "B" }],
    ["9", { sku: "S9" }],
  ],
  "two have one SKU": [
    ["8", { sku: "S8", product_name: "A" }],
    ["9", { sku: "s8", product_name: "A" }],
    ["8", { product_name: "B" }],
  ],
  "one gets the SKU of another": [
    ["8", { sku: "S8", product_name: "A" }],
    ["9", { sku: "S9", product_name: "A" }],
    ["8", { sku: "S9" }],
    ["1", { product_name: "A" }],
  ],
  "one leaves the SKU that two had": [
    ["8", { sku: "S8", product_name: "A" }],
    ["9", { sku: "S8", product_name: "A" }],
    ["8", { sku: "S7" }],
    ["9", { status: "inactive" }],
  ],
  "one may be ReUp's own": [
    ["9", { product_name: "A" }],
    ["8", { sku: "N1", product_name: "A" }],
    ["9", { sku: "N1" }],
  ],
};

it.each(
  Object.entries(NEW).flatMap(([what, told]) =>
    (["auto", "merge", "review"] as const).map((rule) => [what, rule, told] as const),
  ),
)("events of new products end as if each had come alone: %s, rule %s", async (what, duplicate_sku, told) => {
  await platform.begin(NOW);
  const hasOwn = what === "one may be ReUp's own";
  const store = { settings: { ...DEFAULT_SETTINGS, duplicate_sku }, pepper_id: null, isEdited: false, hasOwn };
  const events = told.map((each, n) => productEvent(n, each));
  const alone = await eachAlone(store, events);
  expect(await after(store, [events])).toEqual(alone);
});

it.each(["auto", "merge", "review"] as const)(
  "new products of one event that have one SKU end as if it had come alone, rule %s",
  async (duplicate_sku) => {
    await platform.begin(NOW);
    const store = { settings: { ...DEFAULT_SETTINGS, duplicate_sku }, pepper_id: null, isEdited: false, hasOwn: false };
    const events = [
      productEvent(1, ["8", { sku: "S8", product_name: "A" }], ["9", { sku: " s8", product_name: "B" }]),
      productEvent(2, ["1", { unit_price: 7 }]),
    ];
    const alone = await eachAlone(store, events);
    expect(await after(store, [events])).toEqual(alone);
    expect(alone.reviews).toHaveLength(1);
  },
);

/** A new product, then a package of it, then its name and its SKU: as they come when a store takes up a product. */
function firstEvents(n: number): IncomingEvent[] {
  const id = `new_${n}`;
  const told = { dutchie_product_id: id, sku: `N${n}` };
  const hint = { ...told, upc: null, product_name: "New", brand: null, category: null, subcategory: null };
  const row = incomingPackage({ Vault: 5 }, { dutchie_inventory_id: id, content: told, hint });
  const events = [
    productEvent(10 * n, [id, { product_name: "New", sku: told.sku }]),
    { ...productEvent(10 * n + 1, [id, {}]), rows: { resource: "inventory" as const, rows: [row] } },
    productEvent(10 * n + 2, [id, { product_name: "Newer" }]),
  ];
  return n % 2 === 0 ? events : events.toReversed();
}

it.each([
  ["none of which ReUp's own may be", false, 90],
  ["which ReUp's own may be", true, 300],
])("events of new products, %s, are loaded as seldom as they can be and end as if alone", async (_, hasOwn, most) => {
  await platform.begin(NOW);
  const store = { settings: DEFAULT_SETTINGS, pepper_id: null, isEdited: false, hasOwn };
  const events = Array.from({ length: 30 }, (_, n) => firstEvents(n)).flat();
  const alone = await eachAlone(store, events);
  path.loaded = 0;
  expect(await after(store, [events])).toEqual(alone);
  expect(path.loaded).toBeLessThanOrEqual(most);
});
