import type { Product } from "../world/records.ts";
import { ORACLE_RESOURCES, type Oracle, type OracleInventory, type OracleResource } from "./oracle.ts";

/**
 * What may be seen of a Dutchie that lies. It knows what Dutchie is like and what was true at which time, and nothing of
 * how ReUp works. Of each record it says:
 *
 * - it must be as it is, or may lag: as it truly was at some time, if nothing false was ever said of it;
 * - it may say what Dutchie said, where nobody could know better: a plausible amount, name or price;
 * - it must be told, by an alert, a review or a failed row that names it: stock that is gone, products that are one.
 *
 * Nothing lags longer than two full reads of an honest Dutchie, the second later than Dutchie's own lag (5 minutes, an
 * hour for products): then everything is equal, and the oracle alone is compared.
 */

type Row = Record<string, unknown>;

/** What ReUp shows, as its API gives it. */
export interface Seen {
  products: readonly Row[];
  inventory: readonly Row[];
  sales: readonly Row[];
  /** What people are told: alerts that fire, open reviews, rows that failed; as JSON. */
  told: readonly string[];
}

/** What Dutchie said that is not so. */
export interface Said {
  /** Whether a lie was ever told about this record. */
  hasTouched(on: OracleResource, id: string): boolean;
  /** When a lie was first told about this record, ms; null: never. */
  touchedAt(on: OracleResource, id: string): number | null;
  /** Whether lies said this of a record in list after list. */
  hasRepeated(on: OracleResource, id: string, value: unknown): boolean;
  /** Whether a lie spoke of a record of this id and there is none. */
  hasInvented(on: OracleResource, id: string): boolean;
  /** Whether Dutchie ever left this package out of a list, or said that there is none of it. */
  hasDenied(id: string): boolean;
  /** Whether a row of this package was told that does not name it. */
  hasHidden(id: string): boolean;
}

const FIELDS = {
  products: ["sku", "upc", "product_name", "brand", "unit_price", "status"],
  inventory: ["quantity", "package_id", "unit_cost", "unit_price"],
  sales: ["completed_at", "type", "subtotal", "discount", "tax", "total", "is_void", "is_return", "item_count"],
} as const;
const ID = {
  products: "dutchie_product_id",
  inventory: "dutchie_inventory_id",
  sales: "dutchie_transaction_id",
} as const;

export class Verdict {
  /** By record, every value that each field truly had. */
  readonly #was = new Map<string, Map<string, Set<string>>>();
  /** Packages that truly were without stock at some time. */
  readonly #soldOut = new Set<string>();
  /** Packages that have stock now. */
  #stocked = new Map<string, number>();
  /** Products that truly may be one, by their SKU at some time. */
  readonly #same = new Map<string, Set<string>>();
  /** By product, the fields that a person edited in ReUp. */
  readonly #edited = new Map<string, Set<string>>();

  /** Has to be told of every state of the store, as it comes about. */
  observe(truth: Oracle): void {
    for (const on of ORACLE_RESOURCES) {
      for (const row of (truth[on] ?? []) as unknown as Row[]) this.#remember(on, row);
    }
    const stocked = new Map<string, number>();
    for (const { dutchie_inventory_id: id, quantity } of truth.inventory ?? []) {
      stocked.set(id, (stocked.get(id) ?? 0) + quantity);
    }
    for (const id of this.#stocked.keys()) if (!stocked.has(id)) this.#soldOut.add(id);
    this.#stocked = stocked;
    for (const { agree, product_ids } of truth.duplicate_skus) {
      if (!agree) continue;
      for (const id of product_ids) this.#same.set(id, new Set([...(this.#same.get(id) ?? []), ...product_ids]));
    }
  }

  /** A person set these fields in ReUp: they may show, whatever Dutchie says. */
  edited(on: OracleResource, id: string, fields: Row): void {
    this.#remember(on, { ...fields, [ID[on]]: id });
    if (on === "products") this.#edited.set(id, new Set([...(this.#edited.get(id) ?? []), ...Object.keys(fields)]));
  }

  /**
   * Writes to Dutchie that change what nobody edited in ReUp: what was read wrongly went back as if it were so. Of fields
   * that ReUp does not know (`written`), what Dutchie said goes back as it was said: nobody can know better. So it is with
   * what lies said in list after list, and with a product that was edited in Dutchie meanwhile: the false value is new, and
   * so is the stamp.
   */
  judgeWrites(writes: readonly { before: Product; after: Product }[], said: Said): string[] {
    return writes.flatMap(({ before, after }) => {
      const lied_at = said.touchedAt("products", String(before.id));
      if (lied_at !== null && (before.modified ?? 0) >= lied_at) return [];
      const mayChange = new Set([
        "modified",
        "written",
        ...[...(this.#edited.get(String(before.id)) ?? [])].flatMap(writtenAs),
      ]);
      return (Object.keys(after) as (keyof Product)[])
        .filter((key) => !mayChange.has(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]))
        .filter((key) => !said.hasRepeated("products", String(before.id), after[key]))
        .map((key) => `${key} of product ${before.id} was written, which nobody edited: ${JSON.stringify(after[key])}`);
    });
  }

  /** What must not be seen, in words; empty when all is well. */
  judge(seen: Seen, said: Said): string[] {
    return [...this.#zeros(seen, said), ...this.#merges(seen, said), ...this.#unsaid(seen, said)];
  }

  /**
   * Stock that is there and shows as none, and nobody is told. A package that is not listed is how Dutchie says sold out, so
   * a few may be believed; what looks like half a store may not.
   */
  #zeros(seen: Seen, said: Said): string[] {
    const shown = new Map<string, number>();
    for (const row of seen.inventory as unknown as OracleInventory[]) {
      shown.set(row.dutchie_inventory_id, (shown.get(row.dutchie_inventory_id) ?? 0) + row.quantity);
    }
    const zeros = [...this.#stocked.keys()].filter(
      (id) => shown.get(id) === 0 && !this.#soldOut.has(id) && !names(seen.told, id),
    );
    const denied = zeros.filter((id) => said.hasDenied(id));
    const told = endedAsTold(seen.told);
    const untold = denied.length - told;
    const areMany = untold >= MANY && untold > this.#stocked.size * MANY_SHARE;
    // Which package it is that has no id, nobody can say: that there are such rows, somebody has to.
    const isToldOfHidden = seen.told.some((each) => each.includes("no id"));
    return zeros
      .filter((id) => (areMany || !said.hasDenied(id)) && !(isToldOfHidden && said.hasHidden(id)))
      .map(
        (id) =>
          `package ${id} has ${this.#stocked.get(id)} and shows none, and nobody is told` +
          (areMany ? ` (of ${denied.length} that Dutchie left out, alerts tell of ${told})` : ""),
      );
  }

  /** A product that a lie made up, with all that another says of itself, is that one as far as anybody can know. */
  #merges(seen: Seen, said: Said): string[] {
    const dutchieIds = new Map(seen.products.map((row) => [row.product_id, String(row[ID.products])]));
    return seen.products.flatMap((row) => {
      const id = String(row[ID.products]);
      const into = dutchieIds.get(row.merged_into);
      if (into === undefined || this.#same.get(id)?.has(into) === true || names(seen.told, id)) return [];
      if (said.hasInvented("products", id)) return [];
      return [`product ${id} became one with ${into}, and nobody is told`];
    });
  }

  /** Records of which only the truth was said, and that show what was never true. */
  #unsaid(seen: Seen, said: Said): string[] {
    return ORACLE_RESOURCES.flatMap((on) =>
      seen[on].flatMap((row) => {
        const id = String(row[ID[on]]);
        if (row.status === "deleted" || row.status === "provisional" || said.hasTouched(on, id)) return [];
        const was = this.#was.get(`${on} ${id}`);
        if (was === undefined) return [`${on} ${id} never was, and nobody said so`];
        return FIELDS[on].flatMap((field) =>
          was.get(field)?.has(text(row[field])) === true || (field === "quantity" && row.quantity === 0)
            ? []
            : [`${on} ${id}: ${field} is ${text(row[field])}, which it never was and nobody said`],
        );
      }),
    );
  }

  #remember(on: OracleResource, row: Row): void {
    const key = `${on} ${row[ID[on]]}`;
    const fields = this.#was.get(key) ?? new Map<string, Set<string>>();
    this.#was.set(key, fields);
    for (const field of FIELDS[on])
      if (field in row) fields.set(field, (fields.get(field) ?? new Set()).add(text(row[field])));
  }
}

/** A field of ReUp's under the names of Dutchie's product. */
function writtenAs(field: string): string[] {
  const names: Record<string, string[]> = {
    unit_price: ["price", "medPrice", "recPrice"],
    unit_cost: ["unitCost"],
    product_name: ["name"],
  };
  return names[field] ?? [field];
}

/** So many packages, and more than this share of a store, do not sell out between two looks at it. */
const MANY = 10;
const MANY_SHARE = 0.2;

/** How many packages alerts say that were ended, all together. */
function endedAsTold(told: readonly string[]): number {
  const alerts = told.filter((each) => each.includes('"stock_ended"'));
  const counts = alerts.flatMap((each) => [...each.matchAll(/(\d+) packages/g)].map(([, count]) => Number(count)));
  return counts.reduce((sum, count) => sum + count, 0);
}

const names = (told: readonly string[], id: string): boolean =>
  told.some((each) => new RegExp(`(?<!\\d)${id}(?!\\d)`).test(each));

/** Numbers to four decimals, times as instants. */
function text(value: unknown): string {
  if (typeof value === "number") return String(Math.round(value * 10_000) / 10_000);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toISOString();
  return String(value ?? null);
}
