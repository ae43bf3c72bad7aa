import type { ProductWrite } from "../simulator.ts";
import type { Product } from "../world/records.ts";
import { ORACLE_RESOURCES, type Oracle, type OracleInventory, type OracleResource } from "./oracle.ts";

/**
 * What ReUp may show while Dutchie lies. It knows how Dutchie behaves and what was true at which time, but nothing of how
 * ReUp works. The rules for each record:
 *
 * - If Dutchie never lied about it, ReUp shows it as it is, or as it truly was at some time.
 * - If nobody could know better, ReUp may show Dutchie's value: a plausible amount, name or price.
 * - If stock ends or products merge, an alert, a review or a failed row must name the record. Stock under another id of Dutchie's,
 *   with the tag of the package, has not ended.
 *
 * ReUp lags at most until two full reads of an honest Dutchie, the second later than Dutchie's own lag (5 minutes; an hour
 * for products). Then everything must equal the oracle.
 */

type Row = Record<string, unknown>;

/** What ReUp shows, as its API gives it. */
export interface Seen {
  products: readonly Row[];
  inventory: readonly Row[];
  sales: readonly Row[];
  /** What people see about problems: firing alerts, open reviews and failed rows, as JSON. */
  notices: readonly string[];
}

/** The false statements that Dutchie made. */
export interface FalseStatements {
  /** Whether Dutchie ever lied about this record. */
  hasTouched(on: OracleResource, id: string): boolean;
  /** When Dutchie first lied about this record, ms; null: never. */
  touchedAt(on: OracleResource, id: string): number | null;
  /** Whether lies stated this value of a record in several lists. */
  hasRepeated(on: OracleResource, id: string, value: unknown): boolean;
  /** Whether a lie invented a record of this id. */
  hasInvented(on: OracleResource, id: string): boolean;
  /** Whether Dutchie ever left this package out of a list, or said that there is none of it. */
  hasDenied(id: string): boolean;
  /** Whether Dutchie sent a row of this package without its id. */
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
  /** Products of ReUp's own, by its ids, as a person entered them: they show that until Dutchie states something else. */
  readonly #own = new Map<string, Row>();

  /** Must be called with every state of the store, as soon as it arises. */
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

  /** A person set these fields in ReUp: ReUp may show them, whatever Dutchie says. */
  edited(on: OracleResource, id: string, fields: Row): void {
    this.#remember(on, { ...fields, [ID[on]]: id });
    if (on === "products") this.#edited.set(id, new Set([...(this.#edited.get(id) ?? []), ...Object.keys(fields)]));
  }

  /** A person created this product in ReUp. */
  own(product_id: string, entered: Row): void {
    this.#own.set(product_id, entered);
  }

  /**
   * Finds writes to Dutchie that change fields nobody edited in ReUp: a false value was read and then written back. Five
   * cases are allowed, because nobody can know better: fields that ReUp does not know (`written`); blanks round a text,
   * which mean nothing; values that lies stated in several lists; a product that was edited in Dutchie after the lie, so
   * that the false value has a new stamp; and a list that was read for the write and lagged behind an edit in Dutchie,
   * which has no conditional write.
   */
  checkWrites(writes: readonly ProductWrite[], said: FalseStatements): string[] {
    return writes.flatMap(({ before, after, shown }) => {
      const lied_at = said.touchedAt("products", String(before.id));
      if (lied_at !== null && (before.modified ?? 0) >= lied_at) return [];
      const mayChange = new Set([
        "modified",
        "written",
        ...[...(this.#edited.get(String(before.id)) ?? [])].flatMap(writtenAs),
      ]);
      return (Object.keys(after) as (keyof Product)[])
        .filter((key) => !mayChange.has(key))
        .filter((key) =>
          changed(before[key], after[key]).some((value) => !said.hasRepeated("products", String(before.id), value)),
        )
        .filter((key) => shown === undefined || JSON.stringify(shown[key]) !== JSON.stringify(after[key]))
        .map((key) => `${key} of product ${before.id} was written, which nobody edited: ${JSON.stringify(after[key])}`);
    });
  }

  /** What ReUp shows and must not show, as text; empty: all is well. */
  check(seen: Seen, said: FalseStatements): string[] {
    return [...this.#zeros(seen, said), ...this.#merges(seen, said), ...this.#unsaid(seen, said)];
  }

  /**
   * Packages with stock that ReUp shows as sold out, without notice to anybody. Dutchie leaves out packages that are sold
   * out, so ReUp may accept a few, but not half a store.
   */
  #zeros(seen: Seen, said: FalseStatements): string[] {
    const shown = new Map<string, number>();
    for (const row of seen.inventory as unknown as OracleInventory[]) {
      shown.set(row.dutchie_inventory_id, (shown.get(row.dutchie_inventory_id) ?? 0) + row.quantity);
    }
    const heirs = heirsOf(seen);
    const zeros = [...this.#stocked.keys()].filter(
      (id) => shown.get(id) === 0 && !this.#soldOut.has(id) && !heirs.has(id) && !names(seen.notices, id),
    );
    const denied = zeros.filter((id) => said.hasDenied(id));
    const announced = endedByAlerts(seen.notices);
    const silent = denied.length - announced;
    const areMany = silent >= MANY && silent > this.#stocked.size * MANY_SHARE;
    // Nobody can know the package of a row without an id, but an alert must say that there are such rows.
    const hasNoticeOfHidden = seen.notices.some((each) => each.includes("no id"));
    return zeros
      .filter((id) => (areMany || !said.hasDenied(id)) && !(hasNoticeOfHidden && said.hasHidden(id)))
      .map(
        (id) =>
          `package ${id} has ${this.#stocked.get(id)} but shows none, and nobody is notified` +
          (areMany ? ` (of ${denied.length} that Dutchie left out, alerts name ${announced})` : ""),
      );
  }

  /** A lie can make up a product with the SKU, brand, name and category of another. Nobody can distinguish the two, so this is no fault. */
  #merges(seen: Seen, said: FalseStatements): string[] {
    const dutchieIds = new Map(seen.products.map((row) => [row.product_id, String(row[ID.products])]));
    return seen.products.flatMap((row) => {
      const id = String(row[ID.products]);
      const into = dutchieIds.get(row.merged_into);
      if (into === undefined || this.#same.get(id)?.has(into) === true || names(seen.notices, id)) return [];
      if (said.hasInvented("products", id) || said.hasInvented("products", into)) return [];
      return [`product ${id} was merged into ${into}, and nobody is notified`];
    });
  }

  /** Records that Dutchie never lied about, but that show what was never true. */
  #unsaid(seen: Seen, said: FalseStatements): string[] {
    return ORACLE_RESOURCES.flatMap((on) =>
      seen[on].flatMap((row) => {
        const id = String(row[ID[on]]);
        const own = on === "products" ? this.#own.get(String(row.product_id)) : undefined;
        if (own !== undefined && row[ID[on]] === null) return [];
        if (row.status === "deleted" || row.status === "provisional" || said.hasTouched(on, id)) return [];
        const was = this.#was.get(`${on} ${id}`);
        // Rows of packages named it with the words of ReUp's own product. A complete catalogue without it ends the link.
        if (was === undefined && own !== undefined) return [];
        if (was === undefined) return [`${on} ${id} never existed, and Dutchie never said so`];
        return FIELDS[on].flatMap((field) =>
          was.get(field)?.has(text(row[field])) === true ||
          (own?.[field] !== undefined && own[field] === row[field]) ||
          (field === "quantity" && row.quantity === 0)
            ? []
            : [`${on} ${id}: ${field} is ${text(row[field])}, which was never true, and Dutchie never said so`],
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

/** The new values of a field: of a label (a number and its unit) those of the parts that changed. Blanks round a text mean nothing. */
function changed(before: unknown, after: unknown): unknown[] {
  if (before !== null && after !== null && typeof before === "object" && typeof after === "object") {
    return Object.entries(after).flatMap(([part, value]) => changed((before as Row)[part], value));
  }
  const [was, is] = [before, after].map((value) => (typeof value === "string" ? value.trim() : value));
  return was === is ? [] : [after];
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

/** So many packages, and so large a share of a store, do not sell out between two reads. */
const MANY = 10;
const MANY_SHARE = 0.2;

/** How many packages without stock all alerts together announce: because they ended, or because Dutchie lists them with 0. */
function endedByAlerts(notices: readonly string[]): number {
  const alerts = notices.filter(
    (each) => each.includes('"stock_ended"') || each.includes("packages fell to quantity 0"),
  );
  const counts = alerts.flatMap((each) =>
    [...each.matchAll(/(\d+)(?: of \d+)? packages/g)].map(([, count]) => Number(count)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Packages of which ReUp shows the stock under another id with the same tag. */
function heirsOf({ inventory }: Seen): Set<unknown> {
  const byTag = Map.groupBy(inventory, (row) => row.package_id);
  return new Set(
    inventory.flatMap(({ package_id, [ID.inventory]: id }) => {
      const others = package_id === null ? [] : (byTag.get(package_id) ?? []);
      return others.some((row) => row[ID.inventory] !== id && Number(row.quantity) > 0) ? [id] : [];
    }),
  );
}

const names = (notices: readonly string[], id: string): boolean =>
  notices.some((each) => new RegExp(`(?<!\\d)${id}(?!\\d)`).test(each));

/** Numbers to four decimals, times as instants. */
function text(value: unknown): string {
  if (typeof value === "number") return String(Math.round(value * 10_000) / 10_000);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toISOString();
  return String(value ?? null);
}
