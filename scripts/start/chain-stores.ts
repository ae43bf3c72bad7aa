import { setTimeout as pause } from "node:timers/promises";
import type { Simulation } from "../../simulator/simulator.ts";
import type { Product } from "../../simulator/world/records.ts";
import type { ChainStore } from "./chain-store.ts";

/** How a store of the chain gets into its state, by nothing but settings, API calls and what its Dutchie does. */
export interface Role {
  name: string;
  /** For people who look at the list in the terminal. */
  about: string;
  /** Products of its Dutchie. */
  size: number;
  settings?: object;
  /** After it was connected, before it is read. */
  before?: (store: ChainStore) => unknown;
  /** `no`: it is not read. `begin`: its first sync is not waited for. Absent: it is read whole. */
  first_sync?: "no" | "begin";
  /** After its first sync, side by side with the others'. */
  after?: (store: ChainStore) => Promise<unknown>;
  /** Its customers buy, and Dutchie sends webhooks. */
  is_live?: boolean;
  /** What the list of all stores says of it in the end. */
  expected: { health: string; activity: "idle" | "syncing" | "waiting"; code: string | null };
  /** How much of each kind the inbox has of it, at least. */
  inbox?: Partial<Record<"review" | "dead_letter" | "edit", number>>;
}

const HEALTHY = { health: "healthy", activity: "idle", code: null } as const;
/** The simulated stores have two products with one SKU that differ; only one store asks about them. */
const ASKS_NOTHING = { duplicate_sku: "merge" };

const at_work = { settings: ASKS_NOTHING, is_live: true, expected: HEALTHY } as const;

export const CHAIN: readonly Role[] = [
  { name: "Alameda", about: "sells", size: 300, ...at_work },
  { name: "Boulder", about: "sells", size: 200, ...at_work },
  { name: "Colfax", about: "sells", size: 150, ...at_work },
  {
    name: "Durango",
    about: "asks about duplicates and one match; Dutchie refuses two edits",
    size: 120,
    settings: { duplicate_sku: "auto", direction: "bidirectional" },
    before: addLookalikes,
    after: refuseEdits,
    expected: { health: "needs_decision", activity: "idle", code: "OPEN_REVIEWS" },
    inbox: { review: 3, edit: 2 },
  },
  {
    name: "Englewood",
    about: "a quarter of its packages is missing; three webhooks failed",
    size: 100,
    settings: ASKS_NOTHING,
    after: async (store) => {
      await losePackages(store);
      await failWebhooks(store, 3);
    },
    expected: { health: "needs_decision", activity: "idle", code: "HELD_SNAPSHOT" },
    inbox: { review: 1, dead_letter: 3 },
  },
  {
    name: "Fort Collins",
    about: "its key was revoked",
    size: 80,
    settings: ASKS_NOTHING,
    after: async (store) => {
      store.dutchie.config.apiKey = "another-key";
      await store.sync("incremental");
    },
    expected: { health: "failing", activity: "idle", code: "UNAUTHORIZED" },
  },
  {
    name: "Golden",
    about: "its Dutchie refuses connections",
    size: 80,
    settings: ASKS_NOTHING,
    after: async (store) => {
      await store.closeDutchie();
      await store.sync("incremental");
    },
    expected: { health: "failing", activity: "idle", code: "ECONNREFUSED" },
  },
  {
    name: "Highlands",
    about: "was not read for a minute, and may not be older",
    size: 60,
    settings: { ...ASKS_NOTHING, alerts: { max_staleness_minutes: 1 } },
    expected: { health: "stale", activity: "idle", code: "STALE" },
  },
  {
    name: "Lakewood",
    about: "waits for Dutchie's rate limit",
    size: 60,
    settings: ASKS_NOTHING,
    after: async (store) => {
      store.dutchie.setFaults([{ kind: "429", retryAfter: 1_800 }]);
      await store.begin("incremental");
    },
    expected: { health: "healthy", activity: "waiting", code: "RATE_LIMITED" },
  },
  {
    name: "Pueblo",
    about: "disconnected, its records kept",
    size: 60,
    settings: ASKS_NOTHING,
    after: (store) => store.disconnect(),
    expected: { health: "disconnected", activity: "idle", code: null },
  },
  {
    name: "Redstone",
    about: "its first sync is under way; its Dutchie is slow",
    size: 300,
    settings: { ...ASKS_NOTHING, sales_history_days: 365 },
    before: (store) => store.dutchie.setFaults([{ kind: "slow", ms: 8_000 }]),
    first_sync: "begin",
    expected: { health: "never_synced", activity: "syncing", code: null },
  },
  {
    name: "Trinidad",
    about: "connected, and not read yet",
    size: 60,
    settings: ASKS_NOTHING,
    first_sync: "no",
    expected: { health: "never_synced", activity: "idle", code: null },
  },
];

/** Products of ReUp's own with the SKU of one of Dutchie's, but another size: only a person knows whether they are the same. */
async function addLookalikes({ api, base, dutchie }: ChainStore): Promise<void> {
  const sized = plainProducts(dutchie).find(({ name }) => SIZE.test(name));
  if (sized === undefined) throw new Error("The store has no product with a size in its name.");
  const product_name = sized.name.trim().replace(SIZE, "28g");
  await api.call("POST", `${base}/products`, { product_name, brand: sized.brand?.trim(), sku: sized.sku?.trim() });
}

const SIZE = /\b(?!28g)\d+(\.\d+)?g\b/;

async function refuseEdits({ api, base, dutchie }: ChainStore): Promise<void> {
  dutchie.setFaults([
    { kind: "refuseWrite", body: { message: "The price is below this location's minimum.", propertyErrors: null } },
  ]);
  const { data } = await api.get<{ data: { product_id: string; dutchie_product_id: string }[] }>(
    `${base}/products?limit=500`,
  );
  for (const { id } of plainProducts(dutchie).slice(-2)) {
    const known = data.find(({ dutchie_product_id }) => dutchie_product_id === String(id));
    if (known === undefined) throw new Error(`ReUp has no product ${id}.`);
    await api.call("PATCH", `${base}/products/${known.product_id}`, { unit_price: 1 });
  }
}

/** Dutchie's list leaves out a quarter of the packages: too many to believe it at once. */
async function losePackages(store: ChainStore): Promise<void> {
  const packages = store.stocked();
  for (const { id } of packages.slice(0, Math.ceil(packages.length / 4))) store.dutchie.removePackage(id);
  await store.sync("full");
}

/** Three tries of a message, with the waits between them, on a busy machine; ms. */
const MAX_FAILING_MS = 180_000;

/**
 * Webhooks whose database is overloaded for longer than they are tried again. A trigger refuses this store's writes, with D1's words;
 * the messages become failed ones by themselves.
 */
async function failWebhooks(store: ChainStore, count: number): Promise<void> {
  await store.execute(`create trigger overload before update on inventory when new.location_id = '${store.id}'
    begin select raise(abort, 'D1 DB is overloaded. Requests queued for too long.'); end`);
  store.sendWebhooks();
  for (const { id } of store.stocked().slice(-count)) store.dutchie.setPackage(id, { quantity: 5 });
  const letters = () => store.api.get<{ data: object[] }>("/v1/dead-letters");
  const deadline = Date.now() + MAX_FAILING_MS;
  while ((await letters()).data.length < count) {
    if (Date.now() > deadline) throw new Error(`Not all of ${count} webhooks failed in time.`);
    await pause(1_000);
  }
  store.dutchie.setWebhooks(null);
  await store.execute("drop trigger overload");
}

/** Products for sale whose SKU is theirs alone. */
const plainProducts = ({ world }: Simulation): Product[] =>
  [...world.products.values()].filter(
    ({ id, sku, price, brand, isActive }) => sku && price && brand && isActive && !world.paired.has(id),
  );
