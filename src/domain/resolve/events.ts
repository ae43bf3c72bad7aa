import { IDENTITY, isUndecided } from "../identity/duplicates.ts";
import { matchIndex } from "../identity/match.ts";
import { type IdentityPlan, isSettledAs, noIdentityPlan, planHint } from "../identity/replace.ts";
import type { Change, Named, Origin } from "../records/change.ts";
import type { Outcome } from "../records/decide.ts";
import type { IncomingPackage, IncomingProduct, IncomingSale, ProductHint } from "../records/mapping.ts";
import type { RowFailure } from "../records/model.ts";
import { dutchieSide } from "../records/overrides.ts";
import { type InventoryRow, type ProductRow, type SaleRow, type SaleWithItems, saleId } from "../records/records.ts";
import { nameRooms, type RoomBook } from "../snapshots/name-rooms.ts";
import { skuKey } from "../values/identifiers.ts";
import type { RoomTypes } from "../vocabulary/room-type.ts";
import { namedProduct, planInventory } from "./inventory.ts";
import type { PlannedEvent } from "./planned-event.ts";
import { planProducts } from "./products.ts";
import { type Answers, soleKey } from "./questions.ts";
import type { StoredLine } from "./sale-lines.ts";
import { comparesLines, planSales } from "./sales.ts";

/** Plans a batch of events in their order, each on what the ones before it leave behind. */

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
  /** Ids of products that must be written even with an older version, because a missing value was completed. */
  filled: ReadonlySet<string>;
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
  answers: Answers;
  floors: { products: number; inventory: number };
  /** The store's own names of room types. */
  room_types: RoomTypes;
  pepper_id: string | null;
  now: number;
}

/**
 * The plan for events of which nothing is to be looked for or asked. The first event that asks more than that (who is this
 * product? is it a duplicate?), or on which our code fails, ends the plan: it must be applied alone, and then the rest.
 */
export function planEvents(given: Given): EventsPlan {
  const batch = new Batch(given);
  for (const event of given.events) if (!batch.add(event)) break;
  return batch.plan();
}

/** Nothing is looked for: products that may be another one are not planned here. */
const NO_MATCH = matchIndex([]);

type End = EventsPlan["ends"][number];

class Batch {
  private readonly ends: End[] = [];
  private readonly products = new Map<string, ProductRow>();
  private readonly filled = new Set<string>();
  /** The SKUs' keys of the products that this plan writes → the product, or `SEVERAL`. */
  private readonly skus = new Map<string, string>();
  /** Dutchie's ids of products that stored records name. */
  private readonly linked: ReadonlySet<string | null>;
  private readonly inventory = new Map<string, InventoryRow>();
  private readonly sales = new Map<string, SaleWithItems>();
  private readonly keyed = new Map<string, Pick<SaleRow, "sale_id" | "customer_key">>();
  private readonly changes: Change[] = [];
  private readonly named = { sales: new Map<string, Origin>(), products: new Map<string, Origin>() };
  private fault: unknown = null;

  constructor(private readonly given: Given) {
    const { inventory, lines } = given.stored;
    const records = [...[...inventory.values()].flat(), ...[...lines.values()].flat()];
    this.linked = new Set(records.map(({ dutchie_product_id }) => dutchie_product_id));
  }

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
      filled: this.filled,
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
    if (incoming.some((row) => !this.isPlain(known.get(row.dutchie_product_id)))) return null;
    const plan = planProducts({
      ...this.basis(event),
      incoming,
      stored: known,
      match: NO_MATCH,
      floor: floors.products,
      keep: [],
    });
    if (isMoving(plan) || shareSku(plan.rows)) return null;
    if (!plan.rows.every((row) => this.isAlone(row, known.get(row.dutchie_product_id ?? "")))) return null;
    this.keepProducts(plan.rows, plan.filled);
    this.changes.push(...plan.changes);
    for (const product_id of plan.named) this.named.products.set(product_id, event.origin);
    return { outcomes: plan.outcomes, failures: plan.failures };
  }

  /** Whether it is clear which product this is: the catalogue has stated it, or it can be none of ReUp's own. */
  private isPlain(known: ProductRow | undefined): boolean {
    if (known?.unsettled === null) return true;
    return !this.given.answers.hasFree && (known === undefined || (known.unsettled?.own ?? null) === null);
  }

  /** Whether nothing is to be decided about this product and others. */
  private isAlone(row: ProductRow, before: ProductRow | undefined): boolean {
    if (before?.unsettled === null) {
      const [was, is] = [dutchieSide(before), dutchieSide(row)];
      if (IDENTITY.every((field) => was[field] === is[field])) return true;
    }
    const key = skuKey(row.sku);
    const was = before === undefined ? null : skuKey(before.sku);
    if (!isUndecided(row) || (before !== undefined && !isUndecided(before))) return false;
    // Of the SKU that it leaves another may be.
    if (before !== undefined && was !== key && (was !== null || before.unsettled === null)) return false;
    return this.given.answers.sole.has(soleKey({ product_id: row.product_id, key })) && this.isFirstOf(key, row);
  }

  /** No product of an earlier event has this SKU. */
  private isFirstOf(key: string | null, { product_id }: ProductRow): boolean {
    return key === null || (this.skus.get(key) ?? product_id) === product_id;
  }

  private keepProducts(rows: readonly ProductRow[], filled: ReadonlySet<string>): void {
    for (const row of rows) {
      this.products.set(row.product_id, row);
      if (row.dutchie_product_id !== null) this.given.stored.products.set(row.dutchie_product_id, row);
      if (filled.has(row.product_id)) this.filled.add(row.product_id);
      const key = skuKey(row.sku);
      if (key !== null) this.skus.set(key, this.isFirstOf(key, row) ? row.product_id : SEVERAL);
    }
  }

  private addPackages(event: PlannedEvent, rows: readonly IncomingPackage[]): End | null {
    const { stored, floors } = this.given;
    const incoming = rows.map((row) => nameRooms(row, stored.rooms, this.given.room_types));
    const ids = incoming.map(({ dutchie_inventory_id }) => dutchie_inventory_id);
    const known = pick(stored.inventory, ids);
    const basis = { ...this.basis(event), floor: floors.inventory };
    const hints = incoming.flatMap((row) => namedProduct(row, known, basis) ?? []);
    const named = this.productsOf(hints, event);
    if (named === null) return null;
    const plan = planInventory({ ...basis, incoming, stored: known, productIds: named.productIds });
    this.keepNamed(named);
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
    const named = this.productsOf(
      incoming.flatMap(({ hints }) => hints),
      event,
    );
    if (named === null) return null;
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
      productIds: named.productIds,
      floor: 0,
    });
    this.keepNamed(named);
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

  /** The products that these hints name; null: one of the products has to be found or asked about. */
  private productsOf(hints: readonly ProductHint[], { origin }: PlannedEvent): NamedProducts | null {
    const current = new Map<string, ProductRow>();
    const plan = { ...noIdentityPlan(), changes: [] as Change[] };
    const news = new Set<string>();
    for (const { dutchie_product_id: id, ...hint } of hints) {
      if (id === null) return null;
      const known = current.get(id) ?? this.given.stored.products.get(id);
      // What stored records name has a product, even if it is not found.
      if (known === undefined && this.linked.has(id)) return null;
      if (known !== undefined && isSettledAs(known, hint)) {
        current.set(id, known);
        continue;
      }
      if (!this.isPlain(known)) return null;
      const row = planHint({ id, hint, known }, plan, { match: NO_MATCH, now: this.given.now, origin });
      if (row === null || !this.isFirstOf(skuKey(row.sku), row)) return null;
      current.set(id, row);
      news.add(id);
    }
    if (isMoving(plan)) return null;
    return {
      productIds: new Map([...current].map(([id, { product_id }]) => [id, product_id])),
      rows: [...current].flatMap(([id, row]) => (news.has(id) ? [row] : [])),
      changes: plan.changes,
    };
  }

  /** What hints say new of products is written whatever its version, as when they come alone. */
  private keepNamed({ rows, changes }: NamedProducts): void {
    this.keepProducts(rows, new Set(rows.map(({ product_id }) => product_id)));
    this.changes.push(...changes);
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

/** Products that packages and lines of sales name. */
interface NamedProducts {
  /** ReUp's ids by Dutchie's. */
  productIds: Map<string, string>;
  /** Those of which they say something new. */
  rows: readonly ProductRow[];
  changes: readonly Change[];
}

/** Whether a product turned out to be another, or may be. */
const isMoving = ({ relinks, removed, released, doubts }: IdentityPlan): boolean =>
  relinks.length + removed.length + released.length + doubts.length > 0;

/** In place of a product's id, which is never empty. */
const SEVERAL = "";

/** Whether two of these products have one SKU. */
function shareSku(rows: readonly ProductRow[]): boolean {
  const keys = rows.flatMap(({ sku }) => skuKey(sku) ?? []);
  return new Set(keys).size < keys.length;
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
