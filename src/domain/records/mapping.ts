import { customerKey, type Pepper } from "../insights/pseudonym.ts";
import { nameKey, skuKey, upcKey } from "../values/identifiers.ts";
import { round4, round4OrNull } from "../values/number.ts";
import { chargedPrice } from "../values/price.ts";
import { roomKey } from "../values/text.ts";
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
import { type Hint, NO_HINT } from "./records.ts";
import {
  addProductStatement,
  computedFields,
  type ProductStatement,
  type StatedPackage,
  statementOf,
} from "./stated.ts";

export { UNASSIGNED_ROOM };

/** A product row under ReUp's names; absent keys make no statement. */
export interface IncomingProduct {
  dutchie_product_id: string;
  content: Partial<Omit<ProductContent, "dutchie_product_id">>;
  /** What the row tells of the fields that are computed of several; `content` has what it says by itself. */
  statement?: ProductStatement;
  modified_at: number | null;
}

/** What an inventory row or a sale line tells of its product; `dutchie_product_id` null: it does not name it by its id. */
export interface ProductHint extends Hint {
  dutchie_product_id: string | null;
}

/** Under what a hint's product is looked up: Dutchie's id, else all that it says. */
export const hintKey = ({ dutchie_product_id, sku, upc, brand, product_name }: ProductHint): string =>
  dutchie_product_id ?? `\n${JSON.stringify([sku, upc, brand, product_name])}`;

/** Whether it says enough to find a product by. */
const canIdentify = (hint: ProductHint): boolean =>
  hint.dutchie_product_id !== null ||
  skuKey(hint.sku) !== null ||
  upcKey(hint.upc) !== null ||
  nameKey(hint.product_name) !== null;

/** One package: its rooms as cells (null when the row names none), and what holds for all of them. */
export interface IncomingPackage {
  dutchie_inventory_id: string;
  content: Partial<Pick<InventoryContent, "dutchie_product_id" | "sku" | "package_id" | "unit_cost" | "unit_price">>;
  /** What the row tells of the fields that are computed of several. */
  told?: StatedPackage;
  /** The store counts without what is allocated: it is taken off the quantity, of the row or as told before. */
  minus_allocated?: boolean;
  /** As Dutchie tells it, allocated or not. */
  quantity: number;
  cells: (Pick<InventoryContent, "room_name" | "room_type" | "quantity"> & { room_id?: string })[] | null;
  scope: "package" | "room";
  hint: ProductHint | null;
  modified_at: number | null;
}

/** A line of a sale; what it does not tell stays as it was. */
export type StatedLine = Pick<SaleItem, "line_id" | "quantity"> &
  Partial<Pick<SaleItem, "dutchie_product_id" | "unit_price" | "unit_cost" | "discount" | "total" | "is_returned">>;

export interface IncomingSale {
  dutchie_transaction_id: string;
  content: Partial<SaleContent>;
  /** null: no statement. */
  items: StatedLine[] | null;
  /** Why the lines, though they should be there, are no statement. */
  lines_missing?: string;
  /** It was read where sales come with their lines: that it tells of none says that they were left out. */
  lines_due?: true;
  /** Absent: no statement, and always so when the store keeps no customers. */
  customer_key?: string | null;
  hints: ProductHint[];
  /** Lines that do not name their product by its id → what they say of it (`hintKey`). */
  meant: Record<string, string>;
  modified_at: number | null;
}

export interface IncomingRoom {
  room_key: string;
  content: RoomContent;
}

export interface IncomingRows {
  products: IncomingProduct;
  inventory: IncomingPackage;
  sales: IncomingSale;
  rooms: IncomingRoom;
}

/** The guide's mapping of a product: name→product_name, brandName→brand, strainType→subcategory, potencyThc→thc_percentage, … */
export function mapProduct(row: DutchieProduct): IncomingProduct {
  const content: IncomingProduct["content"] = {};
  if (row.sku !== undefined) content.sku = row.sku;
  if (row.upc !== undefined) content.upc = row.upc;
  // A product without a name is shown by its SKU or id rather than refused: its stock is real.
  if (row.product_name !== undefined)
    content.product_name = row.product_name ?? row.sku ?? `#${row.dutchie_product_id}`;
  if (row.brand !== undefined) content.brand = row.brand;
  if (row.strain_type !== undefined) content.subcategory = row.strain_type;
  if (row.unit_cost !== undefined) content.unit_cost = round4OrNull(row.unit_cost);
  if (row.is_active !== undefined) content.status = row.is_active ? "active" : "inactive";
  const statement = statementOf(row);
  Object.assign(content, computedFields(addProductStatement({}, statement), statement, null));
  return { dutchie_product_id: row.dutchie_product_id, content, statement, modified_at: row.modified_at };
}

/** The guide's mapping of inventory: quantity→quantity, roomName→room_type, unitCost→unit_cost, price→unit_price. */
export function mapPackage(
  row: DutchiePackage,
  settings: Pick<Settings, "room_types" | "quantity_basis">,
): IncomingPackage {
  const content: IncomingPackage["content"] = {};
  if (row.dutchie_product_id !== undefined) content.dutchie_product_id = row.dutchie_product_id;
  if (row.sku !== undefined) content.sku = row.sku;
  if (row.package_id !== undefined) content.package_id = row.package_id;
  if (row.unit_cost !== undefined) content.unit_cost = round4OrNull(row.unit_cost);
  const isNet = settings.quantity_basis === "available_minus_allocated";
  const told: StatedPackage = {};
  if (row.unit_price !== undefined) told.price = row.unit_price;
  if (row.rec_price !== undefined) told.rec_price = row.rec_price;
  if (row.med_price !== undefined) told.med_price = row.med_price;
  if (isNet && row.allocated !== undefined) told.allocated = row.allocated;
  const price = chargedPrice(told);
  if (price !== undefined) content.unit_price = round4OrNull(price);
  const rooms = row.rooms === null ? null : mergeRooms(row.rooms);
  const unassigned: RoomQuantity = { room_name: UNASSIGNED_ROOM, quantity: 0 };
  // Dutchie's quantity is the total of all rooms.
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
  return {
    dutchie_inventory_id: row.dutchie_inventory_id,
    content,
    told,
    minus_allocated: isNet,
    quantity: round4(row.quantity),
    cells:
      cells?.map((cell) => ({
        room_name: cell.room_name,
        room_type: roomType(cell.room_name, settings.room_types),
        quantity: round4(cell.quantity),
        ...(cell.room_id === undefined ? {} : { room_id: cell.room_id }),
      })) ?? null,
    scope: row.scope,
    hint: canIdentify(hint) ? hint : null,
    modified_at: row.modified_at,
  };
}

/** The store's own name for a Dutchie room; a room it did not name keeps its name. */
export function roomType(room_name: string, room_types: Settings["room_types"]): string {
  const key = roomKey(room_name);
  for (const [name, type] of Object.entries(room_types)) if (roomKey(name) === key) return type;
  return room_name.trim();
}

/**
 * `pepper` null: the store keeps no customers, and nothing of them comes through. `lines_due`: it was read where sales come
 * with their lines.
 */
export function mapSale(row: DutchieSale, pepper: Pepper | null, lines_due = false): IncomingSale {
  const content: Partial<SaleContent> = { completed_at: row.completed_at };
  if (row.type !== undefined) content.type = row.type;
  if (row.subtotal !== undefined) content.subtotal = round4OrNull(row.subtotal);
  if (row.discount !== undefined) content.discount = round4OrNull(row.discount);
  if (row.tax !== undefined) content.tax = round4OrNull(row.tax);
  if (row.total !== undefined) content.total = round4OrNull(row.total);
  if (row.is_void !== undefined) content.is_void = row.is_void;
  if (row.is_return !== undefined) content.is_return = row.is_return;
  if (row.return_of !== undefined) content.return_of = row.return_of;
  if (row.adjustment_of !== undefined) content.adjustment_of = row.adjustment_of;
  const lines = row.items;
  if (lines !== undefined) content.item_count = lines.length;
  const hints = new Map<string, ProductHint>();
  const meant: [line_id: string, key: string][] = [];
  for (const { line_id, dutchie_product_id = null, product_name, sku, upc } of lines ?? []) {
    const hint: ProductHint = { ...NO_HINT, dutchie_product_id, product_name, sku, upc };
    if (!canIdentify(hint)) continue;
    const key = hintKey(hint);
    if (!hints.has(key)) hints.set(key, hint);
    if (dutchie_product_id === null) meant.push([line_id, key]);
  }
  const customer = row.dutchie_customer_id;
  return {
    dutchie_transaction_id: row.dutchie_transaction_id,
    content,
    ...(pepper === null || customer === undefined
      ? {}
      : { customer_key: customer === null ? null : customerKey(pepper, customer) }),
    items: lines?.map(mapLine) ?? null,
    ...(row.lines_missing === undefined ? {} : { lines_missing: row.lines_missing }),
    ...(lines_due ? { lines_due } : {}),
    hints: [...hints.values()],
    meant: Object.fromEntries(meant),
    modified_at: row.modified_at,
  };
}

function mapLine(line: DutchieSaleLine): StatedLine {
  const { line_id, dutchie_product_id, unit_price, unit_cost, discount, total, is_returned } = line;
  const told: StatedLine = { line_id, quantity: round4(line.quantity) };
  if (dutchie_product_id !== undefined) told.dutchie_product_id = dutchie_product_id;
  if (unit_price !== undefined) told.unit_price = round4OrNull(unit_price);
  if (unit_cost !== undefined) told.unit_cost = round4OrNull(unit_cost);
  if (discount !== undefined) told.discount = round4OrNull(discount);
  if (total !== undefined) told.total = round4OrNull(total);
  if (is_returned !== undefined) told.is_returned = is_returned;
  return told;
}

export function mapRoom(row: DutchieRoom, settings: Pick<Settings, "room_types">): IncomingRoom {
  return {
    room_key: roomKey(row.room_name),
    content: {
      dutchie_room_id: row.dutchie_room_id,
      room_name: row.room_name.trim(),
      room_type: roomType(row.room_name, settings.room_types),
    },
  };
}
