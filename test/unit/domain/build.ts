import type { Origin } from "../../../src/domain/records/change.ts";
import type { IncomingPackage, IncomingProduct, IncomingSale } from "../../../src/domain/records/mapping.ts";
import type { SaleItem } from "../../../src/domain/records/model.ts";
import type { InventoryRow, ProductRow, SaleRow } from "../../../src/domain/records/records.ts";
import type { Read } from "../../../src/domain/records/version.ts";
import { inventoryId } from "../../../src/domain/resolve/inventory.ts";
import { NO_CURSORS } from "../../../src/domain/runs/cursors.ts";
import { newRun, type Run } from "../../../src/domain/runs/run.ts";
import { roomTypeOf } from "../../../src/domain/vocabulary/room-type.ts";

/** Rows for tests: ordinary values, except for those that the test states. */
export const T0 = 1_760_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Far enough after all times of a test that no stamp lies in the future. */
export const NOW = T0 + 30 * DAY;
export const ORIGIN: Origin = { cause: "poll", ref: "run_1" };

export const event = (minutes: number): Read => ({
  kind: "event",
  occurred_at: T0 + minutes * MINUTE,
  received_at: T0 + 60 * MINUTE,
});
/** A read that is a statement about T0 + `minutes`, so it started S later. */
export const snapshot = (minutes: number, complete = true): Read => ({
  kind: "snapshot",
  as_of: T0 + minutes * MINUTE,
  complete,
});

/** A full run that has nothing to read. */
export const emptyRun = (run_id: string, now: number): Run =>
  newRun({
    run_id,
    location_id: "loc_1",
    mode: "full",
    trigger: "manual",
    heal: false,
    steps: [],
    cursors: NO_CURSORS,
    now,
  });

export function product(over: Partial<ProductRow> = {}): ProductRow {
  const dutchie_product_id = over.dutchie_product_id === undefined ? "1" : over.dutchie_product_id;
  return {
    product_id: `prd_${dutchie_product_id}`,
    dutchie_product_id,
    sku: "SKU-1",
    upc: null,
    product_name: "Blue Dream 3.5g",
    brand: "Kiva",
    category: "Flower",
    subcategory: "Hybrid",
    thc_percentage: 21.5,
    cbd_percentage: null,
    thc_mg: null,
    cbd_mg: null,
    unit_price: 30,
    unit_cost: 12,
    status: "active",
    merged_into: null,
    overrides: null,
    notes: null,
    source: "dutchie",
    unsettled: null,
    source_at: T0,
    source_rank: 1,
    content_hash: "",
    updated_at: T0,
    ...over,
  };
}

/** A product of ReUp's own, which Dutchie does not have. */
export const ownProduct = (product_id: string, over: Partial<ProductRow> = {}): ProductRow =>
  product({
    product_id,
    dutchie_product_id: null,
    sku: null,
    brand: null,
    product_name: product_id,
    source: "reup",
    source_at: 0,
    source_rank: 0,
    ...over,
  });

export const incomingProduct = (
  content: IncomingProduct["content"],
  modified_at: number | null = null,
  dutchie_product_id = "1",
): IncomingProduct => ({ dutchie_product_id, content, modified_at });

export function inventoryRow(room_name: string, quantity: number, over: Partial<InventoryRow> = {}): InventoryRow {
  const dutchie_inventory_id = over.dutchie_inventory_id ?? "10";
  return {
    inventory_id: inventoryId(dutchie_inventory_id, room_name),
    dutchie_inventory_id,
    dutchie_product_id: "1",
    product_id: "prd_1",
    sku: "SKU-1",
    package_id: "PKG-10",
    quantity,
    reserved_quantity: 0,
    room_type: roomTypeOf({ room_name }, {}).room_type,
    room_name,
    unit_cost: 5,
    unit_price: 30,
    package_at: over.source_at ?? T0,
    source_at: T0,
    source_rank: 1,
    content_hash: "",
    updated_at: T0,
    ...over,
  };
}

/** A row of a whole package by its rooms; `null`: it names none, and `quantity` is its total. */
export function incomingPackage(
  rooms: Record<string, number> | null,
  over: Partial<IncomingPackage> = {},
): IncomingPackage {
  const cells =
    rooms &&
    Object.entries(rooms).map(([room_name, quantity]) => ({
      room_name,
      room_type: roomTypeOf({ room_name }, {}).room_type,
      quantity,
    }));
  return {
    dutchie_inventory_id: "10",
    content: { dutchie_product_id: "1", sku: "SKU-1", package_id: "PKG-10", unit_cost: 5, unit_price: 30 },
    quantity: cells?.reduce((sum, cell) => sum + cell.quantity, 0) ?? 0,
    cells,
    scope: "package",
    hint: null,
    modified_at: null,
    ...over,
  };
}

export const incomingRoom = (room: string, quantity: number, over: Partial<IncomingPackage> = {}): IncomingPackage =>
  incomingPackage({ [room]: quantity }, { scope: "room", ...over });

export const saleLine = (line_id: string, over: Partial<SaleItem> = {}): Omit<SaleItem, "product_id"> => {
  const { product_id: _, ...line } = {
    line_id,
    product_id: null,
    dutchie_product_id: "1",
    quantity: 1,
    unit_price: 30,
    unit_cost: 12,
    discount: 0,
    total: 30,
    is_returned: false,
    ...over,
  };
  return line;
};

export const incomingSale = (over: Partial<IncomingSale> = {}): IncomingSale => ({
  dutchie_transaction_id: "900",
  content: { completed_at: T0, type: "retail", total: 30, item_count: 1 },
  items: [saleLine("1")],
  hints: [],
  meant: {},
  modified_at: T0,
  ...over,
});

export const saleRow = (over: Partial<SaleRow> = {}): SaleRow => ({
  sale_id: "sal_900",
  dutchie_transaction_id: "900",
  completed_at: T0,
  type: "retail",
  subtotal: null,
  discount: null,
  tax: null,
  total: 30,
  is_void: false,
  is_return: false,
  return_of: null,
  item_count: 1,
  items_hash: "lines",
  customer_key: null,
  source_at: T0,
  source_rank: 1,
  content_hash: "",
  updated_at: T0,
  ...over,
});

export const byKey = <T, K extends string>(rows: readonly T[], keyOf: (row: T) => K): ReadonlyMap<K, T> =>
  new Map(rows.map((row) => [keyOf(row), row]));

/** The one element, or the test fails there. */
export function only<T>(rows: readonly T[]): T {
  const [first] = rows;
  if (first === undefined || rows.length !== 1) throw new Error(`one row expected, ${rows.length} found`);
  return first;
}
