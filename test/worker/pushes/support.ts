import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import type { SimulatorOptions } from "../../../simulator/options.ts";
import type { Product } from "../../../simulator/world/records.ts";
import type { InboxItem } from "../../../src/client/api.ts";
import type { Settings } from "../../../src/domain/records/model.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { call, type ErrorBody, token } from "../api/support.ts";
import { withDatabases } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";

export const MINUTE = 60_000;

/** The tests of the file move the clock themselves, and may stand in for Dutchie. */
export function fakeDates(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}

export interface ProductView {
  product_id: string;
  dutchie_product_id: string | null;
  product_name: string;
  unit_price: number | null;
  unit_cost: number | null;
  quantity: number;
  notes: string | null;
  pending: { field: string; dutchie_value: unknown }[];
}

export interface PushView {
  push_id: string;
  product_id: string;
  product_name: string | null;
  state: string;
  fields: { field: string; value: unknown; base: unknown }[];
  attempts: number;
  next_attempt_at: string | null;
  error: { code: string; message: string; hint: string } | null;
  reason: string | null;
}

export interface ReviewView {
  review_id: string;
  kind: string;
  state: string;
  reason: string;
  conflicts: { field: string; base: unknown; dutchie_value: unknown; reup_value: unknown }[];
}

let requests = 0;
let events = 0;

/** A bidirectional store whose products were imported; a test edits, sends pushes and compares both sides. */
export class PushRig {
  private constructor(
    readonly rig: Rig,
    private readonly token: string,
  ) {}

  static async open(
    settings: Partial<Settings> = {},
    options: SimulatorOptions = {},
    profile: "pos" | "guide" = "pos",
  ): Promise<PushRig> {
    const all = { ...DEFAULT_SETTINGS, direction: "bidirectional" as const, sales_history_days: 2, ...settings };
    const rig = await Rig.open({ profiles: [profile], now: Date.now, ...options }, { settings: all, profile });
    const store = new PushRig(
      rig,
      await token({ sub: `person_${requests++}` }, { expires: Math.floor(Date.now() / 1000) + 86_400 }),
    );
    await rig.start("initial");
    await rig.drain();
    return store;
  }

  get dutchie() {
    return this.rig.dutchie;
  }

  private path = (path: string) => `/v1/locations/${this.rig.id}${path}`;

  async api<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T & ErrorBody }> {
    const response = await call(method, this.path(path), {
      token: this.token,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** The edits about which people have decided in this store. */
  async decidedEdits(): Promise<InboxItem[]> {
    const answer = await call("GET", `/v1/inbox?state=decided&kind=edit&location_id=${this.rig.id}`, {
      token: this.token,
    });
    return (await answer.json<{ data: InboxItem[] }>()).data;
  }

  edit(id: number, fields: object) {
    return this.api<ProductView>("PATCH", `/products/prd_${id}`, fields);
  }

  async product(id: number): Promise<ProductView> {
    return (await this.api<ProductView>("GET", `/products/prd_${id}`)).body;
  }

  async pushes(): Promise<PushView[]> {
    return (await this.api<{ data: PushView[] }>("GET", "/pushes")).body.data;
  }

  async reviews(): Promise<ReviewView[]> {
    const { data } = (await this.api<{ data: ReviewView[] }>("GET", "/reviews?state=open")).body;
    return data.filter(({ kind }) => kind === "edit_conflict");
  }

  async alerts(): Promise<string[]> {
    const status = await this.rig.status();
    return status.active_alerts.map(({ rule }) => rule);
  }

  /** A product that has a price, a name and a brand, as Dutchie has it. */
  anyProduct(): Product & { price: number } {
    for (const each of this.dutchie.world.products.values()) {
      if (each.price !== null && each.isActive && each.brand !== null) return { ...each, price: each.price };
    }
    throw new Error("There is no product with a price.");
  }

  inDutchie(id: number): Product {
    const product = this.dutchie.world.products.get(id);
    if (product === undefined) throw new Error(`Dutchie has no product ${id}.`);
    return product;
  }

  advance(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
  }

  /** Sends due pushes: the Location's timer, then the queue. */
  async send(): Promise<void> {
    this.advance(1_500);
    await runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(this.rig.id)));
    await this.rig.drain();
  }

  /** Delivers a webhook about a product with Dutchie's fields. */
  async tell(occurred_at: number, data: object): Promise<string> {
    const event_id = `evt_push_${events++}`;
    const body = { type: "product.updated", occurred_at: new Date(occurred_at).toISOString(), data };
    await deliver(WEBHOOKS, [{ location_id: this.rig.id, event_id, received_at: Date.now(), body }]);
    return (await this.rig.location.getEvent(event_id))?.outcome ?? "lost";
  }

  /** Something happens the moment before the next write reaches Dutchie. */
  beforeWrite(happen: () => void): void {
    this.before((method) => method !== undefined && method !== "GET", happen);
  }

  /** Something happens the moment before the next read reaches Dutchie. */
  beforeRead(happen: () => unknown): void {
    this.before((method) => method === undefined || method === "GET", happen);
  }

  private before(isIt: (method: string | undefined) => boolean, happen: () => unknown): void {
    const request = (url: string, init?: RequestInit) => this.dutchie.app.request(url, init as never);
    let done = false;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      if (!done && isIt(init?.method)) {
        done = true;
        await happen();
      }
      return request(url, init);
    });
  }

  /** The store's database refuses to write this table, until `accept` is called. */
  async refuseWrites(table: string): Promise<{ accept: () => Promise<void> }> {
    const { rig } = this;
    const refusing = (d1: D1Database) =>
      new Proxy(d1, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key);
          if (key !== "prepare") return typeof value === "function" ? value.bind(target) : value;
          return (query: string) => {
            if (query.toLowerCase().includes(`insert into "${table}"`)) throw new Error("the database went away");
            return target.prepare(query);
          };
        },
      });
    await rig.withEnv(withDatabases(rig.env, refusing));
    return { accept: () => rig.withEnv(rig.env) };
  }
}
