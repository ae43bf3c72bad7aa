import { randomUUID } from "node:crypto";

/** What an upload says of a binding: its name, its type and what it leads to. */
export interface Binding {
  name: string;
  type: string;
  [key: string]: unknown;
}

/** A build of a Worker with its settings, as it was uploaded. */
export interface Version {
  id: string;
  number: number;
  created_on: string;
  annotations: Record<string, string | undefined>;
  main: string;
  modules: ReadonlyMap<string, Buffer>;
  /** Secrets are among them, with their values of that time. */
  bindings: readonly Binding[];
  compatibility_date: string | undefined;
  compatibility_flags: readonly string[];
  /** Classes of Durable Objects that it declares. */
  classes: readonly string[];
  assets: Assets | null;
}

interface Assets {
  config: { run_worker_first?: string[]; not_found_handling?: string; _headers?: string };
  /** Contents by path. */
  files: ReadonlyMap<string, Buffer>;
}

export interface Deployment {
  id: string;
  created_on: string;
  versions: readonly { version_id: string; percentage: number }[];
}

export interface Worker {
  name: string;
  tag: string;
  tags: readonly string[];
  /** Oldest first. */
  versions: Version[];
  /** Oldest first. */
  deployments: Deployment[];
  /** Classes of Durable Objects that a deployment made. */
  classes: Set<string>;
  schedules: string[];
}

interface Consumer {
  consumer_id: string;
  script: string;
  dead_letter_queue: string | undefined;
  settings: Record<string, number>;
}

export interface Queue {
  queue_id: string;
  queue_name: string;
  created_on: string;
  consumers: Consumer[];
}

/** What spoils one call. */
export interface Fault {
  /** Of the method and the path, such as `POST …/queues`. */
  on: RegExp;
  status: number;
  code: number;
  message: string;
}

/** What a Cloudflare account has, in memory. */
export class Account {
  readonly id = "0123456789abcdef0123456789abcdef";
  readonly token = "rehearsal";
  /** Domains of the account. */
  readonly zones = ["shop.com"];
  /** By their names. */
  readonly databases = new Map<string, { uuid: string; name: string; created_at: string }>();
  readonly queues = new Map<string, Queue>();
  readonly workers = new Map<string, Worker>();
  /** Which Worker a host leads to. */
  readonly hosts = new Map<string, string>();
  /** Files of dashboards by their hash. */
  readonly files = new Map<string, Buffer>();
  /** Questions that nothing here answers: a newer wrangler may ask more. */
  readonly unknown: string[] = [];
  /** Those that have spoiled no call yet. */
  readonly faults = new Set<Fault>();
  private clock = Date.now();

  /** Each thing has a time of its own, so that lists have one order. */
  now(): string {
    this.clock += 1_000;
    return new Date(this.clock).toISOString();
  }

  fail(on: RegExp, status: number, code: number, message: string): void {
    this.faults.add({ on, status, code, message });
  }

  worker(name: string): Worker {
    const found = this.workers.get(name);
    if (found === undefined) throw new Refusal(404, 10007, "This Worker does not exist on your account.");
    return found;
  }

  ensureWorker(name: string): Worker {
    const made = this.workers.get(name) ?? {
      name,
      tag: randomUUID().replaceAll("-", ""),
      tags: [],
      versions: [],
      deployments: [],
      classes: new Set<string>(),
      schedules: [],
    };
    this.workers.set(name, made);
    return made;
  }

  deploy(worker: Worker, versions: Deployment["versions"]): Deployment {
    const deployment = { id: randomUUID(), created_on: this.now(), versions };
    worker.deployments.push(deployment);
    return deployment;
  }
}

/** Versions of a Worker that share its traffic, the greatest share first. */
export function sharesOf(worker: Worker): { version: Version; percentage: number }[] {
  const shares = worker.deployments.at(-1)?.versions ?? [];
  return shares
    .map(({ version_id, percentage }) => ({ version: versionOf(worker, version_id), percentage }))
    .sort((a, b) => b.percentage - a.percentage);
}

export function versionOf(worker: Worker, id: string): Version {
  const found = worker.versions.find((each) => each.id === id);
  if (found === undefined) throw new Refusal(404, 10013, "workers.api.error.version_not_found");
  return found;
}

/** An answer with Cloudflare's envelope of errors. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
