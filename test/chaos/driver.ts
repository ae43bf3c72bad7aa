import { compareWithOracle } from "../../scripts/support/accuracy.ts";
import { Api, CallError } from "../../scripts/support/api.ts";
import { createSimulator, type Simulator } from "../../simulator/app.ts";
import type { Fault } from "../../simulator/lies/faults.ts";
import type { LieInput } from "../../simulator/lies/lies.ts";
import { type Seen, Verdict } from "../../simulator/oracle/verdict.ts";
import { Random } from "../../simulator/random.ts";
import { type Client, createClient } from "../../src/client/index.ts";
import type { ReviewJson } from "../../src/contract/http/reviews.ts";
import type { RunJson } from "../../src/contract/http/runs.ts";
import { accountsDb, shardsOf } from "../../src/db/databases.ts";
import { findLocation } from "../../src/db/locations.ts";
import { storeSizes } from "../../src/db/shards.ts";
import { FULL_SHARD_BYTES } from "../../src/domain/bounds.ts";
import type { Move } from "../../src/domain/move.ts";
import type { Run } from "../../src/domain/runs/run.ts";
import type { SnapshotResource } from "../../src/domain/snapshots/absence.ts";
import type { Values } from "../../src/location/storage/values.ts";
import { locationStub } from "../../src/location/stub.ts";
import { FeedCopy } from "../support/feed-copy.ts";
import { seedRandomness } from "./chance.ts";
import { OwnProducts } from "./own-products.ts";
import { type Platform, tokenOf, WORKER } from "./platform.ts";
import { shownBy } from "./shown.ts";

/**
 * One store and one seed: a simulated Dutchie, a clock that jumps, and a driver that plays the queue. The driver drops,
 * repeats, delays and reorders messages, breaks reads, evicts the Location and kills readers in the middle. In half of the
 * seeds Dutchie lies, from the first sync until the store comes to rest.
 */
const MINUTE_MS = 60_000;
/** Dutchie's products lag by up to an hour, all else by 5 minutes. */
const LONGEST_LAG_MS = 60 * MINUTE_MS;
/** About a third of the answers begin a lie. A store is read some twenty times before it comes to rest. */
const LIE_RATE = 0.35;
/** In this share of the stores that the first snapshot at rest has made equal, a second one is read all the same. */
const SHARE_OF_SECOND_SNAPSHOTS = 0.25;
const ENDPOINT = "http://localhost:20000";
const HOUR_MS = 60 * MINUTE_MS;
/**
 * Seeds begin at any hour of a year. The year is in the future: the platform would fire an alarm in the past at once.
 */
const FIRST_START = Date.UTC(2040, 0, 1);
const HOURS_A_YEAR = 8_760;
const startOf = (seed: number) => FIRST_START + ((seed * 3_671) % HOURS_A_YEAR) * HOUR_MS;

/**
 * Most seeds play a short story in a tiny store: two faults need few records and few steps to meet, and a short story costs a
 * third. The others play on for longer, with more records.
 */
const SHARE_OF_SHORT = 0.75;

/** Where a store stands that shares the platform with others. */
export interface Place {
  retailer_id: string;
  name: string;
  /** Of its Dutchie: stores may share one, and their keys. */
  endpoint: string;
  api_key: string;
  dutchie_location_id: number;
  profile: "pos" | "guide";
  /** The seed of what it sells: stores with the same one have the same ids and SKUs. */
  world: number;
}

export interface Given {
  place?: Place;
  /** The lies to use instead of those that the seed draws. */
  lies?: readonly LieInput[] | null;
  /** Instead of what the seed draws. */
  isShort?: boolean;
  /** Somebody looks at the store: after each step (`isWithinRun`: false), and between the steps of a run. */
  look?: (chaos: Chaos, isWithinRun: boolean) => Promise<void>;
}
/** How the comparison calls products that are none of Dutchie's. */
const NOT_LINKED = "product null: not in Dutchie";

interface Queued {
  event_id: string;
  body: unknown;
  received_at: number;
}

export class Chaos {
  private readonly random: Random;
  private readonly lies: readonly LieInput[] | null;
  private readonly isShort: boolean;
  private readonly dutchie: Simulator;
  private readonly queued: Queued[] = [];
  /** What happened, for the person who repeats it. */
  readonly log: string[] = [];
  location_id = "";
  private killNextRead = false;
  /** Whether the store is at rest: nothing changes any more, so the last snapshots are final. */
  private atRest = false;
  /** Rows that a run listed as failed. */
  private readonly failed = new Set<string>();
  private api: Api | null = null;
  /** Whether edits in ReUp are also written to Dutchie. */
  private readonly bothWays: boolean;
  private readonly verdict = new Verdict();
  /** The database of the store's records: at first by the seed, with lies and without on both. */
  private shard: string;
  /** Whether the records are moved to the other database meanwhile, and the chance of it: its own, so that the rest stays. */
  private readonly moves: boolean;
  private readonly mover: Random;
  /** A receiver of the feed, in some seeds; it reads on when its own chance says so. */
  private feed: FeedCopy | null = null;
  private readonly receiver: Random;
  /** Products of ReUp's own that a person links to Dutchie's, in a third of the seeds; `linker`: their own chance. */
  private own: OwnProducts | null = null;
  private readonly linker: Random;
  /** Whose lane reads a step: drawn on its own, so that seeds that found a fault go on to find it. */
  private readonly lanes: Random;
  private readonly look: NonNullable<Given["look"]>;
  private readonly place: Place;
  private client: Client | null = null;

  /** A new world for this seed. */
  static async begin(platform: Platform, seed: number, given: Given = {}): Promise<Chaos> {
    await platform.begin(startOf(seed));
    seedRandomness(seed);
    return Chaos.join(platform, seed, given);
  }

  /** One more store in the world that there is. */
  static join(platform: Platform, seed: number, given: Given): Chaos {
    return new Chaos(platform, seed, given);
  }

  private constructor(
    private readonly platform: Platform,
    private readonly seed: number,
    { lies = null, isShort, look = async () => {}, place }: Given,
  ) {
    this.look = look;
    this.lies = lies;
    this.isShort = isShort ?? new Random(seed * 67_867_967 + 9).chance(SHARE_OF_SHORT);
    this.random = new Random(seed * 7919 + 13);
    this.shard = seed % 4 < 2 ? "00" : "01";
    this.moves = seed % 3 === 0;
    this.mover = new Random(seed * 104_729 + 7);
    this.receiver = new Random(seed * 32_452_843 + 11);
    this.lanes = new Random(seed * 15_485_863 + 3);
    this.linker = new Random(seed * 49_979_687 + 5);
    const drawn = this.random.next() < 0.7 ? "pos" : "guide";
    this.place = place ?? {
      retailer_id: "chaos",
      name: "Chaos",
      endpoint: ENDPOINT,
      api_key: "sim-key",
      dutchie_location_id: 4711,
      profile: drawn,
      world: seed,
    };
    const { profile } = this.place;
    this.bothWays = this.random.next() < 0.5;
    this.dutchie = createSimulator({
      size: this.isShort ? 2 + this.random.int(0, 6) : 10 + this.random.int(0, 25),
      seed: this.place.world,
      profiles: [profile],
      apiKey: this.place.api_key,
      locationId: this.place.dutchie_location_id,
      salesDays: 2,
      salesPerDay: 4,
      limits: this.random.next() < 0.3 ? "real" : "off",
      guidePaging: this.random.pick(["none", "cursor", "url"]),
      guidePageSize: 7,
      now: () => Date.now(),
      delay: async () => {},
      fetch: async (_url, init) => this.webhookSent(init),
    });
  }

  async run(): Promise<string[]> {
    this.observe();
    await this.connect();
    const { isLying } = this;
    const liar = new Random(this.seed);
    const lie = () => this.dutchie.setLies(this.lies ?? { seed: this.seed, rate: LIE_RATE });
    // In most stores the first sync is honest.
    const fromTheStart = liar.chance(0.25);
    if (isLying && fromTheStart) lie();
    await this.sync("initial");
    await this.look(this, false);
    await this.own?.create(this.linker.int(1, 4), [...this.dutchie.world.products.values()]);
    if (isLying && !fromTheStart) lie();
    const steps = this.isShort ? 1 + this.random.int(0, 2) : 5 + this.random.int(0, 6);
    for (let step = 0; step < steps; step++) {
      await this.step();
      await this.look(this, false);
      if (this.receiver.chance(0.3)) await this.feed?.follow(this.receiver.int(1, 40), this.receiver.int(1, 3));
      if (!isLying) continue;
      if (step % 3 === 0) await this.sync(liar.pick(["incremental", "incremental", "full"]));
      const wrong = await this.check(step === steps - 1);
      if (wrong.length > 0) return wrong;
    }
    const wrong = await this.comeToRest();
    return wrong.length > 0 ? wrong : this.checkFeed();
  }

  /** Who applied what the feed told has the records that the lists show. */
  private async checkFeed(): Promise<string[]> {
    await this.feed?.follow(this.receiver.int(1, 200));
    return (await this.feed?.differences()) ?? [];
  }

  get isLying(): boolean {
    return this.lies !== null || this.seed % 2 === 0;
  }

  /** The lies of this run. Given to another run of the same seed, they happen again. */
  get lied(): readonly LieInput[] {
    return this.dutchie.lies
      .list()
      .filter(({ struck }) => struck > 0)
      .map(({ struck: _, every, from, after, ...lie }) => ({
        ...lie,
        ...(every === 1 ? {} : { every, from }),
        ...(after === 0 ? {} : { after }),
      }));
  }

  /** Must be called after every change in Dutchie. */
  private observe(): void {
    if (!this.atRest) this.verdict.observe(this.dutchie.oracle());
  }

  /**
   * What ReUp shows while Dutchie lies, and must not. `overHttp`: as the API shows it; which is also asked before anything
   * counts as wrong.
   */
  private async check(overHttp: boolean): Promise<string[]> {
    const last = await this.kept<RunJson>("last_run");
    for (const failure of last?.failures ?? []) this.failed.add(JSON.stringify(failure));
    const seen = overHttp
      ? await this.listed()
      : await shownBy(this.platform.env, { location_id: this.location_id, shard: this.shard });
    const wrong = [
      ...(this.own?.check(seen.products) ?? []),
      ...this.verdict.check({ ...seen, notices: [...seen.notices, ...this.failed] }, this.dutchie.lies),
      ...this.verdict.checkWrites(this.dutchie.writes(), this.dutchie.lies),
    ];
    return wrong.length === 0 || overHttp ? wrong : this.check(true);
  }

  /** What the API's lists show. */
  private async listed(): Promise<Seen> {
    const rows = (path: string) => this.caller().all<Record<string, unknown>>(this.path(path));
    const notices = [
      ...(await this.caller().all<object>("/v1/alerts?state=firing")),
      ...(await rows("/reviews?state=open")),
    ];
    return {
      products: await rows("/products?include_merged=true"),
      inventory: await rows("/inventory"),
      sales: await rows("/sales"),
      notices: notices.map((each) => JSON.stringify(each)),
    };
  }

  /** Deletes the records and restores them from a full snapshot and the ledger. Returns the differences to before. */
  async rebuild(): Promise<string[]> {
    const before = await this.records();
    const records = shardsOf(this.platform.env).get(this.shard);
    for (const table of ["products", "inventory", "sales"]) {
      await records?.prepare(`delete from ${table} where location_id = ?`).bind(this.location_id).run();
    }
    await this.caller().call("POST", `/v1/locations/${this.location_id}/rebuild`);
    await this.finishRun("rebuild");
    await this.consume("sync", { kind: "replay", location_id: this.location_id, after: null });
    for (const { event_id } of await this.caller().all<{ event_id: string }>(this.path("/events?outcome=pending"))) {
      const { received_at, body } = await this.caller().get<{ received_at: string; body: unknown }>(
        this.path(`/events/${event_id}`),
      );
      await this.consumeWebhooks([{ event_id, body, received_at: Date.parse(received_at) }]);
    }
    const after = await this.records();
    if (before.length === 0) return ["there was nothing to rebuild"];
    return [...before.filter((row) => !after.includes(row)), ...after.filter((row) => !before.includes(row))];
  }

  /** The content of all live records, without the times of Dutchie and ReUp. */
  private async records(): Promise<string[]> {
    const lists = await Promise.all(
      ["/products?include_merged=true", "/inventory", "/sales"].map((path) =>
        this.caller().all<Record<string, unknown>>(this.path(path)),
      ),
    );
    return lists
      .flat()
      .filter((row) => row.quantity !== 0 || row.product_name !== undefined)
      .filter((row) => row.status !== "deleted")
      .map(({ source_updated_at: _, updated_at: __, created_at: ___, ...content }) => JSON.stringify(content))
      .sort();
  }

  private path(path: string): string {
    return `/v1/locations/${this.location_id}${path}`;
  }

  // ---- what may happen ----

  private async step(): Promise<void> {
    if (this.bothWays && this.random.next() < 0.45) {
      if (this.random.next() < 0.6) await this.edit();
      else await this.push();
      return;
    }
    if (this.moves && this.mover.chance(0.4)) await this.move();
    if (this.linker.chance(0.4)) await this.link();
    const choice = this.random.next();
    if (choice < 0.34) await this.act();
    else if (choice < 0.6) await this.deliver(this.random.int(1, 6));
    else if (choice < 0.72) this.advance(this.random.int(1, 20) * MINUTE_MS);
    else if (choice < 0.86) await this.sync("incremental", this.trouble());
    else if (choice < 0.93) await this.sync("full", this.trouble());
    else await this.evict();
  }

  /**
   * Moves the store's records to the other database, some steps at a time: runs, events and edits come between them, and the
   * Location may die. While nothing may be applied, an event that arrives all the same must wait.
   */
  private async move(): Promise<void> {
    const stub = locationStub(this.platform.env, this.location_id);
    if ((await this.kept<Move>("move")) === null) {
      const to = this.shard === "00" ? "01" : "00";
      await this.caller().call("POST", this.path("/move"), { to });
      this.note(`moves to ${to}`);
    }
    for (let steps = this.mover.int(1, 12); ; steps--) {
      const isFrozen = (await this.kept<Move>("move"))?.frozen_at != null;
      if (!isFrozen && steps <= 0) break;
      if (isFrozen && this.queued.length > 0 && this.mover.chance(0.3)) {
        await this.consumeWebhooks([this.mover.pick(this.queued)]);
      }
      const delay_ms = await stub.moveStep();
      if (this.mover.chance(0.1)) await this.evict();
      if (delay_ms === null) break;
      if (delay_ms > 0 && isFrozen) break;
    }
    const row = await findLocation(accountsDb(this.platform.env), this.location_id);
    if (row !== null && row.shard !== this.shard) this.note(`moved to ${row.shard}`);
    this.shard = row?.shard ?? this.shard;
  }

  /** Lets a move come to its end. Returns what is left in the database that the store has left. */
  private async endMove(): Promise<string[]> {
    while ((await this.kept<Move>("move")) !== null) {
      this.advance(20 * MINUTE_MS);
      await this.move();
    }
    const others = [...shardsOf(this.platform.env)].filter(([shard]) => shard !== this.shard);
    const left = await Promise.all(
      others.flatMap(([shard, d1]) =>
        ["products", "inventory", "sales", "changes", "runs", "counts"].map(async (table) => {
          const row = await d1.prepare(`select 1 from ${table} where location_id = ?`).bind(this.location_id).first();
          return row === null ? [] : [`${table} on ${shard} still has rows of the store`];
        }),
      ),
    );
    return left.flat();
  }

  private async link(): Promise<void> {
    const done = await this.own?.decide([...this.dutchie.world.products.values()].map(({ id }) => String(id)));
    if (done !== undefined) this.note(done);
  }

  private async act(): Promise<void> {
    this.advance(this.random.int(1, 90) * 1_000);
    const count = this.random.int(1, 4);
    this.note(`${count} acts`);
    for (let each = 0; each < count; each++) {
      this.dutchie.act();
      this.observe();
    }
    if (this.random.next() < 0.08) {
      const ids = [...this.dutchie.world.packages.values()].map((item) => item.id);
      if (ids.length > 0) this.dutchie.removePackage(this.random.pick(ids));
      this.observe();
    }
    await this.dutchie.webhooks.idle();
  }

  /** Somebody edits a product in ReUp. ReUp may refuse (deleted, under review). */
  private async edit(): Promise<void> {
    const products = [...this.dutchie.world.products.values()];
    if (products.length === 0) return;
    const { id } = this.random.pick(products);
    const fields = this.random.pick([
      { unit_price: this.random.int(1, 60) },
      { product_name: `Edited ${this.random.int(1, 99)}` },
      { brand: `Brand ${this.random.int(1, 9)}`, unit_price: this.random.int(1, 60) },
    ]);
    try {
      await this.caller().call("PATCH", this.path(`/products/${this.own?.linkedTo(id) ?? `prd_${id}`}`), fields);
      this.verdict.edited("products", String(id), fields);
      this.note(`edited ${id} ${JSON.stringify(fields)}`);
    } catch (error) {
      if (!(error instanceof CallError) || (error.status !== 409 && error.status !== 404)) throw error;
      this.note(`edit of ${id} refused: ${error.status}`);
    }
    if (this.random.next() < 0.4) {
      this.advance(this.random.int(1, 5_000));
      this.dutchie.setProduct(
        id,
        this.random.pick([{ price: this.random.int(1, 60) }, { brand: "Changed in Dutchie" }]),
      );
      this.observe();
      this.note(`edited ${id} in Dutchie`);
    }
  }

  /** Sends what is due in the outbox, with one or two consumers, and perhaps with faults. */
  private async push(): Promise<void> {
    this.advance(2_000);
    if (this.random.next() < 0.3) this.dutchie.setFaults(this.trouble());
    if (this.random.next() < 0.15) this.killNextRead = true;
    const message = { kind: "push", location_id: this.location_id };
    const copies = this.random.next() < 0.2 ? 2 : 1;
    await Promise.all(Array.from({ length: copies }, () => this.consume("sync", message)));
    this.dutchie.clearFaults();
    await this.dutchie.webhooks.idle();
  }

  /** Sends until the outbox is empty. Returns a problem if it does not become empty. */
  private async pushAll(): Promise<string[]> {
    this.killNextRead = false;
    const path = this.path("/pushes?limit=500");
    for (let turn = 0; ; turn++) {
      const { data } = await this.caller().get<{ data: { push_id: string; state: string }[] }>(path);
      const open = data.filter(({ state }) => state === "waiting" || state === "sending" || state === "parked");
      if (open.length === 0) return [];
      if (turn > 60) return [`the pushes do not end: ${JSON.stringify(open)}`];
      for (const { push_id, state } of open) {
        if (state === "parked") await this.caller().call("POST", this.path(`/pushes/${push_id}/retry`));
      }
      this.advance(5 * MINUTE_MS);
      await this.consume("sync", { kind: "push", location_id: this.location_id });
      await this.dutchie.webhooks.idle();
    }
  }

  /** Delivers some queued events in any order, some of them twice; loses a few for good. */
  private async deliver(count: number): Promise<void> {
    const batch: Queued[] = [];
    for (let index = 0; index < count && this.queued.length > 0; index++) {
      const at = this.random.int(0, this.queued.length - 1);
      const event = this.queued[at];
      if (event === undefined) continue;
      const fate = this.random.next();
      if (fate < 0.85) this.queued.splice(at, 1);
      if (fate > 0.1) batch.push(event);
      else this.note(`lost ${event.event_id}`);
    }
    await this.consumeWebhooks(batch);
  }

  private trouble(): Fault[] {
    const path = this.random.pick([
      "/",
      "/reporting/products",
      "/reporting/inventory",
      "/reporting/transactions",
      "/products",
      "/inventory",
    ]);
    return this.random.weighted<() => Fault[]>([
      [() => [], 40],
      [() => [{ kind: "429", path, times: 2, retryAfter: this.random.int(1, 90) }], 12],
      [() => [{ kind: "500", path, times: this.random.int(1, 2) }], 10],
      [() => [{ kind: "cutBody", path, times: 1, end: "destroy" }], 10],
      [() => [{ kind: "stale", path, ms: this.random.int(1, 5) * MINUTE_MS }], 12],
      [() => [{ kind: "empty200", path: this.random.pick(["/reporting/inventory", "/inventory"]), times: 1 }], 6],
      [() => [{ kind: "missingRows", path, times: 1, share: 0.3 }], 5],
      [() => [{ kind: "stringNumbers", path: "/" }], 5],
    ])();
  }

  private async evict(): Promise<void> {
    this.note("evict");
    await this.current(); // only a running instance can be evicted
    await this.platform.evict(this.location_id);
  }

  // ---- the end: one complete snapshot later than S ----

  /** Lets the store come to rest. Returns the differences to the oracle; empty: all is equal. */
  private async comeToRest(): Promise<string[]> {
    // A suspicious absence needs a second snapshot, and a record that changed less than S ago needs one later than S. Late
    // events arrive before, between and after the snapshots, and must change nothing.
    this.atRest = true;
    this.dutchie.lies.stop();
    const left = this.moves ? await this.endMove() : [];
    if (this.bothWays && left.length === 0) left.push(...(await this.pushAll()));
    left.push(...(await this.lostHistory()));
    if (left.length > 0) return left;
    while (this.queued.length > 6) await this.deliver(6);
    this.advance(LONGEST_LAG_MS + 2 * MINUTE_MS);
    await this.sync("full");
    // Most stores are at rest by now. In some of them a second snapshot shows that it changes nothing.
    if (this.random.next() >= SHARE_OF_SECOND_SNAPSHOTS) {
      while (this.queued.length > 0) await this.deliver(6);
      if ((await this.differences()).length === 0) return [];
    }
    while (this.queued.length > 3) await this.deliver(3);
    this.advance(LONGEST_LAG_MS + 2 * MINUTE_MS);
    await this.sync("full");
    while (this.queued.length > 0) await this.deliver(6);
    return [...(await this.confirmEmpty()), ...(await this.differences())];
  }

  /** Only a person believes an empty list, and by now nothing else may be held. */
  private async confirmEmpty(): Promise<string[]> {
    const held = Object.keys((await this.kept<Values["held"]>("held")) ?? {});
    const listed = this.dutchie.oracle();
    const wrong: string[] = [];
    for (const { review_id, subject, held_rows } of await this.caller().all<ReviewJson>(
      this.path("/reviews?state=open"),
    )) {
      if (!held.includes(subject)) continue;
      const resource = subject as SnapshotResource;
      if ((listed[resource] ?? []).length > 0) wrong.push(`${subject} are held, though Dutchie lists some`);
      const decision = { action: "confirm", count: held_rows };
      await this.caller().call("POST", this.path(`/reviews/${review_id}/resolve`), decision);
      this.note(`confirmed that no ${subject} are left`);
    }
    return wrong;
  }

  /** Changes of packages to which neither the package's row nor a later change leads. */
  private async lostHistory(): Promise<string[]> {
    const { results = [] } =
      (await shardsOf(this.platform.env)
        .get(this.shard)
        ?.prepare(
          `select e.record_id as id, e.change_id as change from entries e
           where e.location_id = ?1 and e.resource = 'inventory' and e.fields is not null and e.change_id not in (
             select last_change from inventory where location_id = ?1 and last_change is not null
             union all select previous from entries where location_id = ?1 and previous is not null)`,
        )
        .bind(this.location_id)
        .all<{ id: string; change: string }>()) ?? {};
    return results.map(({ id, change }) => `the history of ${id} lacks its change ${change}`);
  }

  /** The differences to the oracle, as the API shows the records. */
  private async differences(): Promise<string[]> {
    const accuracy = await compareWithOracle(this.caller(), this.location_id, this.dutchie.oracle());
    if (accuracy.compared === 0) return ["nothing was compared"];
    const wrong = accuracy.differences.filter((difference) => !this.isInvented(difference));
    if (this.own === null) return wrong;
    const shown = await this.caller().all<Record<string, unknown>>(this.path("/products?include_merged=true"));
    return [...wrong.filter((difference) => difference !== NOT_LINKED), ...this.own.check(shown)];
  }

  /**
   * An invented sale that was complete and had an id of its own stays: Dutchie withdraws no sale and has no tombstones, so
   * nobody can know better.
   */
  private isInvented(difference: string): boolean {
    const id = /^sale (.+): not in Dutchie$/.exec(difference)?.[1];
    return id !== undefined && this.dutchie.lies.hasInvented("sales", id);
  }

  // ---- the queue, played by hand ----

  /** Starts a run and plays the SYNC queue until it is over. */
  async sync(mode: string, faults: Fault[] = []): Promise<void> {
    this.note(`${mode}${faults.map((fault) => ` with ${JSON.stringify(fault)}`).join("")}`);
    this.dutchie.setFaults(faults);
    await this.caller().call("POST", this.path("/syncs"), { mode });
    await this.finishRun(mode);
    const ended = await this.kept<RunJson>("last_run");
    this.note(`${mode} ${ended?.state}${ended?.error == null ? "" : ` ${JSON.stringify(ended.error)}`}`);
    this.dutchie.clearFaults();
  }

  /** Plays the SYNC queue until the run is over. */
  private async finishRun(mode: string): Promise<void> {
    for (let turn = 0; ; turn++) {
      const run = await this.current();
      if (run === null) break;
      if (turn > 400) throw new Error(`The ${mode} run does not end: ${JSON.stringify(run).slice(0, 1_000)}`);
      if (run.waiting_until !== null) this.advanceTo(run.waiting_until + 1);
      await this.look(this, true);
      await this.meanwhile();
      await this.consumeStep(run);
    }
  }

  /** The store continues to change between two steps of a run. */
  private async meanwhile(): Promise<void> {
    if (this.moves && this.mover.chance(0.05)) await this.move();
    if (!this.atRest && this.linker.chance(0.04)) await this.link();
    const choice = this.random.next();
    if (choice < 0.08 && !this.atRest) await this.act();
    else if (choice < 0.16) await this.deliver(1);
    else if (choice < 0.2) await this.evict();
    else if (choice < 0.24) this.killNextRead = true;
  }

  private async consumeStep(run: Run): Promise<void> {
    const body = { kind: "step", location_id: this.location_id, run_id: run.run_id, step: run.step };
    const copies = this.random.next() < 0.08 ? 2 : 1;
    // A reader of the other lane reads one step and leaves the next to the queue, so life goes on between the two.
    const queue = this.lanes.chance(0.5) ? "sync" : "slow";
    for (let copy = 0; copy < copies; copy++) await this.consume(queue, body);
    const after = await this.current();
    // Its reader was killed: the watchdog's time must pass before the step is given out again.
    if (after?.reading) this.advance(2 * MINUTE_MS);
  }

  private async consumeWebhooks(events: readonly Queued[]): Promise<void> {
    if (events.length === 0) return;
    const { location_id } = this;
    await this.consume("webhooks", ...events.map((event) => ({ location_id, ...event })));
  }

  private consume(queue: "sync" | "slow" | "webhooks" | "chores", ...bodies: unknown[]): Promise<void> {
    return this.platform.consume(queue, bodies);
  }

  private current(): Promise<Run | null> {
    return this.kept<Run>("run");
  }

  /** The Location's value under a key. */
  private async kept<T>(key: string): Promise<T | null> {
    const value = await this.platform.kept(this.location_id, key);
    return value === null ? null : (JSON.parse(value) as T);
  }

  // ---- the outside world ----

  /** Sends a webhook through the real route, so that only verified and queued events can be delivered. */
  private async webhookSent(init: RequestInit | undefined): Promise<Response> {
    const response = await this.platform.fetch(`${WORKER}/webhooks/dutchie/${this.location_id}`, {
      ...init,
      method: "POST",
    });
    if (response.status !== 202)
      throw new Error(`The webhook was answered ${response.status}: ${await response.text()}`);
    const { event_id } = (await response.json()) as { event_id: string };
    this.queued.push({ event_id, body: JSON.parse(String(init?.body)), received_at: Date.now() });
    return new Response(null, { status: 202 });
  }

  /** The Worker's `fetch`: reaches this store's Dutchie, or the Worker itself. */
  private async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = String(input instanceof Request ? input.url : input);
    if (url.startsWith(WORKER)) return this.platform.fetch(url, init);
    // Without the signal: nothing here waits, and a request that follows one takes long to make.
    const response = await this.dutchie.app.request(url, { ...init, signal: null });
    // A read changes nothing.
    if ((init?.method ?? "GET") !== "GET") this.observe();
    if (!this.killNextRead || response.body === null) return response;
    this.killNextRead = false;
    this.note(`killed reading ${url}`);
    return new Response(dying(response.body), response);
  }

  private async connect(): Promise<void> {
    // The store goes where there is room.
    const sizes = [...shardsOf(this.platform.env).keys()].map(
      (shard) => [shard, shard === this.shard ? 0 : FULL_SHARD_BYTES] as const,
    );
    await storeSizes(accountsDb(this.platform.env), new Map(sizes), Date.now());
    this.platform.reach((input, init) => this.fetch(input, init));
    const token = await tokenOf(this.place.retailer_id);
    this.api = new Api(WORKER, token);
    this.client = createClient({ url: WORKER, token });
    const { location, webhook } = await this.caller().call<{
      location: { location_id: string; dutchie: { profile: "pos" | "guide" } };
      webhook: { secret: string };
    }>("POST", "/v1/locations", {
      name: this.place.name,
      time_zone: "America/Denver",
      dutchie: this.dutchieAddress,
      // One window of sales to read, or two.
      settings: {
        sales_history_days: this.random.pick([6, 10]),
        direction: this.bothWays ? "bidirectional" : "dutchie_to_reup",
      },
    });
    this.location_id = location.location_id;
    // Most seeds of found.test.ts are none of these: what they found is found without.
    if ([0, 4, 5].includes(this.seed % 9))
      this.own = new OwnProducts(this.caller(), (path) => this.path(path), this.linker, this.verdict);
    // Not in all of them: it doubles what a seed asks over HTTP.
    if (this.seed % 5 < 2) this.feed = new FeedCopy(this.caller(), (path) => this.path(path));
    this.hear(webhook.secret, location.dutchie.profile);
  }

  /** Of a Dutchie of the guide, only the location says which of the key's stores is meant. */
  private get dutchieAddress() {
    const { endpoint, api_key, dutchie_location_id, profile } = this.place;
    const which = profile === "guide" && endpoint !== ENDPOINT ? { location_id: String(dutchie_location_id) } : {};
    return { endpoint, api_key, ...which };
  }

  private hear(secret: string, profile: "pos" | "guide"): void {
    this.dutchie.setWebhooks({ url: `${WORKER}/hook`, secret, profile });
  }

  /** Somebody disconnects the store, looks, and connects it again. */
  async reconnect(look: () => Promise<void>): Promise<void> {
    this.atRest = true;
    this.dutchie.lies.stop();
    this.dutchie.clearFaults();
    await this.caller().call("DELETE", this.path(""));
    await look();
    const { location, webhook } = await this.caller().call<{
      location: { dutchie: { profile: "pos" | "guide" } };
      webhook: { secret: string };
    }>("POST", "/v1/locations", {
      dutchie: this.dutchieAddress,
      reconnect: true,
    });
    this.hear(webhook.secret, location.dutchie.profile);
    this.note("reconnected");
  }

  /** Days go by without a sync. Then one comes, and the nightly sweep. */
  async sweepAfter(days: number): Promise<void> {
    this.advance(days * 86_400_000);
    await this.sync("incremental");
    // The sweep waits for it.
    await this.endMove();
    await this.consume("chores", { kind: "sweep", location_id: this.location_id });
    this.note(`swept after ${days} days`);
  }

  /** The client that those use who call the API. */
  get reader(): Client {
    if (this.client === null) throw new Error("Not connected.");
    return this.client;
  }

  caller(): Api {
    if (this.api === null) throw new Error("Not connected.");
    return this.api;
  }

  private advance(ms: number): void {
    this.platform.setTime(Date.now() + ms);
  }

  private advanceTo(at: number): void {
    if (at > Date.now()) this.platform.setTime(at);
  }

  private note(what: string): void {
    this.log.push(`${new Date().toISOString()} ${what}`);
  }
}

/** A body that fails in the middle, as if the isolate had ended. */
function dying(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let pieces = 0;
  return body.pipeThrough(
    new TransformStream({
      transform(piece, controller) {
        pieces += 1;
        controller.enqueue(piece);
        if (pieces >= 1) controller.error(new Error("The isolate was ended."));
      },
    }),
  );
}
