import { customerKey, type Pepper } from "../insights/pseudonym.ts";
import { nameKey, skuKey, upcKey } from "../values/identifiers.ts";
import { round4, round4OrNull } from "../values/number.ts";
import { chargedPrice } from "../values/price.ts";
import { roomKey } from "../values/text.ts";
import { type RoomFlag, roomTypeOf } from "../vocabulary/room-type.ts";
import { fitRooms, mergeRooms, UNASSIGNED_ROOM } from "./cells.ts";
import type {
  DutchiePackage,
  DutchieProduct,
  DutchieRoom,
  DutchieSale,
  DutchieSaleLine,
  InventoryContent,
  ProductContent,
  RoomContent,
  RoomQuantity,
  SaleContent,
  SaleItem,
  Settings,
} from "./model.ts";
import type { Hint } from "./records.ts";
import {
  addProductStatement,
  computedFields,
  type ProductStatement,
  type StatedPackage,
  statementOf,
} from "./stated.ts";

export { UNASSIGNED_ROOM };

/** A product row with ReUp's field names; an absent key makes no statement. */
export interface IncomingProduct {
  dutchie_product_id: string;
  content: Partial<Omit<ProductContent, "dutchie_product_id">>;
  /** What the row states of the fields from which others are computed; `content` has what follows from this row alone. */
  statement?: ProductStatement;
  /** Why some of its amounts make no statement, although the row has them. */
  unreadable?: string;
  /** As of Dutchie's row. */
  labels_only?: true;
  modified_at: number | null;
}

/** What an inventory row or a sale line says of its product; `dutchie_product_id` null: the row has no product id. */
export interface ProductHint extends Hint {
  dutchie_product_id: string | null;
}

/** The key under which a hint's product is looked up: Dutchie's id, else everything that the hint says. */
export const hintKey = ({ dutchie_product_id, sku, upc, brand, product_name }: ProductHint): string =>
  dutchie_product_id ?? `\n${JSON.stringify([sku, upc, brand, product_name])}`;

/** Whether the hint says enough to find a product. */
const canIdentify = (hint: ProductHint): boolean =>
  hint.dutchie_product_id !== null ||
  skuKey(hint.sku) !== null ||
  upcKey(hint.upc) !== null ||
  nameKey(hint.product_name) !== null;

type MappedCell = Pick<InventoryContent, "room_name" | "room_type" | "quantity"> & { room_id?: string };

/** One package: a cell per room (null when the row names no room), and what applies to all rooms. */
export interface IncomingPackage {
  dutchie_inventory_id: string;
  content: Partial<Pick<InventoryContent, "dutchie_product_id" | "sku" | "package_id" | "unit_cost" | "unit_price">>;
  /** What the row states of the fields from which others are computed. */
  stated?: StatedPackage;
  /** The store counts without allocated stock: it is subtracted, by this row's statement or the last one. */
  minus_allocated?: boolean;
  /** As in Dutchie's row, allocated stock included. */
  quantity: number;
  cells: MappedCell[] | null;
  scope: "package" | "room";
  hint: ProductHint | null;
  /** As of a product. */
  unreadable?: string;
  modified_at: number | null;
}

/** A line of a sale; a field that it leaves out stays as it was. */
export type StatedLine = Pick<SaleItem, "line_id" | "quantity"> &
  Partial<
    Pick<
      SaleItem,
      "dutchie_product_id" | "unit_price" | "unit_cost" | "discount" | "total" | "is_returned" | "is_coupon"
    >
  >;

export interface IncomingSale {
  dutchie_transaction_id: string;
  content: Partial<SaleContent>;
  /** null: no statement. */
  items: StatedLine[] | null;
  /** Why the lines make no statement, although the sale should have some. */
  lines_missing?: string;
  /** As of a product. */
  unreadable?: string;
  /** This endpoint lists sales with their lines, so a sale without any was cut short. */
  lines_due?: true;
  /** Absent: no statement; always absent when the store keeps no customers. */
  customer_key?: string | null;
  hints: ProductHint[];
  /** Line id → what the line says of its product (`hintKey`), for lines without a product id. */
  meant: Record<string, string>;
  modified_at: number | null;
}

export interface IncomingRoom {
  room_key: string;
  content: RoomContent;
  /** As of `DutchieRoom`. */
  denied?: readonly RoomFlag[];
}

export interface IncomingRows {
  products: IncomingProduct;
  inventory: IncomingPackage;
  sales: IncomingSale;
  rooms: IncomingRoom;
}

/** The guide's mapping of a product: name→product_name, brandName→brand, strainType→subcategory, potencyThc→thc_percentage, … */
export function mapProduct(row: DutchieProduct): IncomingProduct {
  const statement = statementOf(row);
  const content: IncomingProduct["content"] = computedFields(addProductStatement({}, statement), statement, null);
  if (row.sku !== undefined) content.sku = row.sku;
  if (row.upc !== undefined) content.upc = row.upc;
  // A product without a name is shown with its SKU or id. It is not refused, because its stock is real.
  if (row.product_name !== undefined)
    content.product_name = row.product_name ?? row.sku ?? `#${row.dutchie_product_id}`;
  if (row.brand !== undefined) content.brand = row.brand;
  if (row.strain_type !== undefined) content.subcategory = row.strain_type;
  if (row.unit_cost !== undefined) content.unit_cost = round4OrNull(row.unit_cost);
  if (row.is_active !== undefined) content.status = row.is_active ? "active" : "inactive";
  const product = { dutchie_product_id: row.dutchie_product_id, content, statement, modified_at: row.modified_at };
  if (row.unreadable === undefined) return product;
  return { ...product, unreadable: row.unreadable, ...(row.labels_only && { labels_only: true }) };
}

/** The guide's mapping of inventory: quantity→quantity, roomName→room_type, unitCost→unit_cost, price→unit_price. */
export function mapPackage(
  row: DutchiePackage,
  settings: Pick<Settings, "room_types" | "quantity_basis">,
): IncomingPackage {
  const stated: StatedPackage = {
    price: row.unit_price,
    rec_price: row.rec_price,
    med_price: row.med_price,
    allocated: row.allocated,
  };
  const rooms = row.rooms === null ? null : mergeRooms(row.rooms);
  const unassigned: RoomQuantity = { room_name: UNASSIGNED_ROOM, quantity: 0 };
  // Dutchie's quantity is the total over all rooms.
  const cells = rooms === null || row.scope === "room" ? rooms : fitRooms(rooms, row.quantity, unassigned);
  const hint: ProductHint = {
    dutchie_product_id: row.dutchie_product_id ?? null,
    product_name: row.product_name ?? null,
    sku: row.sku ?? null,
    upc: row.upc ?? null,
    brand: row.brand ?? null,
    category: row.category ?? null,
    subcategory: row.strain_type ?? null,
  };
  const incoming: IncomingPackage = {
    dutchie_inventory_id: row.dutchie_inventory_id,
    content: {
      dutchie_product_id: row.dutchie_product_id,
      sku: row.sku,
      package_id: row.package_id,
      unit_cost: round4OrNull(row.unit_cost),
      unit_price: round4OrNull(chargedPrice(stated)),
    },
    stated,
    minus_allocated: settings.quantity_basis === "available_minus_allocated",
    quantity: round4(row.quantity),
    cells: cells?.map((cell) => mapCell(cell, settings)) ?? null,
    scope: row.scope,
    hint: canIdentify(hint) ? hint : null,
    modified_at: row.modified_at,
  };
  if (row.unreadable !== undefined) incoming.unreadable = row.unreadable;
  return incoming;
}

function mapCell(
  { room_name, room_id, quantity }: RoomQuantity,
  { room_types }: Pick<Settings, "room_types">,
): MappedCell {
  const { room_type } = roomTypeOf({ room_name }, room_types);
  const cell = { room_name, room_type, quantity: round4(quantity) };
  return room_id === undefined ? cell : { ...cell, room_id };
}

/**
 * `pepper` null: the store keeps no customers, and the customer's id is dropped. `lines_due`: the endpoint lists sales with
 * their lines.
 */
export function mapSale(row: DutchieSale, pepper: Pepper | null, lines_due = false): IncomingSale {
  const lines = row.items;
  const content: Partial<SaleContent> = {
    completed_at: row.completed_at,
    type: row.type,
    subtotal: round4OrNull(row.subtotal),
    discount: round4OrNull(row.discount),
    tax: round4OrNull(row.tax),
    total: round4OrNull(row.total),
    is_void: row.is_void,
    is_return: row.is_return,
    return_of: row.return_of,
    adjustment_of: row.adjustment_of,
    item_count: lines?.length,
  };
  const hints = new Map<string, ProductHint>();
  const meant: [line_id: string, key: string][] = [];
  for (const { line_id, dutchie_product_id = null, product_name, sku, upc } of lines ?? []) {
    if (dutchie_product_id !== null && hints.has(dutchie_product_id)) continue;
    const hint: ProductHint = {
      dutchie_product_id,
      product_name,
      sku,
      upc,
      brand: null,
      category: null,
      subcategory: null,
    };
    if (!canIdentify(hint)) continue;
    const key = hintKey(hint);
    if (!hints.has(key)) hints.set(key, hint);
    if (dutchie_product_id === null) meant.push([line_id, key]);
  }
  const customer = row.dutchie_customer_id;
  const sale: IncomingSale = {
    dutchie_transaction_id: row.dutchie_transaction_id,
    content,
    items: lines?.map(mapLine) ?? null,
    hints: [...hints.values()],
    meant: meant.length === 0 ? {} : Object.fromEntries(meant),
    modified_at: row.modified_at,
  };
  if (pepper !== null && customer !== undefined)
    sale.customer_key = customer === null ? null : customerKey(pepper, customer);
  if (row.unreadable !== undefined) sale.unreadable = row.unreadable;
  if (row.lines_missing !== undefined) sale.lines_missing = row.lines_missing;
  if (lines_due) sale.lines_due = lines_due;
  return sale;
}

const mapLine = (line: DutchieSaleLine): StatedLine => ({
  line_id: line.line_id,
  quantity: round4(line.quantity),
  dutchie_product_id: line.dutchie_product_id,
  unit_price: round4OrNull(line.unit_price),
  unit_cost: round4OrNull(line.unit_cost),
  discount: round4OrNull(line.discount),
  total: round4OrNull(line.total),
  is_returned: line.is_returned,
  is_coupon: line.is_coupon,
});

export function mapRoom(row: DutchieRoom, settings: Pick<Settings, "room_types">): IncomingRoom {
  return {
    room_key: roomKey(row.room_name),
    content: {
      dutchie_room_id: row.dutchie_room_id,
      room_name: row.room_name.trim(),
      flags: row.flags ?? null,
      room_type: roomTypeOf(row, settings.room_types).room_type,
    },
    ...(row.denied && { denied: row.denied }),
  };
}
