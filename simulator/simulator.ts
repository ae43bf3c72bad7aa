import { RateLimits } from "./http/limits.ts";
import { type Fault, FaultBook } from "./lies/faults.ts";
import { Liar } from "./lies/liar.ts";
import type { Drawn, LieInput } from "./lies/lies.ts";
import { type Config, configOf, type SimulatorOptions, type WebhookFaults, type WebhookTarget } from "./options.ts";
import { type Oracle, type OracleResource, oracle } from "./oracle/oracle.ts";
import { posProduct } from "./pos/render.ts";
import { Random } from "./random.ts";
import type { Row } from "./row.ts";
import { iso, LocalClock } from "./time.ts";
import { changedBy, type EventBody, eventBody } from "./webhooks/event-body.ts";
import { type Delivery, Webhooks } from "./webhooks/webhooks.ts";
import { type ActKind, act } from "./world/acts.ts";
import { type PackageFields, type ProductFields, setPackage, setProduct } from "./world/change.ts";
import type { Product, WorldEvent } from "./world/records.ts";
import { World } from "./world/world.ts";

/** A product before and after a write over the API. */
export interface ProductWrite {
  before: Product;
  after: Product;
  /** The product in the list that was read at the moment of the write; it may be older than `before`. */
  shown?: Product | undefined;
}
const KEPT_WRITES = 1_000;

type Counts = Record<string, Record<string, number>>;

/** The store with its staff, faults and webhooks: everything that the control endpoints do, as methods. */
export class Simulation {
  readonly config: Config;
  readonly world: World;
  readonly limits: RateLimits;
  readonly faults: FaultBook;
  readonly lies: Liar;
  readonly webhooks: Webhooks;
  readonly localClock: LocalClock;
  readonly delay: (ms: number) => Promise<void>;
  /** Randomness of faults and webhooks, apart from the world's: a fault must not change what happens next. */
  readonly chance: Random;
  readonly closed: Promise<void>;
  readonly #writes: ProductWrite[] = [];
  #announceClosed: () => void = () => {};
  #timer: ReturnType<typeof setInterval> | null = null;
  #everyMs: number | null = null;
  #requests: Counts = {};

  constructor(options: SimulatorOptions = {}) {
    const now = options.now ?? Date.now;
    this.config = configOf(options);
    this.world = new World(this.config, now);
    this.chance = new Random(this.config.seed + 15_485_863);
    this.limits = new RateLimits(now);
    this.faults = new FaultBook(now, this.chance);
    this.lies = new Liar(now);
    if (options.lies !== undefined) this.lies.set(options.lies);
    this.localClock = new LocalClock(this.config.timeZone);
    this.delay = options.delay ?? wait;
    const fetch = options.fetch ?? globalThis.fetch;
    this.webhooks = new Webhooks({ now, fetch, delay: this.delay, random: this.chance });
    this.setWebhooks(options.webhook ?? null, options.webhookFaults);
    this.closed = new Promise((resolve) => {
      this.#announceClosed = resolve;
    });
  }

  /** Makes things happen and sends their webhooks. In a burst, the times are just before now, one after the other. */
  act({ count = 1, kind }: { count?: number; kind?: ActKind } = {}): WorldEvent[] {
    const run = () => Array.from({ length: count }, () => this.#send(act(this.world, kind))).flat();
    return count > 1 ? this.world.burst(count, run) : run();
  }

  start({ everyMs }: { everyMs: number }): void {
    this.stop();
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => this.act(), everyMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#everyMs = null;
  }

  oracle(resources?: readonly OracleResource[]): Oracle {
    return oracle(this.world, resources);
  }

  setFaults(faults: readonly Fault[]): void {
    this.faults.set(faults);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  /** A list of lies, or a seed to draw them from. */
  setLies(lies: readonly LieInput[] | Drawn): void {
    this.lies.set(lies);
  }

  setWebhooks(target: WebhookTarget | null, faults: WebhookFaults = {}): void {
    this.webhooks.target = target;
    this.webhooks.faults = faults;
  }

  deliveries(since?: number | string): Delivery[] {
    return this.webhooks.deliveries(since);
  }

  /** A whole product, as the real API shows it, to check that a write changed nothing else. */
  product(id: number): Row | undefined {
    const product = this.world.products.get(id);
    return product && posProduct(product);
  }

  /** Changes fields by hand. `silent`: sends no webhook. */
  setProduct(id: number, fields: ProductFields, { silent = false } = {}): WorldEvent[] {
    const events = setProduct(this.world, id, fields);
    return silent ? events : this.#send(events);
  }

  setPackage(id: number, fields: PackageFields, { silent = false } = {}): WorldEvent[] {
    const events = setPackage(this.world, id, fields);
    return silent ? events : this.#send(events);
  }

  /** Removes a product without a tombstone or an event; its packages stay. */
  removeProduct(id: number): boolean {
    return this.world.removeProduct(id);
  }

  removePackage(id: number): boolean {
    return this.world.packages.remove(id);
  }

  /** The body of an event in the profile of the webhook target, or else in the first profile. */
  eventBody(event: WorldEvent): EventBody {
    const profile = this.webhooks.target?.profile ?? this.config.profiles[0] ?? "pos";
    return eventBody(this.world, event, profile, this.localClock);
  }

  noteWrite(write: ProductWrite): void {
    this.#writes.push(write);
    if (this.#writes.length > KEPT_WRITES) this.#writes.shift();
  }

  /** The last writes over the API, the oldest first. */
  writes(): readonly ProductWrite[] {
    return this.#writes;
  }

  countRequest(path: string, status: number): void {
    const counts = this.#requests[path] ?? {};
    this.#requests[path] = counts;
    counts.total = (counts.total ?? 0) + 1;
    counts[status] = (counts[status] ?? 0) + 1;
  }

  state() {
    const { world } = this;
    return {
      now: iso(world.now()),
      seed: this.config.seed,
      profiles: this.config.profiles,
      counts: {
        products: world.products.size,
        packages: world.packages.size,
        packages_in_stock: [...world.packages.values()].filter((item) => item.rooms.length > 0).length,
        sales: world.sales.size,
        rooms: world.rooms.length,
      },
      clock: { every_ms: this.#everyMs },
      faults: this.faults.list(),
      lies: this.lies.list(),
      limits: { mode: this.config.limits, used_last_minute: this.limits.used() },
      webhooks: {
        url: this.webhooks.target?.url ?? null,
        profile: this.webhooks.target?.profile ?? null,
        faults: this.webhooks.faults,
      },
      requests: this.#requests,
    };
  }

  resetCounts(): void {
    this.#requests = {};
    this.limits.reset();
  }

  /** Stops the clock, ends hanging calls and sends nothing more. */
  close(): void {
    this.stop();
    this.webhooks.close();
    this.#announceClosed();
  }

  #send(events: WorldEvent[]): WorldEvent[] {
    if (this.webhooks.target !== null)
      for (const event of events) this.webhooks.send(this.lies.distort(this.eventBody(event)), changedBy(event));
    return events;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
