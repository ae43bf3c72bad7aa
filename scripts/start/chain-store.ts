import { setTimeout as pause } from "node:timers/promises";
import type { RunningSimulator } from "../../simulator/http/serve.ts";
import type { Simulation } from "../../simulator/simulator.ts";
import type { Package } from "../../simulator/world/records.ts";
import type { Api } from "../support/api.ts";
import { databasesOf } from "../support/databases.ts";
import type { Machine } from "./machine.ts";
import { isOver, type Run } from "./sync-progress.ts";

const ASK_EVERY_MS = 1_000;

/** A connected store of the chain and its Dutchie. */
export class ChainStore {
  readonly base: string;

  constructor(
    readonly api: Api,
    readonly id: string,
    readonly webhook: { url: string; secret: string },
    private readonly running: RunningSimulator,
    private readonly machine: Machine,
  ) {
    this.base = `/v1/locations/${id}`;
  }

  get dutchie(): Simulation {
    return this.running.simulator;
  }

  /** Its Dutchie goes away: connections are refused. */
  closeDutchie(): Promise<void> {
    return this.running.close();
  }

  begin(mode: string): Promise<Run> {
    return this.api.call("POST", `${this.base}/syncs`, { mode });
  }

  /** Starts a run and waits for its end. */
  async sync(mode: string, onProgress: (run: Run) => void = () => undefined): Promise<Run> {
    const { run_id } = await this.begin(mode);
    for (;;) {
      const run = await this.api.get<Run>(`${this.base}/syncs/${run_id}`);
      onProgress(run);
      if (isOver(run)) return run;
      await pause(ASK_EVERY_MS);
    }
  }

  /** Runs a statement on the databases of records: this store is in one of them. */
  async execute(sql: string): Promise<void> {
    const [, ...records] = databasesOf(undefined);
    for (const { binding } of records) await this.machine.execute(binding, sql);
  }

  disconnect(): Promise<unknown> {
    return this.api.call("DELETE", `${this.base}?purge=false`);
  }

  stocked(): Package[] {
    return [...this.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length > 0);
  }

  sendWebhooks(): void {
    this.dutchie.setWebhooks({ ...this.webhook, profile: "pos" });
  }
}
