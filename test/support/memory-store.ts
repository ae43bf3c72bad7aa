import { asBelieved } from "../../src/domain/clock.ts";
import { matchIndex } from "../../src/domain/identity/match.ts";
import type { IncomingPackage, IncomingProduct } from "../../src/domain/records/mapping.ts";
import type { InventoryRow, ProductRow } from "../../src/domain/records/records.ts";
import { asOf, type Read } from "../../src/domain/records/version.ts";
import { planInventory, tombstoneInventory } from "../../src/domain/resolve/inventory.ts";
import { planProducts, tombstoneProduct } from "../../src/domain/resolve/products.ts";
import {
  type AbsencePlan,
  type Absences,
  countEnded,
  countGuarded,
  type LiveRow,
  NO_ABSENCES,
  planAbsence,
  type RecentEnding,
  recentEndings,
} from "../../src/domain/snapshots/absence.ts";

const ORIGIN = { cause: "poll", ref: null } as const;

/** The records in memory, applied as the Location does it: load, plan, write. For properties over thousands of orders of events. */
export class MemoryStore {
  readonly inventory = new Map<string, InventoryRow>();
  readonly products = new Map<string, ProductRow>();
  readonly floors = { products: 0, inventory: 0 };
  absences: Absences = NO_ABSENCES;
  decided_at = 0;
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

  private readonly recent: RecentEnding[] = [];

  /** A complete snapshot, as `Reading` ends one. `unidentified`: rows without an id. */
  snapshotInventory(
    incoming: IncomingPackage[],
    started_at: number,
    now: number,
    unidentified = 0,
  ): AbsencePlan<LiveRow> {
    const floor = asOf("inventory", started_at, now);
    const seen = new Set(this.applyInventory(incoming, { kind: "snapshot", as_of: floor, complete: true }, now));
    const plan = planAbsence({
      resource: "inventory",
      live: this.liveInventory(now),
      seen,
      understood: incoming.length,
      unidentified,
      floor,
      decided_at: this.decided_at,
      recent: countEnded(recentEndings(this.recent, String(started_at), now)),
      before: this.absences,
    });
    const units = countGuarded(plan.gone) - countGuarded(plan.confirmed);
    this.recent.push({ key: String(started_at), at: now, units });
    this.endInventory([...plan.moved, ...plan.gone], floor, now);
    this.absences = plan;
    if (plan.isTrusted) {
      this.floors.inventory = Math.max(this.floors.inventory, floor);
      this.decided_at = now;
    }
    return plan;
  }

  /** A person confirms that the absences of the held snapshot are gone. */
  confirmHeld({ held }: AbsencePlan<LiveRow>, floor: number, now: number): void {
    const live = new Map(this.liveInventory(now).map((row) => [row.id, row]));
    this.endInventory(
      held.filter(({ id }) => (live.get(id)?.source_at ?? floor) < floor),
      floor,
      now,
    );
    this.floors.inventory = Math.max(this.floors.inventory, floor);
    this.absences = { ...this.absences, asked: new Map() };
  }

  /** A person says that the absences of the held snapshot are there. */
  keepHeld({ held }: AbsencePlan<LiveRow>, floor: number): void {
    const kept = new Map([...this.absences.kept, ...held.map(({ id }) => [id, floor] as const)]);
    this.absences = { asked: new Map(), kept };
  }

  liveInventory(now: number): LiveRow[] {
    return [...this.inventory.values()]
      .filter((row) => row.quantity !== 0)
      .map((row) => asBelieved(row, now))
      .map(({ inventory_id, dutchie_inventory_id, source_at, source_rank, updated_at }) => ({
        id: inventory_id,
        unit: dutchie_inventory_id,
        source_at,
        source_rank,
        updated_at,
      }));
  }

  endInventory(rows: readonly LiveRow[], floor: number, now: number): void {
    for (const { id } of rows) {
      const row = this.inventory.get(id);
      if (row !== undefined) this.inventory.set(id, tombstoneInventory(row, floor, now));
    }
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
