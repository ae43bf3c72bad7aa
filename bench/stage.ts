import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api } from "../scripts/support/api.ts";
import { developmentToken } from "../scripts/support/development-token.ts";
import { migrateLocal } from "../scripts/support/local-databases.ts";
import { startWorker, type WorkerProcess } from "../scripts/support/worker-process.ts";
import type { CRONS } from "../src/pipeline/chores/crons.ts";
import type { Counts, Gate, Handled } from "./contract.ts";
import { until } from "./support/until.ts";

/** Beside wrangler.toml, for its paths are relative to it. */
const CONFIG = "wrangler.bench.toml";

/** The product's configuration with the bench's Worker around it, a queue for its limit, and limits of requests that no load reaches. */
function writeConfig(): void {
  const product = readFileSync("wrangler.toml", "utf8");
  const ours = product
    .replace(/^main = .*$/m, 'main = "bench/worker/index.ts"')
    .replaceAll(/simple = \{ limit = \d+/g, "simple = { limit = 1000000000");
  const queue = `
[[queues.producers]]
binding = "LIMIT"
queue = "reup-dutchie-limit-development"

[[queues.consumers]]
queue = "reup-dutchie-limit-development"
max_batch_size = 100
max_batch_timeout = 1
`;
  if (!ours.includes("bench/worker/index.ts")) throw new Error("wrangler.toml has no line `main = …`");
  // wrangler restarts the Worker when the file is written, also that of another bench.
  const text = `${ours}${queue}`;
  if (!existsSync(CONFIG) || readFileSync(CONFIG, "utf8") !== text) writeFileSync(CONFIG, text);
}

/** One Worker process with its own database, and the simulated Dutchies beside it. */
export class Stage {
  readonly api: Api;
  /** What figures keep here for others of the same Worker. */
  readonly kept = new Map<string, unknown>();
  private ahead_ms = 0;
  private readonly ends: (() => Promise<unknown>)[] = [];

  private constructor(
    private readonly state: string,
    readonly worker: WorkerProcess,
    readonly token: string,
  ) {
    this.api = new Api(worker.url, token);
  }

  static async open(options: Pick<Parameters<typeof startWorker>[0], "heap_mb"> = {}): Promise<Stage> {
    const state = mkdtempSync(join(tmpdir(), "reup-dutchie-bench-"));
    writeConfig();
    await migrateLocal(state);
    const worker = await startWorker({ state, config: CONFIG, ...options });
    return new Stage(state, worker, await developmentToken({ retailer_id: "bench", role: "admin" }));
  }

  /** Runs one of the bench Worker's own routes. */
  call<T>(route: string, body: unknown = {}): Promise<T> {
    return this.api.call("POST", `/v1/bench/${route}`, body);
  }

  sql<T>(db: string, sql: string, params: unknown[] = []): Promise<T[]> {
    return this.call("sql", { db, sql, params });
  }

  /** The databases of records. */
  async shards(): Promise<string[]> {
    const names = await this.api.get<string[]>("/v1/bench/databases");
    return names.filter((name) => name.startsWith("RECORDS_"));
  }

  /** The database with the records of this store. */
  async shardOf(location_id: string): Promise<string> {
    const [row] = await this.sql<{ shard: string }>("DB", "select shard from locations where location_id = ?", [
      location_id,
    ]);
    if (row === undefined) throw new Error(`There is no store ${location_id}`);
    return `RECORDS_${row.shard}`;
  }

  /** What `task` asked of the platform. */
  async counted(task: () => Promise<unknown>): Promise<Counts> {
    await this.call<Counts>("counts", { on: true });
    await task();
    return this.call<Counts>("counts", { on: false });
  }

  gate(queue: string, gate: Gate): Promise<Record<string, Handled>> {
    return this.call("gate", { queue, gate });
  }

  /** Messages of a queue that were handled so far, and when the last was (ms). */
  async handled(queue: string): Promise<Handled> {
    const all = await this.api.get<Record<string, Handled>>("/v1/bench/handled");
    return all[queue] ?? { messages: 0, last_at: 0 };
  }

  /** Waits until so many messages of the queue were handled, and returns when the last was. */
  async drained(queue: string, messages: number, within_s: number, every_ms = 100): Promise<number> {
    const { last_at } = await until(
      () => this.handled(queue),
      (handled) => handled.messages >= messages,
      { within_s, every_ms },
    );
    return last_at;
  }

  /** The time of the Worker and of the simulated Dutchies, ms. */
  readonly now = (): number => Date.now() + this.ahead_ms;

  /** Moves that time on to `at`. */
  async moveClock(at: number): Promise<void> {
    this.ahead_ms = Math.max(this.ahead_ms, at - Date.now());
    await this.call("clock", { ahead_ms: this.ahead_ms });
  }

  /** Each of the crons, as in production; their time, ms. */
  tick(cron: (typeof CRONS)[keyof typeof CRONS]): Promise<{ ms: number }> {
    return this.call("scheduled", { cron, at: this.now() });
  }

  onClose(end: () => Promise<unknown>): void {
    this.ends.push(end);
  }

  async close(): Promise<void> {
    await Promise.all([this.worker.stop(), ...this.ends.map((end) => end())]);
    rmSync(this.state, { recursive: true, force: true });
  }
}
