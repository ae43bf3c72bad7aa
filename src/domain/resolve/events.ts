import { IDENTITY, isUndecided } from "../identity/duplicates.ts";
import { matchIndex } from "../identity/match.ts";
import { isSettledAs } from "../identity/replace.ts";
import type { Change, Named, Origin } from "../records/change.ts";
import type { Outcome } from "../records/decide.ts";
import type { IncomingPackage, IncomingProduct, IncomingSale, ProductHint } from "../records/mapping.ts";
import type { RowFailure } from "../records/model.ts";
import { dutchieSide } from "../records/overrides.ts";
import { type InventoryRow, type ProductRow, type SaleRow, type SaleWithItems, saleId } from "../records/records.ts";
import type { Read } from "../records/version.ts";
import { nameRooms, type RoomBook } from "../snapshots/name-rooms.ts";
import { skuKey } from "../values/identifiers.ts";
import type { RoomTypes } from "../vocabulary/room-type.ts";
import { keepsProduct, planInventory } from "./inventory.ts";
import { planProducts } from "./products.ts";
import type { StoredLine } from "./sale-lines.ts";
import { comparesLines, planSales } from "./sales.ts";

/** Plans a batch of events in their order, each on what the ones before it leave behind. */

/** The rows of one event. */
type EventRows =
  | { resource: "products"; rows: readonly IncomingProduct[] }
  | { resource: "inventory"; rows: readonly IncomingPackage[] }
  | { resource: "sales"; rows: readonly IncomingSale[] };

export interface PlannedEvent {
  rows: EventRows;
  read: Read;
  origin: Origin;
}

/** What is stored of all records that the events name. */
export interface StoredRecords {
  /** By Dutchie's id. */
  products: Map<string, ProductRow>;
  /** All rooms of a package, by Dutchie's id of it. */
  inventory: Map<string, InventoryRow[]>;
  /** By Dutchie's id. */
  sales: Map<string, SaleRow>;
  /** By sale id. */
  lines: Map<string, readonly StoredLine[]>;
  rooms: RoomBook;
}

export interface EventsPlan {
  /** What became of each event; shorter than the events if one must be applied alone: the first that is missing. */
  ends: { outcomes: (Outcome | null)[]; failures: RowFailure[] }[];
  /** What our code threw on the first event that is missing; null: it did not fail. */
  fault: unknown;
  /** What to write: each record once, as the last of its events leaves it. */
  products: ProductRow[];
  inventory: InventoryRow[];
  sales: SaleWithItems[];
  /** Sales that are not written otherwise, and get their customer. */
  keyed: Pick<SaleRow, "sale_id" | "customer_key">[];
  changes: Change[];
  /** Records that the log only names. */
  named: Named[];
}

interface Given {
  events: readonly PlannedEvent[];
  stored: StoredRecords;
  /** ReUp's ids of products of which `mayBeRenamed` asked, and whose SKU no other has or had. */
  sole: ReadonlySet<string>;
  floors: { products: number; inventory: number };
  /** The store's own names of room types. */
  room_types: RoomTypes;
  pepper_id: string | null;
  now: number;
}

/**
 * The plan for events whose records and products are all known. The first event that asks more than that (who is this
 * product? is it a duplicate?), or on which our code fails, ends the plan: it must be applied alone, and then the rest.
 */
export function planEvents(given: Given): EventsPlan {
  const batch = new Batch(given);
  for (const event of given.events) if (!batch.add(event)) break;
  return batch.plan();
}

/**
 * The products that these events seem to rename. If no other has their SKU, nothing is to be decided about them. A product that is
 * missed here is only applied alone.
 */
export function mayBeRenamed(
  events: readonly PlannedEvent[],
  stored: ReadonlyMap<string, ProductRow>,
): ReadonlySet<ProductRow> {
  const renamed = new Set<ProductRow>();
  for (const { rows } of events) {
    if (rows.resource !== "products") continue;
    for (const { dutchie_product_id, content } of rows.rows) {
      const known = stored.get(dutchie_product_id);
      if (known === undefined || !isUndecided(known)) continue;
      const was = dutchieSide(known);
      if (IDENTITY.some((field) => content[field] !== undefined && content[field] !== was[field])) renamed.add(known);
    }
  }
  return renamed;
}

/** Nothing is looked for: products that may be another one are not planned here. */
const NO_MATCH = matchIndex([]);

type End = EventsPlan["ends"][number];

class Batch {
  private readonly ends: End[] = [];
  private readonly products = new Map<string, ProductRow>();
  private readonly inventory = new Map<string, InventoryRow>();
  private readonly sales = new Map<string, SaleWithItems>();
  private readonly keyed = new Map<string, Pick<SaleRow, "sale_id" | "customer_key">>();
  private readonly changes: Change[] = [];
  private readonly named = { sales: new Map<string, Origin>(), products: new Map<string, Origin>() };
  private fault: unknown = null;

  constructor(private readonly given: Given) {}

  /** False: the event must be applied alone. */
  add(event: PlannedEvent): boolean {
    const end = this.planned(event);
    if (end === null) return false;
    this.ends.push(end);
    return true;
  }

  plan(): EventsPlan {
    return {
      ends: this.ends,
      fault: this.fault,
      products: [...this.products.values()],
      inventory: [...this.inventory.values()],
      sales: [...this.sales.values()],
      keyed: [...this.keyed.values()],
      changes: this.changes,
      named: [this.naming("sales"), this.naming("products")].flat(),
    };
  }

  private planned(event: PlannedEvent): End | null {
    const { rows } = event;
    try {
      if (rows.resource === "products") return this.addProducts(event, rows.rows);
      return rows.resource === "inventory" ? this.addPackages(event, rows.rows) : this.addSales(event, rows.rows);
    } catch (error) {
      // Applied alone it fails again, or does not: then nothing else would tell of it.
      this.fault = error;
      return null;
    }
  }

  private addProducts(event: PlannedEvent, incoming: readonly IncomingProduct[]): End | null {
    const { stored, floors } = this.given;
    const known = pick(
      stored.products,
      incoming.map(({ dutchie_product_id }) => dutchie_product_id),
    );
    if (incoming.some((row) => known.get(row.dutchie_product_id)?.unsettled !== null)) return null;
    const plan = planProducts({
      ...this.basis(event),
      incoming,
      stored: known,
      match: NO_MATCH,
      floor: floors.products,
      keep: [],
    });
    if (!plan.rows.every((row) => this.isKnownAs(row, known.get(row.dutchie_product_id ?? "")))) return null;
    for (const row of plan.rows) {
      this.products.set(row.product_id, row);
      if (row.dutchie_product_id !== null) stored.products.set(row.dutchie_product_id, row);
    }
    this.changes.push(...plan.changes);
    for (const product_id of plan.named) this.named.products.set(product_id, event.origin);
    return { outcomes: plan.outcomes, failures: [] };
  }

  /** Whether nothing is to be decided about who this product is. */
  private isKnownAs(row: ProductRow, before: ProductRow | undefined): boolean {
    if (before === undefined) return false;
    const [was, is] = [dutchieSide(before), dutchieSide(row)];
    if (IDENTITY.every((field) => was[field] === is[field])) return true;
    const isUntouched = isUndecided(before) && isUndecided(row);
    return isUntouched && this.given.sole.has(row.product_id) && skuKey(was.sku) === skuKey(is.sku);
  }

  private addPackages(event: PlannedEvent, rows: readonly IncomingPackage[]): End | null {
    const { stored, floors } = this.given;
    const incoming = rows.map((row) => nameRooms(row, stored.rooms, this.given.room_types));
    const ids = incoming.map(({ dutchie_inventory_id }) => dutchie_inventory_id);
    const known = pick(stored.inventory, ids);
    const hints = incoming.flatMap((row) => (row.hint === null || keepsProduct(row, known) ? [] : [row.hint]));
    const productIds = this.productsOf(hints);
    if (productIds === null) return null;
    const plan = planInventory({ ...this.basis(event), incoming, stored: known, productIds, floor: floors.inventory });
    for (const row of plan.rows) {
      this.inventory.set(row.inventory_id, row);
      const id = row.dutchie_inventory_id;
      const others = (stored.inventory.get(id) ?? []).filter(({ inventory_id }) => inventory_id !== row.inventory_id);
      // In the order in which the database gives them.
      stored.inventory.set(
        id,
        [...others, row].sort((a, b) => (a.inventory_id < b.inventory_id ? -1 : 1)),
      );
    }
    this.changes.push(...plan.changes);
    return { outcomes: plan.outcomes, failures: plan.failures };
  }

  private addSales(event: PlannedEvent, incoming: readonly IncomingSale[]): End | null {
    const { stored, pepper_id } = this.given;
    const productIds = this.productsOf(incoming.flatMap(({ hints }) => hints));
    if (productIds === null) return null;
    const known = pick(
      stored.sales,
      incoming.map(({ dutchie_transaction_id }) => dutchie_transaction_id),
    );
    const compared = incoming.filter((row) => comparesLines(row, known.get(row.dutchie_transaction_id)));
    const storedLines = pick(
      stored.lines,
      compared.map((row) => saleId(row.dutchie_transaction_id)),
    );
    const plan = planSales({
      ...this.basis(event),
      pepper_id,
      incoming,
      stored: known,
      storedLines,
      productIds,
      floor: 0,
    });
    for (const { sale, items } of plan.rows) this.setSale(sale, items);
    for (const sale_id of plan.created) this.named.sales.set(sale_id, event.origin);
    for (const { sale_id, customer_key } of plan.keyed) this.setCustomer(sale_id, customer_key);
    this.changes.push(...plan.changes);
    return { outcomes: plan.outcomes, failures: plan.failures };
  }

  private setSale(sale: SaleRow, items: SaleWithItems["items"]): void {
    const { stored } = this.given;
    const { sale_id } = sale;
    this.sales.set(sale_id, { sale, items: items ?? this.sales.get(sale_id)?.items ?? null });
    // The sale's row has the customer.
    this.keyed.delete(sale_id);
    stored.sales.set(sale.dutchie_transaction_id, sale);
    if (items !== null) stored.lines.set(sale_id, items);
  }

  private setCustomer(sale_id: string, customer_key: string | null): void {
    const { stored } = this.given;
    const [id, sale] = [...stored.sales].find(([, row]) => row.sale_id === sale_id) ?? [];
    if (id !== undefined && sale !== undefined) stored.sales.set(id, { ...sale, customer_key });
    const written = this.sales.get(sale_id);
    if (written === undefined) this.keyed.set(sale_id, { sale_id, customer_key });
    else this.sales.set(sale_id, { ...written, sale: { ...written.sale, customer_key } });
  }

  /** ReUp's product ids by Dutchie's; null: one of the products has to be found or asked about. */
  private productsOf(hints: readonly ProductHint[]): Map<string, string> | null {
    const ids = new Map<string, string>();
    for (const { dutchie_product_id, ...hint } of hints) {
      const known = dutchie_product_id === null ? undefined : this.given.stored.products.get(dutchie_product_id);
      if (known === undefined || dutchie_product_id === null || !isSettledAs(known, hint)) return null;
      ids.set(dutchie_product_id, known.product_id);
    }
    return ids;
  }

  /** As one entry of the log, whose `ref` is their event if there is but one. */
  private naming(resource: "sales" | "products"): Named[] {
    const named = this.named[resource];
    const [first] = named.values();
    if (first === undefined) return [];
    const ref = [...named.values()].every((origin) => origin.ref === first.ref) ? first.ref : null;
    return [{ resource, ids: [...named.keys()], cause: first.cause, ref, at: this.given.now }];
  }

  private basis({ read, origin }: PlannedEvent) {
    return { read, origin, now: this.given.now, compares: false };
  }
}

/** The entries of a map that have one of these keys. */
function pick<V>(from: ReadonlyMap<string, V>, keys: readonly string[]): Map<string, V> {
  const picked = new Map<string, V>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}
