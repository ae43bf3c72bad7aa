import { Random } from "../../../simulator/random.ts";
import { FeedCopy } from "../../support/feed-copy.ts";
import type { Chain } from "../chain.ts";
import type { NodePlatform } from "../node/platform.ts";
import { type Row, View } from "./view.ts";

const HOST = "http://localhost:22000";
const ALL = ["inventory.changed", "product.changed", "sale.recorded", "sync.completed", "sync.failed"];
/** A failing receiver is tried again after an hour at most. */
const HOUR_MS = 3_600_000;
const ROUNDS = 8;

interface Told {
  type: string;
  data: { location_id: string; sequence: number; records: { record_id: string; state: string; record: Row | null }[] };
}

interface Kept {
  sequence: number;
  copy: FeedCopy;
}

/** What a receiver is told of: all stores, or only some. */
interface Receiver {
  subscription_id: string;
  stores: readonly string[];
  kept: Map<string, Kept>;
}

/**
 * Receivers of a chain's changes: one of all stores and one of a single store. They fail, are slow, say that they are gone, and keep
 * what they refused or did not refuse. Each has a copy of each store by what it was told.
 */
export class Subscribers {
  readonly wrong: string[] = [];
  readonly seen = { told: 0, refused: 0, slow: 0, repeated: 0 };
  private readonly receivers = new Map<string, Receiver>();
  private isHealthy = false;
  private readonly random: Random;

  constructor(
    private readonly platform: NodePlatform,
    private readonly chain: Chain,
    seed: number,
  ) {
    this.random = new Random(seed * 22_801_763 + 29);
  }

  /** The receivers read the lists, and keep what they are told from then on. */
  async open(retailer_id: string): Promise<void> {
    this.chain.hosts.set(HOST, (url, init) => this.answer(new URL(String(url)).pathname, init));
    const ids = this.chain.storesOf(retailer_id).map(({ chaos }) => chaos.location_id);
    const one = this.random.pick(ids);
    const view = new View(await this.chain.clientOf(retailer_id), "", this.random);
    const asked = [
      { path: "/all", location_ids: null, stores: ids },
      { path: "/one", location_ids: [one], stores: [one] },
    ];
    const saved = (await view.send(
      "PUT",
      "/v1/subscriptions",
      asked.map(({ path, location_ids }) => ({ url: HOST + path, events: ALL, enabled: true, location_ids })),
    )) as { subscription_id: string }[];
    await this.platform.consume("chores", [{ v: 1, kind: "follow_subscriptions", retailer_id, after: null }]);
    for (const [at, { path, stores }] of asked.entries()) {
      const subscription_id = saved[at]?.subscription_id ?? "";
      this.receivers.set(path, { subscription_id, stores, kept: new Map() });
    }
  }

  private async answer(path: string, init: RequestInit | undefined): Promise<Response> {
    const receiver = this.receivers.get(path);
    if (receiver === undefined) return new Response(null, { status: 404 });
    const { random } = this;
    const isRefused = !this.isHealthy && random.chance(0.3);
    // What is refused may have been kept all the same.
    if (!isRefused || random.chance(0.5)) await this.keep(receiver, JSON.parse(String(init?.body)) as Told);
    if (!isRefused) return new Response(null, { status: 204 });
    this.seen.refused += 1;
    if (random.chance(0.3)) {
      this.seen.slow += 1;
      this.platform.setTime(Date.now() + random.int(11_000, 90_000));
      throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
    }
    const status = random.pick([500, 503, 429, 410, 302, 401]);
    return new Response(null, { status, headers: { "retry-after": "120" } });
  }

  private async keep({ stores, kept }: Receiver, { type, data }: Told): Promise<void> {
    const { location_id, sequence, records } = data;
    this.seen.told += 1;
    if (!stores.includes(location_id)) this.wrong.push(`told of ${location_id}, to which nobody has subscribed`);
    const its = kept.get(location_id) ?? (await this.beginning(location_id));
    kept.set(location_id, its);
    if (sequence <= its.sequence) {
      this.seen.repeated += 1;
      return;
    }
    its.sequence = sequence;
    for (const { record_id, state, record } of records) {
      if (state === "gone") its.copy.remove(record_id);
      else if (record !== null && !type.startsWith("sync.")) its.copy.set(record_id, record);
    }
  }

  /** Whoever has just subscribed reads the lists. */
  private async beginning(location_id: string): Promise<Kept> {
    const chaos = this.chain.stories.find((each) => each.chaos.location_id === location_id)?.chaos;
    if (chaos === undefined) throw new Error(`There is no ${location_id}.`);
    const copy = await FeedCopy.ofLists(chaos.caller(), (path) => `/v1/locations/${location_id}${path}`);
    return { sequence: 0, copy };
  }

  /** Some of the messages that a timer would send: of any receiver, twice, or none. */
  async pass(): Promise<void> {
    for (const message of this.messages()) {
      if (!this.isHealthy && this.random.chance(0.85)) continue;
      const copies = this.random.chance(0.2) ? 2 : 1;
      await Promise.all(
        Array.from({ length: copies }, () => this.platform.deliver("notices", [{ body: message, attempts: 1 }])),
      );
    }
  }

  private messages() {
    return [...this.receivers.values()].flatMap(({ subscription_id, stores }) =>
      stores.map((location_id) => ({ v: 1, location_id, subscription_id })),
    );
  }

  /** Hours go by, in which the receivers work. What was parked is sent again. */
  async settle(retailer_id: string): Promise<void> {
    this.isHealthy = true;
    const view = new View(await this.chain.clientOf(retailer_id), "", this.random);
    for (let round = 0; round < ROUNDS; round++) {
      this.platform.setTime(Date.now() + HOUR_MS);
      for (const { subscription_id, failures } of await view.get<Row[]>("/v1/subscriptions")) {
        for (const { location_id, parked_at } of failures as Row[]) {
          if (parked_at === null) continue;
          await view.send("POST", `/v1/subscriptions/${subscription_id}/replay`, { location_id });
        }
      }
      await this.pass();
    }
  }

  /** What a receiver knows is what the lists show, and nobody waits. */
  async compare(retailer_id: string): Promise<string[]> {
    const view = new View(await this.chain.clientOf(retailer_id), "", this.random);
    for (const { subscription_id, state, waiting, failures } of await view.get<Row[]>("/v1/subscriptions"))
      view.same(
        `subscription ${subscription_id}`,
        { state, waiting, failures },
        { state: "ok", waiting: 0, failures: [] },
      );
    for (const [path, { stores, kept }] of this.receivers) {
      for (const location_id of stores) {
        const { copy } = kept.get(location_id) ?? (await this.beginning(location_id));
        view.wrong.push(...(await copy.differences()).map((each) => `${path} of ${location_id}: ${each}`));
      }
    }
    return [...this.wrong, ...view.wrong];
  }
}
