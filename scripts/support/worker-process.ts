import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import getPort from "get-port";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WRANGLER = `${ROOT}node_modules/wrangler/bin/wrangler.js`;

/**
 * Nobody looks at wrangler here. Its traces, which `npm run dev` keeps, are written to a database by the thread that runs the
 * Worker: a poll took half as much CPU again.
 */
const QUIET = { WRANGLER_SEND_METRICS: "false", X_LOCAL_OBSERVABILITY: "false", CI: "true" };

export interface WorkerProcess {
  url: string;
  /** The process of wrangler, whose child is the runtime. */
  pid: number | undefined;
  inspector_port: number;
  /** Ends it as Ctrl-C would; resolves when it has ended. */
  stop(): Promise<void>;
  /** Ends it and its runtime at once, as a crash would. */
  kill(): Promise<void>;
}

/** Development secrets, made from the example when missing. */
export function ensureDevVars(): void {
  if (!existsSync(`${ROOT}.dev.vars`)) copyFileSync(`${ROOT}.dev.vars.example`, `${ROOT}.dev.vars`);
}

/** The Worker on a local runtime with real D1, Queues and Durable Objects, whose state lives in the folder `state`. */
export async function startWorker(given: {
  state: string;
  port?: number;
  vars?: Record<string, string>;
  /** Another configuration than wrangler.toml. */
  config?: string;
  /** MB that the heap of each isolate may have; absent: V8 lets it grow with the machine's memory. */
  heap_mb?: number;
  /** Ends it while it starts; afterwards `stop` does. */
  signal?: AbortSignal;
}): Promise<WorkerProcess> {
  const port = given.port ?? (await getPort());
  const url = `http://127.0.0.1:${port}`;
  if (await isUp(url))
    throw new Error(`Port ${port} is in use: another Worker answers there. Stop it, or name another port.`);
  const vars = Object.entries({ PUBLIC_URL: url, ...given.vars }).flatMap(([name, value]) => [
    "--var",
    `${name}:${value}`,
  ]);
  const inspector_port = await getPort();
  const flags = ["--port", String(port), "--inspector-port", String(inspector_port), "--ip", "127.0.0.1"];
  const limit = given.heap_mb === undefined ? {} : { MINIFLARE_WORKERD_V8_FLAGS: `--max-heap-size=${given.heap_mb}` };
  const env = { ...process.env, ...QUIET, ...limit };
  const child = run(
    [
      "dev",
      ...(given.config === undefined ? [] : ["--config", given.config]),
      ...flags,
      "--persist-to",
      given.state,
      "--env-file",
      ".dev.vars.example",
      "--show-interactive-dev-session=false",
      ...vars,
    ],
    env,
    given.signal,
  );
  const output = collect(child.stdout, child.stderr);
  if (process.env.WORKER_LOG) for (const stream of [child.stdout, child.stderr]) stream?.pipe(process.stderr);
  const gone = once(child, "exit");
  const end = (signal: NodeJS.Signals) => async () => {
    // The whole process group: wrangler's runtime is a child process.
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, signal);
    await gone;
  };
  const deadline = Date.now() + 60_000;
  while (!(await isUp(url))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The Worker did not start:\n${output()}`);
    if (Date.now() > deadline) {
      await end("SIGKILL")();
      throw new Error(`The Worker did not answer within a minute:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, pid: child.pid, inspector_port, stop: end("SIGTERM"), kill: end("SIGKILL") };
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false; // not listening yet
  }
}

/** A process group of its own: Ctrl-C in the terminal reaches only us, and we end it. */
function run(args: string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): ChildProcess {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const end = () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid);
  };
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end, { once: true });
  return child;
}

/** Collects the last 8,000 characters that a child prints. */
function collect(...streams: (Readable | null)[]): () => string {
  let text = "";
  const keep = (piece: Buffer) => {
    text = (text + piece.toString()).slice(-8_000);
  };
  for (const stream of streams) stream?.on("data", keep);
  return () => text;
}
