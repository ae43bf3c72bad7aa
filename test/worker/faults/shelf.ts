import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { AlertJson } from "../../../src/contract/http/status.ts";
import { call, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, SYNC, WEBHOOKS } from "./support.ts";

const MINUTE_MS = 60_000;

/** A store whose Dutchie lists packages as the test says, at $10 each; all else is the simulator's. */
export class Shelf {
  /** What Dutchie truly has. */
  readonly stock = new Map<string, Record<string, number>>();
  /** What it answers of that; a test sets another one to mislead. */
  answer: (rows: unknown[]) => unknown[] = (all) => all;
  products: ((rows: unknown[]) => unknown[]) | null = null;

  private constructor(
    readonly rig: Rig,
    private readonly profile: "pos" | "guide",
  ) {}

  static async open(packages: number, profile: "pos" | "guide" = "pos"): Promise<Shelf> {
    const rig = await Rig.open({ size: 15, salesDays: 1, salesPerDay: 1, profiles: [profile] }, { profile });
    const shelf = new Shelf(rig, profile);
    for (let index = 0; index < packages; index++) shelf.stock.set(`${9_000 + index}`, { Vault: 5 });
    const simulator = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      const { pathname } = new URL(url);
      if (pathname.endsWith("/inventory")) return Response.json(shelf.answer(shelf.rows()));
      const answer = await simulator(url, init);
      // The simulator's clock is the machine's, and this test moves its own.
      answer.headers.delete("date");
      if (shelf.products === null || !pathname.endsWith("/products")) return answer;
      return Response.json(shelf.products(await answer.json<unknown[]>()));
    });
    await rig.start("initial");
    await rig.drain();
    return shelf;
  }

  rows(): unknown[] {
    const product = [...this.rig.dutchie.world.products.values()][0]?.id;
    return [...this.stock].flatMap(([id, rooms]): unknown[] => {
      const cells = Object.entries(rooms);
      if (this.profile === "guide") {
        return cells.map(([roomName, quantity]) => ({ id, productId: product, roomName, quantity, price: 10 }));
      }
      const quantityAvailable = cells.reduce((sum, [, quantity]) => sum + quantity, 0);
      const roomQuantities = cells.map(([room, quantity]) => ({ room, quantityAvailable: quantity }));
      return [{ inventoryId: Number(id), productId: product, quantityAvailable, unitPrice: 10, roomQuantities }];
    });
  }

  /** The next sync, so many minutes later. */
  async sync(minutes: number, mode: "incremental" | "full" = "incremental"): Promise<void> {
    vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
    const started = await this.rig.start(mode);
    if (!started.ok) throw new Error(`The run did not start: ${started.reason}`);
    await this.rig.drain();
  }

  /** A webhook of Dutchie's states one package: all of it in the vault, or as `where` says. */
  async webhook(event_id: string, id: string, quantity: number, where?: object): Promise<void> {
    const occurred_at = Date.now();
    const all = { roomQuantities: [{ room: "Vault", quantityAvailable: quantity }] };
    const data = { inventoryId: Number(id), quantityAvailable: quantity, unitPrice: 10, ...(where ?? all) };
    const body = { type: "inventory.updated", occurred_at: new Date(occurred_at).toISOString(), data };
    await deliver(WEBHOOKS, [{ location_id: this.rig.id, event_id, received_at: occurred_at, body }], this.rig.env);
  }

  async rebuild(): Promise<void> {
    const response = await this.call("POST", `/v1/locations/${this.rig.id}/rebuild`);
    if (response.status !== 202) throw new Error(await response.text());
    await this.rig.drain();
    await this.alarm();
    await this.playQueue();
  }

  alarm(): Promise<boolean> {
    return runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(this.rig.id)));
  }

  /** Replays and webhooks that are queued. */
  async playQueue(): Promise<number> {
    let played = 0;
    for (let next = this.rig.queue.shift(); next !== undefined; next = this.rig.queue.shift()) {
      const isWebhook = typeof next.body === "object" && next.body !== null && "event_id" in next.body;
      await deliver(isWebhook ? WEBHOOKS : SYNC, [next.body], this.rig.env);
      played++;
    }
    return played;
  }

  /** Live packages: id → rooms. */
  async live(): Promise<Record<string, Record<string, number>>> {
    const found = await rows<{ id: string; room: string; quantity: number }>(
      `select dutchie_inventory_id as id, room_name as room, quantity from inventory
       where location_id = ? and quantity <> 0`,
      this.rig.id,
    );
    const live: Record<string, Record<string, number>> = {};
    for (const { id, room, quantity } of found) live[id] = { ...live[id], [room]: quantity };
    return live;
  }

  async count(): Promise<number> {
    return Object.keys(await this.live()).length;
  }

  async liveProducts(): Promise<number> {
    const [row] = await rows<{ n: number }>(
      "select count(*) as n from products where location_id = ? and status in ('active', 'inactive')",
      this.rig.id,
    );
    return row?.n ?? 0;
  }

  get status() {
    return this.rig.status();
  }

  /** The firing alerts of one rule, with their texts. */
  async alerts(rule: string): Promise<AlertJson[]> {
    const { active_alerts } = await this.rig.status();
    return active_alerts.filter((alert) => alert.rule === rule);
  }

  async reviews(): Promise<{ review_id: string; state: string; reason: string; value_at_stake: number | null }[]> {
    const response = await this.call("GET", `/v1/locations/${this.rig.id}/reviews?kind=held_snapshot`);
    if (response.status !== 200) throw new Error(await response.text());
    return (await response.json<{ data: never[] }>()).data;
  }

  /** A person's decision on the only held snapshot. */
  async decide(action: "confirm" | "discard" | "undo"): Promise<Response> {
    const [review] = await this.reviews();
    const path = `/v1/locations/${this.rig.id}/reviews/${review?.review_id}`;
    return action === "undo" ? this.call("POST", `${path}/undo`) : this.call("POST", `${path}/resolve`, { action });
  }

  async call(method: string, path: string, body?: unknown): Promise<Response> {
    const jwt = await token({ role: "admin", sub: "ann" });
    return call(method, path, { token: jwt, env: this.rig.env, ...(body === undefined ? {} : { body }) });
  }
}
