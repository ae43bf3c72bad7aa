import { compareWithOracle } from "../scripts/support/accuracy.ts";
import { type RunningSimulator, serveSimulator } from "../simulator/http/serve.ts";
import type { SimulatorOptions } from "../simulator/options.ts";
import type { Stage } from "./stage.ts";
import type { Call } from "./support/load.ts";
import { signedHeaders } from "./support/signing.ts";
import { until } from "./support/until.ts";
import { type Acts, type Webhook, webhooksOf } from "./webhook.ts";

export interface RunView {
  run_id: string;
  state: string;
  records_processed: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  phases: { resource: string; state: string; processed: number }[];
  error: { code: string; message: string } | null;
}

/** A store that is connected to a simulated Dutchie. */
export class Store {
  /** How many webhooks were sent. */
  sent = 0;
  /** Webhooks of what has happened, not sent yet. */
  private readonly rest: Webhook[] = [];

  constructor(
    private readonly stage: Stage,
    readonly dutchie: RunningSimulator["simulator"],
    readonly id: string,
    readonly webhook: { url: string; secret: string },
  ) {}

  get<T>(path: string): Promise<T> {
    return this.stage.api.get(`/v1/locations/${this.id}${path}`);
  }

  async start(mode: "initial" | "incremental" | "full"): Promise<string> {
    return (await this.stage.api.call<RunView>("POST", `/v1/locations/${this.id}/syncs`, { mode })).run_id;
  }

  run(run_id: string): Promise<RunView> {
    return this.get(`/syncs/${run_id}`);
  }

  /** Starts a run and waits for its end; fails when it did not complete. */
  async sync(mode: "initial" | "incremental" | "full"): Promise<RunView> {
    return this.ended(await this.start(mode));
  }

  async ended(run_id: string): Promise<RunView> {
    const run = await until(
      () => this.run(run_id),
      ({ state }) => !["queued", "running", "waiting"].includes(state),
      { within_s: 900, every_ms: 200 },
    );
    if (run.state !== "completed") throw new Error(`The run ended ${run.state}: ${JSON.stringify(run.error)}`);
    return run;
  }

  /** Keeps webhooks for the next load, or until records are compared. */
  later(webhooks: readonly Webhook[]): void {
    this.rest.push(...webhooks);
  }

  /** Sends the webhooks that were kept: until then ReUp does not know what they tell. */
  async flush(): Promise<void> {
    await this.fill(this.rest.splice(0));
  }

  /** Throws unless ReUp shows what Dutchie has, record by record. */
  async mustBeEqual(): Promise<number> {
    await this.flush();
    const { compared, differences } = await compareWithOracle(this.stage.api, this.id, this.dutchie.oracle());
    if (compared === 0) throw new Error("Nothing was compared");
    if (differences.length > 0) throw new Error(`Not equal to Dutchie: ${differences.slice(0, 5).join("; ")}`);
    return compared;
  }

  /**
   * Exactly so many webhooks of what happens in the store, not sent. An act may have several: the rest is for later. The times
   * of a burst run ahead of the clock, and ReUp takes a time in the future for now, so this waits until the clock is there.
   */
  async happen(count: number, kinds: readonly Acts[] = [{ count: 50 }]): Promise<Webhook[]> {
    while (this.rest.length < count) {
      for (const acts of kinds) this.rest.push(...webhooksOf(this.dutchie, acts));
    }
    const webhooks = this.rest.splice(0, count);
    const last_at = Math.max(...webhooks.map(({ body }) => Date.parse(JSON.parse(body).occurred_at)));
    await until(
      async () => this.stage.now(),
      (now) => now > last_at,
      { within_s: 120 },
    );
    return webhooks;
  }

  /** Puts webhooks into the queue as the door does, and waits until they were handled. Returns how long that took, ms. */
  async fill(webhooks: readonly Webhook[]): Promise<number> {
    const received_at = this.stage.now();
    this.sent += webhooks.length;
    const messages = webhooks.map(({ id, body }) => ({
      location_id: this.id,
      event_id: id,
      received_at,
      body: JSON.parse(body) as unknown,
    }));
    const before = await this.stage.handled("webhooks");
    await this.stage.gate("webhooks", "hold");
    await this.stage.call("fill", messages);
    const began = Date.now();
    await this.stage.gate("webhooks", "open");
    const ended = await this.stage.drained("webhooks", before.messages + messages.length, 900);
    return ended - began;
  }

  signed({ id, body }: Webhook): Call {
    this.sent += 1;
    const { pathname } = new URL(this.webhook.url);
    const headers = signedHeaders("standard", this.webhook.secret, { id, body, at: this.stage.now() });
    return { method: "POST", path: pathname, headers, body };
  }
}

/** A simulated Dutchie without limits of requests, and the store connected to it. */
export async function openStore(stage: Stage, options: SimulatorOptions): Promise<Store> {
  const running = await serveSimulator({ limits: "off", now: stage.now, ...options });
  stage.onClose(() => running.close());
  return connect(stage, running.url, running.simulator);
}

export async function connect(
  stage: Stage,
  endpoint: string,
  simulator: RunningSimulator["simulator"],
): Promise<Store> {
  const { location, webhook } = await stage.api.call<{
    location: { location_id: string };
    webhook: { url: string; secret: string };
  }>("POST", "/v1/locations", {
    name: "Store",
    time_zone: "America/Denver",
    dutchie: { endpoint, api_key: simulator.config.apiKey, profile: "pos" },
    settings: { sales_history_days: simulator.config.salesDays },
  });
  return new Store(stage, simulator, location.location_id, webhook);
}
