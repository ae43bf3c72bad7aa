import type { WebhookFaults, WebhookTarget } from "../options.ts";
import type { Random } from "../random.ts";
import { iso } from "../time.ts";
import type { Changed, EventBody } from "./event-body.ts";
import { webhookHeaders } from "./signature.ts";

export interface Delivery {
  seq: number;
  id: string;
  type: string;
  occurred_at: string;
  /** The first attempt; null before it, and for a dropped event. */
  sent_at: string | null;
  state: "pending" | "delivered" | "failed" | "dropped";
  /** HTTP status of the last attempt; null without an answer. */
  status: number | null;
  attempts: number;
  /** How often the event is sent: 2 with the fault `duplicate`. */
  copies: number;
  changed: Changed[];
  body: string;
}

interface Parts {
  now: () => number;
  fetch: typeof globalThis.fetch;
  delay: (ms: number) => Promise<void>;
  random: Random;
}

const MAX_ATTEMPTS = 5;
const KEPT = 20_000;
const BACKOFF_MS = 1000;
const TIMEOUT_MS = 10_000;

/** Sends events in order. Only retries, late and reordered events are out of order. */
export class Webhooks {
  target: WebhookTarget | null = null;
  faults: WebhookFaults = {};
  readonly #parts: Parts;
  readonly #work = new Set<Promise<void>>();
  #deliveries: Delivery[] = [];
  #line: Promise<void> = Promise.resolve();
  #delayed: (() => void) | null = null;
  #seq = 0;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  send(event: EventBody, changed: Changed[]): void {
    const { target } = this;
    if (target === null || this.#closed) return;
    const delivery = this.#record(event, changed, target);
    if (this.#strikes(this.faults.drop)) {
      delivery.state = "dropped";
      return;
    }
    delivery.copies = this.#strikes(this.faults.duplicate) ? 2 : 1;
    const start = () => {
      for (let copy = 0; copy < delivery.copies; copy++) this.#enqueue(target, delivery);
    };
    if (this.#strikes(this.faults.late)) {
      this.#track(this.#parts.delay(this.faults.lateMs ?? 30_000).then(start));
    } else if (this.#delayed === null && this.#strikes(this.faults.reorder)) {
      this.#delayed = start;
    } else {
      start();
      this.#release();
    }
  }

  /** Deliveries after a sequence number, or sent since an ISO time. */
  deliveries(since?: number | string): Delivery[] {
    if (since === undefined || since === "") return [...this.#deliveries];
    const seq = Number(since);
    if (!Number.isNaN(seq)) return this.#deliveries.filter((each) => each.seq > seq);
    return this.#deliveries.filter((each) => each.sent_at !== null && each.sent_at >= String(since));
  }

  /** Resolves when every event is delivered or given up. */
  async idle(): Promise<void> {
    this.#release();
    while (this.#work.size > 0) {
      await Promise.all(this.#work);
      this.#release();
    }
  }

  close(): void {
    this.#closed = true;
  }

  #record(event: EventBody, changed: Changed[], target: WebhookTarget): Delivery {
    const seq = ++this.#seq;
    const id = `msg_${this.#unique()}`;
    // A custom scheme has no header for the id, so the body carries it.
    const body = JSON.stringify((target.scheme ?? "standard") === "standard" ? event : { id, ...event });
    const { type, occurred_at } = event;
    const delivery: Delivery = {
      seq,
      id,
      type,
      occurred_at,
      sent_at: null,
      state: "pending",
      status: null,
      attempts: 0,
      copies: 1,
      changed,
      body,
    };
    this.#deliveries.push(delivery);
    if (this.#deliveries.length > 2 * KEPT) this.#deliveries = this.#deliveries.slice(-KEPT);
    return delivery;
  }

  #enqueue(target: WebhookTarget, delivery: Delivery): void {
    this.#line = this.#line.then(async () => {
      if (!(await this.#attempt(target, delivery))) this.#track(this.#retry(target, delivery));
    });
    this.#track(this.#line);
  }

  async #retry(target: WebhookTarget, delivery: Delivery): Promise<void> {
    for (let attempt = 1; attempt < MAX_ATTEMPTS && !this.#closed; attempt++) {
      await this.#parts.delay(BACKOFF_MS * 2 ** (attempt - 1));
      if (await this.#attempt(target, delivery)) return;
    }
    if (delivery.state === "pending") delivery.state = "failed";
  }

  async #attempt(target: WebhookTarget, delivery: Delivery): Promise<boolean> {
    if (this.#closed) return true;
    const now = this.#parts.now();
    delivery.attempts++;
    delivery.sent_at ??= iso(now);
    // Not AbortSignal.timeout: it stays behind after the answer, and workerd allows 10,000 timers at once.
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const headers = await webhookHeaders(target, delivery.id, Math.floor(now / 1000), delivery.body);
      const answer = await this.#parts.fetch(target.url, {
        method: "POST",
        headers,
        body: delivery.body,
        signal: controller.signal,
      });
      await answer.body?.cancel();
      delivery.status = answer.status;
      if (answer.ok) delivery.state = "delivered";
      return answer.ok;
    } catch {
      delivery.status = null;
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  #strikes(probability: number | undefined): boolean {
    return probability !== undefined && probability > 0 && this.#parts.random.chance(probability);
  }

  #release(): void {
    const start = this.#delayed;
    this.#delayed = null;
    start?.();
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  /** Ids differ even between runs of one seed, because ReUp's ledger remembers them. */
  #unique(): string {
    return crypto.randomUUID().replaceAll("-", "").slice(0, 27);
  }
}
