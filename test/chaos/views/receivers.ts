import { Random } from "../../../simulator/random.ts";
import { notifyDue } from "../../../src/alerts/notify.ts";
import type { AlertMessage } from "../../../src/contract/messages.ts";
import { isPrompt, PROMPT_MS } from "../../../src/domain/alerts/notices.ts";
import type { Chain } from "../chain.ts";
import type { NodePlatform } from "../node/platform.ts";
import { type Row, View } from "./view.ts";

const HOST = "http://localhost:21000";
const TICK_MS = 15 * 60_000;
/** Reminders come every six hours, and one that had to wait an hour comes after that. */
const TICKS = 4 * 8;
/** A notice is given up after six attempts. */
const MOST_FAILURES = 4;

interface Queued {
  body: AlertMessage;
  attempts: number;
  /** When it was sent, ms. */
  sent_at: number;
  /** When it is due, ms. */
  at: number;
}

interface Told {
  id: string;
  kind: "fired" | "repeated" | "resolved";
  alert_id: string;
  location_id: string;
  started_at: string;
}

/** Receivers of a chain's alerts: one that fails now and then, and one that refuses all. */
export class Receivers {
  readonly told: Told[] = [];
  private queue: Queued[] = [];
  private readonly failures = new Map<string, number>();
  private isHealthy = false;
  /** Its own, so that the stories do not depend on what is told of them. */
  private readonly random: Random;

  constructor(
    private readonly platform: NodePlatform,
    private readonly chain: Chain,
    seed: number,
  ) {
    this.random = new Random(seed * 15_487_469 + 19);
  }

  /** A message to the queue of the alerts. */
  hear(body: AlertMessage): void {
    // A queue is late now and then.
    const late = this.random.chance(0.2) ? this.random.int(PROMPT_MS, 3_600_000) : 0;
    this.queue.push({ body, attempts: 1, sent_at: Date.now(), at: Date.now() + late });
  }

  async open(retailer_id: string): Promise<void> {
    this.chain.hosts.set(HOST, async (url, init) => this.answer(String(url), init));
    const view = new View(await this.chain.clientOf(retailer_id), "", this.random);
    await view.send("PUT", "/v1/alert-channels", [
      { kind: "webhook", target: `${HOST}/good`, enabled: true },
      { kind: "webhook", target: `${HOST}/gone`, enabled: true },
    ] as unknown as object);
  }

  private answer(url: string, init: RequestInit | undefined): Response {
    if (url.endsWith("/gone")) return new Response(null, { status: this.random.pick([410, 302]) });
    const id = new Headers(init?.headers).get("webhook-id") ?? "";
    const failures = this.failures.get(id) ?? 0;
    if (!this.isHealthy && failures < MOST_FAILURES && this.random.chance(0.5)) {
      this.failures.set(id, failures + 1);
      const status = this.random.pick([500, 503, 429, 408, null]);
      if (status === null) throw new TypeError("The connection broke off.");
      return new Response(null, { status, headers: { "retry-after": "60" } });
    }
    const { type, data } = JSON.parse(String(init?.body)) as { type: string; data: Omit<Told, "id" | "kind"> };
    const { alert_id, location_id, started_at } = data;
    this.told.push({ id, kind: type.replace("alert.", "") as Told["kind"], alert_id, location_id, started_at });
    return new Response(null, { status: 204 });
  }

  /** Delivers what is due: what comes at once in its order, all else in any order. */
  async pass(): Promise<void> {
    const due = this.queue.filter(({ at }) => at <= Date.now());
    this.queue = this.queue.filter(({ at }) => at > Date.now());
    const comesInOrder = ({ attempts, sent_at }: Queued) => isPrompt(attempts, Date.now() - sent_at);
    const prompt = due.filter(comesInOrder);
    const late = due.filter((message) => !comesInOrder(message));
    while (prompt.length + late.length > 0) {
      const next = late.length === 0 || (prompt.length > 0 && this.random.chance(0.5)) ? prompt : late;
      const [message] = next.splice(next === late ? this.random.int(0, late.length - 1) : 0, 1);
      if (message === undefined) return;
      const [wait_s] = await this.platform.deliver("alerts", [message]);
      if (wait_s == null) continue;
      this.queue.push({ ...message, attempts: message.attempts + 1, at: Date.now() + wait_s * 1_000 });
    }
  }

  /** Hours go by, in which the one receiver works. */
  async settle(): Promise<void> {
    this.isHealthy = true;
    for (let tick = 0; tick < TICKS; tick++) {
      this.platform.setTime(Date.now() + TICK_MS);
      await notifyDue(this.platform.env, Date.now());
      await this.pass();
    }
  }

  /** Whoever believes the notices knows what the list of alerts shows. */
  async compare(retailer_id: string): Promise<string[]> {
    const view = new View(await this.chain.clientOf(retailer_id), "", this.random);
    const ids = new Set(this.chain.storesOf(retailer_id).map(({ chaos }) => chaos.location_id));
    const wrong = this.told
      .filter(({ location_id }) => !ids.has(location_id))
      .map((each) => `told of another's: ${each.id}`);
    const begun = Map.groupBy(
      this.told.filter(({ kind }) => kind === "fired"),
      (each) => `${each.location_id} ${each.alert_id} of ${each.started_at}`,
    );
    for (const [key, notices] of begun) {
      const different = new Set(notices.map(({ id }) => id)).size;
      if (different > 1) wrong.push(`${key} is told ${different} times as begun`);
    }
    for (const alert of await view.all("/v1/alerts")) wrong.push(...this.differences(alert));
    const channels = (await view.get<Row[]>("/v1/alert-channels")).map(({ failed_at }) => failed_at !== null);
    if (this.told.length > 0) view.same("which channels fail", channels.sort(), [false, true]);
    return [...wrong, ...view.wrong];
  }

  private differences({ alert_id, location_id, state, started_at, rule, acknowledged_at }: Row): string[] {
    const its = this.told.filter((each) => each.alert_id === alert_id && each.location_id === location_id);
    const last = its.at(-1);
    const story = `${rule} of ${location_id}, ${state} since ${started_at}: ${its.map((each) => `${each.kind} of ${each.started_at}`).join(", ")}`;
    if (state === "resolved")
      return last === undefined || last.kind === "resolved" ? [] : [`not told as ended: ${story}`];
    if (acknowledged_at !== null && last === undefined) return [];
    const isTold = last !== undefined && last.kind !== "resolved" && last.started_at === started_at;
    return isTold ? [] : [`not told as begun: ${story}`];
  }
}
