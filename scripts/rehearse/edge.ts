import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  Response as Answer,
  convertV4MiniflareOptions,
  Miniflare,
  type V4FetchHandler,
  type V4MiniflareOptions,
  type V4WorkerOptions,
} from "miniflare";
import { unstable_splitSqlQuery } from "wrangler";
import { type Account, type Binding, sharesOf, type Version, type Worker } from "./account/account.ts";

/** Of the runtime, before all versions. */
const ENTRY = "entry";
const VERSION_HEADER = "x-rehearsed-version";

/** Where a Worker's calls to others end. */
export type Outside = (request: Request) => Promise<Response>;

/**
 * Runs what an account has: its databases, and of each Worker the versions that share its traffic, in the real runtime, at the
 * hosts that lead to it.
 */
export class Edge {
  private runtime: Miniflare | null = null;
  /** What the runtime has been told, to tell it only what is new. */
  private running = "";
  private last: Promise<unknown> = Promise.resolve();
  private readonly folder = mkdtempSync(join(tmpdir(), "rehearsed-files-"));

  constructor(
    private readonly account: Account,
    private readonly outside: Outside,
  ) {}

  /** Runs statements on a database, all of them or none. */
  async query(database: string, sql: string): Promise<object[]> {
    const db = await (await this.upToDate()).getD1Database(database, ENTRY);
    return await db.batch(unstable_splitSqlQuery(sql).map((each) => db.prepare(each)));
  }

  /** As a visitor of a host. A version that the request names is asked, however small its share is. */
  async fetch(request: Request): Promise<Response> {
    const { host } = new URL(request.url);
    const name = this.account.hosts.get(host);
    const worker = name === undefined ? undefined : this.account.workers.get(name);
    if (worker === undefined) return new Response("No Worker has this address.", { status: 530 });
    const shares = sharesOf(worker);
    const wanted = request.headers.get("cloudflare-workers-version-overrides")?.match(/"([^"]+)"/)?.[1];
    const { version } = shares.find((each) => each.version.id === wanted) ?? lot(shares);
    const runtime = await this.upToDate();
    const headers = new Headers(request.headers);
    headers.set("cf-connecting-ip", "203.0.113.7");
    headers.set(VERSION_HEADER, version.id);
    const body = request.body === null ? null : await request.arrayBuffer();
    const { method, url } = request;
    const answer = await runtime.dispatchFetch(url, { method, headers: [...headers], body, redirect: "manual" });
    return new Response(await answer.arrayBuffer(), {
      status: answer.status,
      headers: [...answer.headers] as [string, string][],
    });
  }

  async stop(): Promise<void> {
    await this.runtime?.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The runtime, told what is new; one after the other, for it starts anew each time. */
  private upToDate(): Promise<Miniflare> {
    const next = this.last.then(() => this.told());
    this.last = next.catch(() => {});
    return next;
  }

  private async told(): Promise<Miniflare> {
    const { databases, workers, queues } = this.account;
    const shares = [...workers.values()].map((worker) => sharesOf(worker).map(({ version }) => version.id));
    const wanted = JSON.stringify([[...databases.values()], shares, [...queues.values()]]);
    if (this.runtime !== null && wanted === this.running) return this.runtime;
    const options = convertV4MiniflareOptions(this.options());
    if (this.runtime === null) this.runtime = new Miniflare(options);
    else await this.runtime.setOptions(options);
    await this.runtime.ready;
    this.running = wanted;
    return this.runtime;
  }

  private options(): V4MiniflareOptions {
    const ids = [...this.account.databases.values()].map(({ uuid }) => uuid);
    const versions = [...this.account.workers.values()].flatMap((worker) =>
      sharesOf(worker).map((each) => each.version.id),
    );
    return {
      resourcePersistencePath: join(this.folder, "state"),
      // The Worker's log is for an account's owner; here are the commands.
      handleStructuredLogs: () => {},
      workers: [
        // A Worker's files are before its code only for who calls it as a service.
        {
          name: ENTRY,
          modules: true,
          script: `export default { fetch: (request, env) => env[request.headers.get("${VERSION_HEADER}")].fetch(request) }`,
          d1Databases: ids,
          serviceBindings: Object.fromEntries(versions.map((id) => [id, id])),
        },
        ...[...this.account.workers.values()].flatMap((worker) =>
          sharesOf(worker).map(({ version }) => this.workerOf(worker, version)),
        ),
      ],
    };
  }

  private workerOf(worker: Worker, version: Version): V4WorkerOptions {
    const { main, modules, bindings, assets } = version;
    const named = <T>(type: string, value: (binding: Binding) => T): Record<string, T> =>
      Object.fromEntries(bindings.filter((each) => each.type === type).map((each) => [each.name, value(each)]));
    const first = sharesOf(worker)[0]?.version.id;
    const names = [main, ...[...modules.keys()].filter((name) => name !== main && !name.endsWith(".map"))];
    return {
      name: version.id,
      modulesRoot: "/",
      modules: names.map((name) => ({ type: "ESModule", path: `/${name}`, contents: String(modules.get(name)) })),
      // What is uploaded without a date is only there to hold secrets.
      compatibilityDate: version.compatibility_date ?? "2026-01-01",
      compatibilityFlags: [...version.compatibility_flags],
      bindings: {
        ...named("plain_text", ({ text }) => String(text)),
        ...named("secret_text", ({ text }) => String(text)),
      },
      d1Databases: named("d1", ({ id }) => String(id)),
      queueProducers: named("queue", ({ queue_name }) => ({ queueName: String(queue_name) })),
      ratelimits: named("ratelimit", ({ namespace_id, simple }) => ({
        namespace_id: String(namespace_id),
        simple: simple as { limit: number; period: 60 },
      })),
      analyticsEngineDatasets: named("analytics_engine", ({ dataset }) => ({ dataset: String(dataset) })),
      email: { send_email: bindings.filter(({ type }) => type === "send_email").map(({ name }) => ({ name })) },
      versionMetadata: bindings.find(({ type }) => type === "version_metadata")?.name,
      // One object for all versions, run by the one with most traffic.
      durableObjects: named("durable_object_namespace", ({ class_name }) => ({
        className: String(class_name),
        useSQLite: true,
        unsafeUniqueKey: `${worker.name}-${class_name}`,
        ...(version.id === first ? {} : { scriptName: String(first) }),
      })),
      queueConsumers: version.id === first ? this.consumersOf(worker) : {},
      ...(assets === null ? {} : { assets: { directory: this.folderOf(version), ...settingsOf(assets.config) } }),
      outboundService: this.calls,
    };
  }

  /** A call of a Worker to the world outside; ours have no body. */
  private readonly calls: V4FetchHandler = async ({ url, method, headers }) => {
    const answer = await this.outside(new Request(url, { method, headers: [...headers] as [string, string][] }));
    const told = [...answer.headers].filter(([name]) => !/^(?:content-encoding|content-length)$/.test(name));
    return new Answer(await answer.arrayBuffer(), { status: answer.status, headers: told });
  };

  private consumersOf(worker: Worker): V4WorkerOptions["queueConsumers"] {
    const mine = [...this.account.queues.values()].flatMap(({ queue_name, consumers }) =>
      consumers.filter(({ script }) => script === worker.name).map((consumer) => ({ queue_name, ...consumer })),
    );
    return Object.fromEntries(
      mine.map(({ queue_name, settings, dead_letter_queue }) => [
        queue_name,
        {
          maxBatchSize: settings.batch_size,
          maxBatchTimeout: (settings.max_wait_time_ms ?? 0) / 1_000,
          maxRetries: settings.max_retries,
          ...(dead_letter_queue === undefined ? {} : { deadLetterQueue: dead_letter_queue }),
        },
      ]),
    );
  }

  private folderOf(version: Version): string {
    const folder = join(this.folder, version.id);
    for (const [path, content] of version.assets?.files ?? []) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const headers = version.assets?.config._headers;
    if (headers !== undefined) writeFileSync(join(folder, "_headers"), headers);
    return folder;
  }
}

function settingsOf({ run_worker_first = [], not_found_handling }: NonNullable<Version["assets"]>["config"]) {
  return {
    routerConfig: {
      has_user_worker: true,
      invoke_user_worker_ahead_of_assets: false,
      static_routing: { user_worker: run_worker_first },
    },
    assetConfig: { not_found_handling: not_found_handling as "single-page-application" },
  };
}

/** A version by its share of the traffic. */
function lot<T extends { percentage: number }>(shares: readonly T[]): T {
  let ticket = Math.random() * 100;
  for (const share of shares) {
    ticket -= share.percentage;
    if (ticket < 0) return share;
  }
  return shares[0] as T;
}
