import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import type { Api } from "../support/api.ts";
import { developmentToken } from "../support/development-token.ts";
import { lookForDueStores } from "../support/due-stores.ts";
import { migrateLocal, queryLocal } from "../support/local-databases.ts";
import { startWorker } from "../support/worker-process.ts";
import { PatientApi } from "./patient-api.ts";

const RETAILER = "demo";
const tokenOfAdmin = () => developmentToken({ retailer_id: RETAILER, role: "admin" });

/** What runs on this machine: the Worker with its own databases, and simulated Dutchies. `end` leaves nothing of it behind. */
export class Machine {
  readonly state = mkdtempSync(join(tmpdir(), "reup-dutchie-"));
  private readonly leaving = new AbortController();
  private readonly begun: Promise<unknown>[] = [];
  private readonly ends: (() => unknown)[] = [];
  private ended: Promise<void> | undefined;

  /** Nothing that fails from now on is worth telling. */
  get isEnding(): boolean {
    return this.leaving.signal.aborted;
  }

  /** The databases and the Worker; resolves with its API when it answers. `config`: another than wrangler.toml. */
  async start(given: { port?: number; config?: string }): Promise<Api> {
    const { state } = this;
    const { signal } = this.leaving;
    await this.begin(migrateLocal(state, signal));
    const worker = await this.begin(startWorker({ state, signal, ...given }));
    this.ends.push(worker.stop);
    return new PatientApi(worker.url, await tokenOfAdmin());
  }

  async open(options: Parameters<typeof serveSimulator>[0]): Promise<RunningSimulator> {
    const running = await this.begin(serveSimulator(options));
    this.ends.push(running.close);
    return running;
  }

  /** Runs a statement on a local database, even while the Worker uses it. */
  async execute(binding: string, sql: string): Promise<void> {
    await this.begin(queryLocal(this.state, binding, sql));
  }

  /** What the crons do, every so often. */
  lookForDueStores(url: string, every_ms: number): void {
    this.ends.push(lookForDueStores(url, every_ms));
  }

  /** Resolves when somebody ends it. */
  async whenEnding(): Promise<void> {
    const { signal } = this.leaving;
    if (!signal.aborted) await once(signal, "abort");
  }

  /** Stops all processes and removes the state, also while something is still starting. */
  end(): Promise<void> {
    this.ended ??= (async () => {
      this.leaving.abort();
      await Promise.allSettled(this.begun);
      await Promise.all(this.ends.map((end) => end()));
      rmSync(this.state, { recursive: true, force: true });
    })();
    return this.ended;
  }

  private begin<T>(work: Promise<T>): Promise<T> {
    this.begun.push(work);
    return work;
  }
}

/** Leads to a page, signed in. */
export const signedIn = async (url: string): Promise<string> => `${url}#token=${await tokenOfAdmin()}`;
