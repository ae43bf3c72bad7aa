import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { compareWithOracle } from "../../scripts/support/accuracy.ts";
import { Api } from "../../scripts/support/api.ts";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { migrateLocal, queryLocal } from "../../scripts/support/local-databases.ts";
import { startWorker, type WorkerProcess } from "../../scripts/support/worker-process.ts";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import type { SimulatorOptions } from "../../simulator/options.ts";

export interface RunView {
  run_id: string;
  mode: string;
  trigger: string;
  state: string;
  percent: number;
  records_processed: number;
  created: number;
  updated: number;
  deleted: number;
  failed: number;
  waiting_until: string | null;
  error: { code: string; message: string; hint: string } | null;
  failures: { resource: string; dutchie_id: string | null; reason: string }[];
  verification: { accuracy: number } | null;
  phases: { resource: string; state: string; processed: number }[];
}

/** One Worker process with its own database, and the stores that tests open beside it. */
export class Stage {
  private readonly state = mkdtempSync(join(tmpdir(), "reup-dutchie-e2e-"));
  private readonly simulators: RunningSimulator[] = [];
  private process: WorkerProcess | null = null;
  private constructor(
    private readonly vars: Record<string, string>,
    private readonly token: string,
    /** Another build than that of wrangler.toml. */
    private config: string | undefined,
  ) {}

  static async open(vars: Record<string, string> = {}, config?: string): Promise<Stage> {
    const stage = new Stage(vars, await developmentToken({ retailer_id: "e2e", role: "admin" }), config);
    await migrateLocal(stage.state);
    await stage.start();
    return stage;
  }

  async start(port?: number): Promise<void> {
    const { state, vars, config } = this;
    const given = { ...(port === undefined ? {} : { port }), ...(config === undefined ? {} : { config }) };
    this.process = await startWorker({ state, vars, ...given });
  }

  /**
   * As a crash would: the Worker and its runtime end at once; starting again, also with another build, finds what was stored.
   */
  async crashAndRestart(config = this.config): Promise<void> {
    const port = Number(new URL(this.api.url).port);
    await this.process?.kill();
    this.config = config;
    await this.start(port);
  }

  /** Asks a database itself for what no route shows or changes. */
  query<T>(binding: "DB" | `RECORDS_${string}`, sql: string): Promise<T[]> {
    return queryLocal(this.state, binding, sql);
  }

  get api(): Api {
    if (this.process === null) throw new Error("The Worker is not running.");
    return new Api(this.process.url, this.token);
  }

  /** A simulated Dutchie, to which no store is connected. */
  async simulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
    const running = await serveSimulator({ size: 60, salesDays: 10, limits: "off", ...options });
    this.simulators.push(running);
    return running;
  }

  /** A simulated Dutchie and the store connected to it. */
  async connect(options: SimulatorOptions & { profile?: string; settings?: object } = {}): Promise<Store> {
    const { profile = "auto", settings, ...rest } = options;
    const running = await this.simulator(rest);
    const dutchie = { endpoint: running.url, api_key: running.simulator.config.apiKey, profile };
    const { location, webhook } = await this.api.call<{
      location: { location_id: string; dutchie: { profile: "pos" | "guide" } };
      webhook: { url: string; secret: string };
    }>("POST", "/v1/locations", {
      name: "Store",
      time_zone: "America/Denver",
      dutchie,
      ...(settings ? { settings } : {}),
    });
    return new Store(this, running.simulator, location.location_id, location.dutchie.profile, webhook);
  }

  async close(): Promise<void> {
    await Promise.all([this.process?.stop(), ...this.simulators.map((simulator) => simulator.close())]);
    rmSync(this.state, { recursive: true, force: true });
  }
}

export class Store {
  constructor(
    private readonly stage: Stage,
    readonly dutchie: RunningSimulator["simulator"],
    readonly id: string,
    readonly profile: "pos" | "guide",
    readonly webhook: { url: string; secret: string },
  ) {}

  get<T>(path: string): Promise<T> {
    return this.stage.api.get(`/v1/locations/${this.id}${path}`);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.stage.api.call("POST", `/v1/locations/${this.id}${path}`, body);
  }

  start(mode: string, more: object = {}): Promise<RunView> {
    return this.post("/syncs", { mode, ...more });
  }

  run(run_id: string): Promise<RunView> {
    return this.get(`/syncs/${run_id}`);
  }

  /** Starts a run and waits for its end. */
  async sync(mode: string, more: object = {}): Promise<RunView> {
    return this.ended((await this.start(mode, more)).run_id);
  }

  async ended(run_id: string): Promise<RunView> {
    return until(
      () => this.run(run_id),
      (run) => !["queued", "running", "waiting"].includes(run.state),
    );
  }

  /** Differences between ReUp and the truth; empty when they are equal. */
  async differences(): Promise<string[]> {
    const accuracy = await compareWithOracle(this.stage.api, this.id, this.dutchie.oracle());
    if (accuracy.compared === 0) return ["nothing was compared"];
    return accuracy.differences;
  }

  sendWebhooks(faults: Parameters<RunningSimulator["simulator"]["setWebhooks"]>[1] = {}): void {
    this.dutchie.setWebhooks({ ...this.webhook, profile: this.profile }, faults);
  }
}

/** Asks until the answer is as expected; fails with the last answer after a while that a busy machine does not exceed. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean, within_ms = 150_000): Promise<T> {
  const deadline = Date.now() + within_ms;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`Not so within ${within_ms} ms; the last answer was ${JSON.stringify(answer).slice(0, 2_000)}`);
    await pause(100);
  }
}
