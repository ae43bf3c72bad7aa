import type { Config } from "../options.ts";
import { Random } from "../random.ts";
import { Catalogue } from "./catalogue.ts";
import { salesHistory } from "./history.ts";
import type { Package, Product, Room, Sale } from "./records.ts";
import { ROOMS, Stockroom } from "./stock.ts";
import { Table } from "./table.ts";
import { Till } from "./till.ts";

const HOUR = 3_600_000;

/** What a read shows: not packages without stock, because Dutchie does not list them. */
export interface View {
  products: Product[];
  packages: Package[];
  sales: Sale[];
  /** The product of a package or line. Of a removed product: its last state. */
  productOf(id: number): Product | undefined;
}

/** The store: the truth. Everything else in the simulator only shows it, correctly or not. */
export class World {
  readonly products: Table<Product>;
  readonly packages: Table<Package>;
  readonly sales: Table<Sale>;
  readonly rooms: readonly Room[] = ROOMS;
  readonly random: Random;
  readonly catalogue: Catalogue;
  readonly stockroom = new Stockroom();
  readonly till = new Till();
  readonly now: () => number;
  /** Products of the duplicate-SKU pairs. Random events do not rename them, so that the pairs stay pairs. */
  readonly paired = new Set<number>();
  /** The last state of removed products, for packages that still exist. */
  readonly #ghosts = new Map<number, Product>();
  #lastTick: number;
  #burstFrom: number | null = null;

  constructor(config: Config, now: () => number) {
    this.now = now;
    this.products = new Table(now);
    this.packages = new Table(now);
    this.sales = new Table(now);
    const build = new Random(config.seed * 7919 + config.size);
    this.random = new Random(config.seed * 104_729 + 1);
    this.catalogue = new Catalogue(build);
    // History ends half a minute ago; a burst of events right after the opening fits in between.
    this.#lastTick = now() - 30_000;
    this.#open(config, build);
  }

  /** The time of the next event: now, but always later than the previous event. */
  tick(): number {
    this.#lastTick = Math.max(this.#burstFrom ?? this.now(), this.#lastTick + 1);
    return this.#lastTick;
  }

  /** Runs a burst of changes. Their times begin a little in the past, so that none is in the future. */
  burst<T>(changes: number, run: () => T): T {
    this.#burstFrom = this.now() - 6 * changes;
    try {
      return run();
    } finally {
      this.#burstFrom = null;
    }
  }

  room(id: number): Room | undefined {
    return this.rooms.find((room) => room.id === id);
  }

  /** The store as it was `ageMs` ago (at most ten minutes). */
  view(ageMs = 0): View {
    const products = this.products.asOf(ageMs);
    const then = ageMs > 0 ? new Map(products.map((product) => [product.id, product])) : this.products;
    return {
      products,
      packages: this.packages.asOf(ageMs).filter((item) => item.rooms.length > 0),
      sales: this.sales.asOf(ageMs),
      productOf: (id) => then.get(id) ?? this.productOf(id),
    };
  }

  productOf(id: number): Product | undefined {
    return this.products.get(id) ?? this.#ghosts.get(id);
  }

  removeProduct(id: number): boolean {
    const product = this.products.get(id);
    if (product === undefined) return false;
    this.#ghosts.set(id, product);
    return this.products.remove(id);
  }

  #open(config: Config, build: Random): void {
    const now = this.now();
    const touched = () => (build.chance(0.01) ? null : now - build.int(1, 60 * 24) * HOUR);
    const products: Product[] = [];
    const pairs = config.size >= 20 ? Math.max(2, Math.floor(config.size / 500)) : 0;
    while (products.length < config.size - 2 * pairs) products.push(this.catalogue.product(now, touched()));
    products.push(...this.#twins(products, pairs, now));

    const packagesOf = new Map<number, Package[]>();
    for (const product of products) {
      this.products.seed(product);
      const count = this.paired.has(product.id) ? 1 : Stockroom.count(build);
      const packages = Array.from({ length: count }, () => this.stockroom.opening(product, now, build));
      for (const item of packages) this.packages.seed(item);
      packagesOf.set(product.id, packages);
    }
    const sales = salesHistory({
      products,
      packagesOf: (id) => packagesOf.get(id) ?? [],
      till: this.till,
      random: build,
      now,
      days: config.salesDays,
      perDay: config.salesPerDay,
    });
    for (const sale of sales) this.sales.seed(sale);
  }

  /** Second products under an existing SKU: half of them the same product typed twice, half different. */
  #twins(products: Product[], pairs: number, now: number): Product[] {
    const originals = products.filter(
      (each) => each.sku !== null && each.brand !== null && each.category !== null && each.isCannabis && each.isActive,
    );
    return Array.from({ length: 2 * pairs }, (_, i) => {
      const original = originals[i];
      if (original === undefined) throw new Error("the store is too small for its duplicate SKUs");
      const twin = this.catalogue.twin(original, i % 2 === 0, now);
      this.paired.add(original.id).add(twin.id);
      return twin;
    });
  }
}
