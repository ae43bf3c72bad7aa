import type { Resource } from "../../domain/records/model.ts";
import { type KeyTable, keyTable, type StatedValue, statedValues } from "../decode/fields.ts";
import { LINE, PACKAGE, PRODUCT, ROOM_QUANTITY, SALE } from "../decode/synonyms.ts";
import {
  ALLOCATED,
  FLAG,
  ID,
  type Kind,
  MARK,
  MONEY,
  NUMBER,
  POTENCY,
  POTENCY_UNIT,
  PRODUCT_OBJECT,
  QUANTITY,
  REFERENCE,
  STAMP,
  TEXT,
  WEIGHT,
  WEIGHT_UNIT,
} from "./kept-values.ts";

export interface KeepOptions {
  /** The customer's id stays: of a store that keeps customers, on the way to its pseudonym. */
  customers: boolean;
}

/** What stays of a row: the fields that the decoder reads, by the tables that it reads by. */

interface RowKind {
  table: KeyTable<string>;
  kinds: Readonly<Record<string, Kind>>;
  /** A list of rows within the row. */
  lists: ReadonlyMap<string, RowKind>;
  /** Fields that only a store that keeps customers keeps. */
  personal: ReadonlySet<string>;
  usesFirst?: true;
}

type Names = Readonly<Record<string, readonly string[]>>;

function rowKind<N extends Names>(
  names: N,
  kinds: Readonly<Record<keyof N, Kind | RowKind>>,
  personal: readonly (keyof N & string)[] = [],
): RowKind {
  const entries = Object.entries<Kind | RowKind>(kinds);
  const isRow = (kind: Kind | RowKind): kind is RowKind => "table" in kind;
  return {
    table: keyTable(names),
    kinds: Object.fromEntries(entries.flatMap(([field, kind]) => (isRow(kind) ? [] : [[field, kind]]))),
    lists: new Map(entries.flatMap(([field, kind]) => (isRow(kind) ? [[field, kind] as const] : []))),
    personal: new Set(personal),
  };
}

const STOCK = { sku: TEXT, upc: TEXT, product_name: TEXT };
const PRICES = { price: MONEY, rec_price: MONEY, med_price: MONEY, unit_cost: MONEY };
const KIND = { ...STOCK, brand: TEXT, category: TEXT, master_category: TEXT, strain_type: TEXT };

export const ROWS: Readonly<Record<Exclude<Resource, "rooms">, RowKind>> = {
  products: rowKind(PRODUCT, {
    id: ID,
    ...KIND,
    subcategory: TEXT,
    ...PRICES,
    thc: POTENCY,
    thc_percent: POTENCY,
    cbd: POTENCY,
    cbd_percent: POTENCY,
    thc_unit: POTENCY_UNIT,
    cbd_unit: POTENCY_UNIT,
    net_weight: WEIGHT,
    net_weight_unit: WEIGHT_UNIT,
    is_active: FLAG,
    modified: STAMP,
    package: ID,
    package_stock: MARK,
    location: ID,
  }),
  inventory: rowKind(PACKAGE, {
    id: ID,
    ...KIND,
    ...PRICES,
    product_id: REFERENCE,
    product: PRODUCT_OBJECT,
    package_id: TEXT,
    quantity: QUANTITY,
    allocated: ALLOCATED,
    room: TEXT,
    room_id: ID,
    rooms: { ...rowKind(ROOM_QUANTITY, { id: ID, room: TEXT, quantity: QUANTITY }), usesFirst: true },
    modified: STAMP,
    sale: ID,
    location: ID,
  }),
  sales: rowKind(
    SALE,
    {
      id: ID,
      completed: STAMP,
      type: TEXT,
      subtotal: MONEY,
      discount: MONEY,
      tax: MONEY,
      total: MONEY,
      total_items: NUMBER,
      is_void: FLAG,
      voided_at: STAMP,
      status: TEXT,
      is_return: FLAG,
      return_of: REFERENCE,
      adjustment_of: REFERENCE,
      customer: { ...REFERENCE, usesFirst: true },
      location: ID,
      lines: rowKind(LINE, {
        id: ID,
        ...STOCK,
        ...PRICES,
        transaction: REFERENCE,
        product_id: REFERENCE,
        product: PRODUCT_OBJECT,
        inventory_id: REFERENCE,
        package_id: TEXT,
        quantity: QUANTITY,
        discount: MONEY,
        total: MONEY,
        is_returned: FLAG,
        is_coupon: FLAG,
      }),
      modified: STAMP,
    },
    ["customer"],
  ),
};

/** A value that is not an object stays a value that is not an object. */
const NO_ROW = 0;

export function keptRow(row: unknown, { table, kinds, lists, personal }: RowKind, keeping: KeepOptions): unknown {
  const stated = statedValues(row, table);
  if (stated === null) return NO_ROW;
  const kept: [string, unknown][] = [];
  for (const [field, values] of stated.values) {
    if (personal.has(field) && !keeping.customers) continue;
    const list = lists.get(field);
    const kind = kinds[field];
    if (list !== undefined) kept.push(...keptList(values, list, keeping));
    else if (kind !== undefined) kept.push(...keptField(values, kind));
  }
  return Object.fromEntries(kept);
}

/** The one that is read; when none can be, all of them: they say that something is there, or that there is none. */
function keptField(values: readonly StatedValue[], { isReadable, keep, usesFirst }: Kind): [string, unknown][] {
  const read = values.find(({ value }) => (usesFirst ? value !== null : value !== null && isReadable(value)));
  return (read === undefined ? values : [read]).map(({ spelling, value }) => [
    spelling,
    value === null ? null : keep(value),
  ]);
}

function keptList(values: readonly StatedValue[], row: RowKind, keeping: KeepOptions): [string, unknown][] {
  const read = values.find(({ value }) => (row.usesFirst ? value !== null : Array.isArray(value)));
  return (read === undefined ? values : [read]).map(({ spelling, value }) => {
    if (Array.isArray(value)) return [spelling, value.map((each) => keptRow(each, row, keeping))];
    return [spelling, value === null ? null : NO_ROW];
  });
}
