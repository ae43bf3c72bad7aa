import { planAbsence } from "../../src/domain/absence.ts";
import { asBelieved } from "../../src/domain/clock.ts";
import type { IncomingPackage, IncomingProduct } from "../../src/domain/mapping.ts";
import { matchIndex } from "../../src/domain/match.ts";
import type { InventoryRow, ProductRow } from "../../src/domain/records.ts";
import { planInventory, tombstoneInventory } from "../../src/domain/resolve-inventory.ts";
import { planProducts, tombstoneProduct } from "../../src/domain/resolve-products.ts";
import { asOf, type Read } from "../../src/domain/version.ts";

const ORIGIN = { cause: "poll", ref: null } as const;

/** The records in memory, applied as the Location does it: load, plan, write. For properties over thousands of orders. */
export class MemoryStore {
  readonly inventory = new Map<string, InventoryRow>();
  readonly products = new Map<string, ProductRow>();
  readonly floors = { products: 0, inventory: 0 };
  writes = 0;

  applyInventory(incoming: IncomingPackage[], read: Read, now: number): string[] {
    const stored = new Map<string, InventoryRow[]>();
    for (const row of this.inventory.values()) {
      stored.set(row.dutchie_inventory_id, [...(stored.get(row.dutchie_inventory_id) ?? []), row]);
    }
    const productIds = new Map<string, string>();
    const plan = planInventory({
      incoming,
      stored,
      productIds,
      read,
      floor: this.floors.inventory,
      now,
      origin: ORIGIN,
    });
    for (const row of plan.rows) this.inventory.set(row.inventory_id, row);
    this.writes += plan.rows.length;
    return plan.seen;
  }

  applyProducts(incoming: IncomingProduct[], read: Read, now: number): void {
    const stored = new Map([...this.products.values()].map((row) => [row.dutchie_product_id ?? "", row]));
    const match = matchIndex([]);
    const floor = this.floors.products;
    const plan = planProducts({ incoming, stored, match, read, floor, now, origin: ORIGIN, keep: [] });
    for (const row of plan.rows) this.products.set(row.product_id, row);
    this.writes += plan.rows.length;
  }

  /** A complete snapshot; absences are confirmed at once. */
  snapshotInventory(incoming: IncomingPackage[], started_at: number, now: number): void {
    const floor = asOf("inventory", started_at, now);
    const seen = new Set(this.applyInventory(incoming, { kind: "snapshot", as_of: floor, complete: true }, now));
    const live = [...this.inventory.values()].filter((row) => row.quantity !== 0);
    const rows = live.map((row) => ({ id: row.inventory_id, source_at: asBelieved(row, now).source_at }));
    const confirmed = new Set(rows.map((row) => row.id));
    for (const id of planAbsence({ live: rows, seen, rowsRead: incoming.length, floor, confirmed }).gone) {
      const row = this.inventory.get(id);
      if (row !== undefined) this.inventory.set(id, tombstoneInventory(row, floor, now));
    }
    this.floors.inventory = Math.max(this.floors.inventory, floor);
  }

  snapshotProducts(incoming: IncomingProduct[], started_at: number, now: number): void {
    const floor = asOf("products", started_at, now);
    this.applyProducts(incoming, { kind: "snapshot", as_of: floor, complete: true }, now);
    const listed = new Set(incoming.map((row) => row.dutchie_product_id));
    for (const row of this.products.values()) {
      const absent =
        row.status !== "deleted" && asBelieved(row, now).source_at < floor && !listed.has(row.dutchie_product_id ?? "");
      if (absent) this.products.set(row.product_id, tombstoneProduct(row, floor, now));
    }
    this.floors.products = Math.max(this.floors.products, floor);
  }

  /** Live stock: `package room` → quantity. */
  stock(): Record<string, number> {
    const live = [...this.inventory.values()].filter((row) => row.quantity !== 0);
    return Object.fromEntries(
      live.map((row): [string, number] => [`${row.dutchie_inventory_id} ${row.room_name}`, row.quantity]).sort(),
    );
  }

  /** Live products: id → name. */
  catalogue(): Record<string, string> {
    const live = [...this.products.values()].filter((row) => row.status !== "deleted");
    return Object.fromEntries(
      live.map((row): [string, string] => [row.dutchie_product_id ?? "", row.product_name]).sort(),
    );
  }
}
