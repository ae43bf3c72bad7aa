import fc from "fast-check";
import type { IncomingEvent } from "../../../src/contract/location.ts";
import type { Pepper } from "../../../src/domain/insights/pseudonym.ts";
import type { DutchiePackage, DutchieProduct, DutchieSale, Settings } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { mapRows } from "../../../src/pipeline/reading/map.ts";
import { HOUR, MINUTE, T0 } from "../../unit/domain/build.ts";

/** Webhooks of a small store, as the consumer maps them: few records, so that events meet each other. */

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const minutes = fc.integer({ min: -5, max: 12 });
const stamp = fc.option(
  minutes.map((at) => T0 + at * MINUTE),
  { freq: 1 },
);
const productIds = oneOf("1", "1", "2", "2", "3", "4", "5");
const label = fc.option(
  fc.record({ value: oneOf(20, 21.5, 350), unit: oneOf("percent" as const, "mg" as const, "untold" as const) }),
);
/** Of three prices the first that counts is charged; a row may state any of them. */
const price = oneOf(0, 10, 20, null);

const products: fc.Arbitrary<DutchieProduct> = fc.record(
  {
    dutchie_product_id: productIds,
    modified_at: stamp,
    sku: oneOf("S1", "S1", "S2", "S9", "N1"),
    product_name: oneOf("A", "A", "B"),
    price,
    rec_price: price,
    med_price: price,
    unit_cost: oneOf(5, 6),
    thc: label,
    unit_grams: oneOf(3.5, null),
    master_category: oneOf("Flower", "Edible"),
    is_active: fc.boolean(),
  },
  { requiredKeys: ["dutchie_product_id", "modified_at"] },
);

const room = fc.record({ room_name: oneOf("Vault", "Sales Floor"), quantity: fc.integer({ min: 0, max: 6 }) });
const roomsOf = (max: number) =>
  fc.uniqueArray(room, { minLength: 1, maxLength: max, selector: ({ room_name }) => room_name });
/** Nobody knows them at first, and few SKUs are theirs. */
const newProducts: fc.Arbitrary<DutchieProduct> = fc.record({
  dutchie_product_id: oneOf("4", "5", "6"),
  modified_at: fc.constant(null),
  sku: oneOf("N1", "n1 ", "N2"),
  product_name: oneOf("A", "B"),
});

const packages: fc.Arbitrary<DutchiePackage> = fc
  .tuple(
    fc.record(
      {
        dutchie_inventory_id: oneOf("1", "2", "3", "4"),
        quantity: fc.integer({ min: 0, max: 6 }),
        modified_at: stamp,
        dutchie_product_id: productIds,
        sku: oneOf(null, "S1", "S3", "N1"),
        allocated: oneOf(0, 2, null),
        unit_price: price,
        rec_price: price,
        med_price: price,
      },
      { requiredKeys: ["dutchie_inventory_id", "quantity", "modified_at"] },
    ),
    fc.oneof(
      fc.option(roomsOf(2), { freq: 4 }).map((rooms) => ({ scope: "package" as const, rooms })),
      roomsOf(1).map((rooms) => ({ scope: "room" as const, rooms })),
    ),
  )
  .map(([row, placed]) => ({ ...row, ...placed }));

const UNSAID = { dutchie_inventory_id: null, package_id: null, sku: null, upc: null, product_name: null };
const line = fc
  .record(
    {
      line_id: oneOf("a", "b"),
      quantity: oneOf(1, 2),
      dutchie_product_id: productIds,
      unit_price: oneOf(10, 20),
      total: oneOf(10, 20),
    },
    { requiredKeys: ["line_id", "quantity", "dutchie_product_id"] },
  )
  .map((stated) => ({ ...UNSAID, ...stated }));
const sales: fc.Arbitrary<DutchieSale> = fc.record(
  {
    dutchie_transaction_id: oneOf("1", "2"),
    completed_at: fc.constant(T0),
    modified_at: stamp,
    total: oneOf(10, 20),
    is_void: fc.boolean(),
    dutchie_customer_id: oneOf("c1", "c2", null),
    items: fc.uniqueArray(line, { maxLength: 2, selector: ({ line_id }) => line_id }),
    lines_missing: fc.constant("its lines cannot be read"),
  },
  { requiredKeys: ["dutchie_transaction_id", "completed_at", "modified_at"] },
);

const few = <T>(row: fc.Arbitrary<T>) => fc.array(row, { minLength: 1, maxLength: 3 });
const drawnRows = fc.oneof(
  { arbitrary: few(packages).map((rows) => ({ resource: "inventory" as const, rows })), weight: 4 },
  { arbitrary: few(products).map((rows) => ({ resource: "products" as const, rows })), weight: 2 },
  { arbitrary: few(newProducts).map((rows) => ({ resource: "products" as const, rows })), weight: 1 },
  { arbitrary: few(sales).map((rows) => ({ resource: "sales" as const, rows })), weight: 3 },
  { arbitrary: fc.constant(null), weight: 1 },
);

const pepperOf = (id: string): Pepper => ({ id, secret: new Uint8Array(32).fill(id.charCodeAt(1)) });

export interface DrawnStore {
  settings: Settings;
  /** The id of the store's pepper; null: it keeps no customers. */
  pepper_id: string | null;
  /** An edit of ReUp's is in force, and Dutchie has answered another. */
  isEdited: boolean;
  /** It has a product of its own that new ones of Dutchie's may be. */
  hasOwn: boolean;
}

const anyStore: fc.Arbitrary<DrawnStore> = fc.record({
  settings: fc
    .record({
      direction: oneOf("dutchie_to_reup" as const, "bidirectional" as const),
      duplicate_sku: oneOf("auto" as const, "merge" as const, "review" as const),
      quantity_basis: oneOf("available" as const, "available_minus_allocated" as const),
      room_types: oneOf<Settings["room_types"]>({}, { Vault: "quarantine" }),
      data_types: fc.record({
        products: oneOf(true, true, false),
        inventory: oneOf(true, true, true, false),
        sales: oneOf(true, true, false),
        customers: fc.boolean(),
      }),
    })
    .map((drawn) => ({ ...DEFAULT_SETTINGS, ...drawn })),
  pepper_id: oneOf("p1", "p1", null),
  isEdited: fc.boolean(),
  hasOwn: oneOf(false, false, true),
});

/** `mapped`: under which pepper; an event may have been mapped before the store got its present one, or none. */
const anyEvent = fc.record({
  event_id: fc.integer({ min: 1, max: 30 }).map((n) => `evt_${n}`),
  drawn: drawnRows,
  minutes,
  failures: oneOf([], [], [], [{ resource: "inventory" as const, dutchie_id: "9", reason: "no quantity" }]),
  mapped: oneOf("p1", "p1", "p0", null),
});

type Drawn = typeof anyEvent extends fc.Arbitrary<infer E> ? E : never;

function eventOf({ drawn, mapped, minutes: at, ...event }: Drawn, settings: Settings) {
  const mapping = { settings, pepper: mapped === null ? null : pepperOf(mapped) };
  const rows = drawn === null ? null : mapRows(drawn.resource, { rows: drawn.rows, failures: [] }, mapping).rows;
  return {
    ...event,
    rows,
    type: drawn?.resource ?? "unknown",
    occurred_at: T0 + at * MINUTE,
    received_at: T0 + HOUR,
    body: {},
  } satisfies IncomingEvent;
}

/** A store, and its events in the order in which they come. */
export const anyDay: fc.Arbitrary<DrawnStore & { events: IncomingEvent[] }> = fc
  .record({ store: anyStore, drawn: fc.array(anyEvent, { minLength: 2, maxLength: 25 }) })
  .map(({ store, drawn }) => ({ ...store, events: drawn.map((event) => eventOf(event, store.settings)) }));
