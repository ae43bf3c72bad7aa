import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import cliProgress from "cli-progress";
import { type RunningSimulator, serveSimulator } from "../simulator/http/serve.ts";
import { compareWithOracle } from "./support/accuracy.ts";
import { Api } from "./support/api.ts";
import { developmentToken } from "./support/development-token.ts";
import { lookForDueStores } from "./support/due-stores.ts";
import { migrateLocal, startWorker, type WorkerProcess } from "./support/worker-process.ts";

/**
 * npm start: everything on this machine. Starts a simulated Dutchie and the Worker, connects a store, runs the initial sync,
 * compares the result with the truth, and then lets the store work. `--once` ends after ten live events were applied.
 */
const LIVE_EVENTS = 10;
/** The guide: webhooks are applied within seconds. */
const APPLIED_WITHIN_MS = 5_000;
const ACT_EVERY_MS = 1_000;
const RETAILER = "demo";

const { values: options } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    port: { type: "string" },
    "simulator-port": { type: "string" },
    size: { type: "string", default: "3000" },
    profile: { type: "string", default: "pos" },
  },
});

interface Run {
  run_id: string;
  state: string;
  percent: number;
  eta_seconds: number | null;
  waiting_until: string | null;
  records_processed: number;
  duration_ms: number | null;
  failed: number;
  error: { code: string; message: string; hint: string } | null;
  phases: { resource: string; state: string; processed: number }[];
  verification: { accuracy: number } | null;
}

const state = mkdtempSync(join(tmpdir(), "reup-dutchie-"));
let simulator: RunningSimulator | undefined;
let worker: WorkerProcess | undefined;
let stopLooking: (() => void) | undefined;
let ending: Promise<void> | undefined;

/** Stops all processes and removes the state, however the script ends. */
function end(): Promise<void> {
  ending ??= (async () => {
    stopLooking?.();
    await Promise.all([worker?.stop(), simulator?.close()]);
    rmSync(state, { recursive: true, force: true });
  })();
  return ending;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    console.log("\nStopping …");
    void end().then(() => process.exit(signal === "SIGINT" ? 130 : 143));
  });
}

try {
  const ok = await main();
  if (options.once) {
    await end();
    process.exit(ok ? 0 : 1);
  }
} catch (error) {
  if (ending === undefined) console.error(error instanceof Error ? error.message : error);
  await end();
  process.exit(1);
}

async function main(): Promise<boolean> {
  console.log("Preparing the local database …");
  await migrateLocal(state);
  const size = Number(options.size);
  console.log(`Opening a simulated Dutchie store with ${size.toLocaleString("en-US")} products …`);
  simulator = await serveSimulator({ size, seed: 1, ...port("simulator-port") });
  console.log("Starting the Worker …");
  worker = await startWorker({ state, ...port("port") });
  const api = new Api(worker.url, await developmentToken({ retailer_id: RETAILER, role: "admin" }));

  const { location, webhook } = await api.call<{
    location: { location_id: string; dutchie: { profile: string } };
    webhook: { url: string; secret: string };
  }>("POST", "/v1/locations", {
    name: "Green Door Main St",
    time_zone: "America/Denver",
    dutchie: { endpoint: simulator.url, api_key: simulator.simulator.config.apiKey, profile: options.profile },
  });
  const base = `/v1/locations/${location.location_id}`;
  const profile = location.dutchie.profile === "guide" ? "guide" : "pos";
  console.log(`Connected store ${location.location_id} (profile ${profile}).\n`);

  const ended = await follow(api, `${base}/syncs/${await firstRun(api, base)}`);
  const seconds = ((ended.duration_ms ?? 0) / 1000).toFixed(1);
  console.log(
    `Initial sync ${ended.state}: ${ended.records_processed.toLocaleString("en-US")} records in ${seconds} s, ${ended.failed} failed.`,
  );
  if (ended.error !== null) console.log(`${ended.error.code}: ${ended.error.message}\n→ ${ended.error.hint}`);
  if (ended.verification !== null)
    console.log(`The sync's own verification: ${percent(ended.verification.accuracy)} accurate.`);

  const accuracy = await compareWithOracle(api, location.location_id, simulator.simulator.oracle());
  const share = accuracy.compared === 0 ? 0 : accuracy.matching / accuracy.compared;
  console.log(
    `Against the simulator's truth: ${percent(share)} of ${accuracy.compared.toLocaleString("en-US")} records equal.`,
  );
  for (const difference of accuracy.differences.slice(0, 10)) console.log(`  ${difference}`);

  const token = await developmentToken({ retailer_id: RETAILER, role: "admin" });
  console.log("\nThe dashboard, signed in:");
  console.log(`${worker.url}/stores/${location.location_id}#token=${token}\n`);

  simulator.simulator.setWebhooks({ url: webhook.url, secret: webhook.secret, profile });
  simulator.simulator.start({ everyMs: ACT_EVERY_MS });
  stopLooking = lookForDueStores(worker.url);
  console.log(options.once ? `Waiting for ${LIVE_EVENTS} live events …` : "The store is at work. Ctrl-C ends it.");
  const live = await watchLive(api, base, options.once ? LIVE_EVENTS : Number.POSITIVE_INFINITY);
  return ended.state === "completed" && share === 1 && accuracy.compared > 0 && live;
}

/** Starts the initial sync, or returns the one that cron has started already. */
async function firstRun(api: Api, base: string): Promise<string> {
  try {
    return (await api.call<Run>("POST", `${base}/syncs`, { mode: "initial" })).run_id;
  } catch (error) {
    const { current_run } = await api.get<{ current_run: Run | null }>(`${base}/status`);
    if (current_run === null) throw error;
    return current_run.run_id;
  }
}

function port(name: "port" | "simulator-port"): { port?: number } {
  const value = options[name];
  return value === undefined ? {} : { port: Number(value) };
}

/** Shows the run until it is over. */
async function follow(api: Api, path: string): Promise<Run> {
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage}% │ {phase} │ {records} records │ {eta_text}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    // Without a terminal (CI, a pipe): a line every few seconds.
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
  bar.start(100, 0, { phase: "starting", records: 0, eta_text: "" });
  for (;;) {
    const run = await api.get<Run>(path);
    const phase = run.phases.find(({ state }) => state === "running" || state === "waiting");
    bar.update(run.percent, {
      phase:
        phase === undefined
          ? run.state
          : `${phase.resource}${run.waiting_until === null ? "" : ", waiting for Dutchie's rate limit"}`,
      records: run.records_processed.toLocaleString("en-US"),
      eta_text: run.eta_seconds === null ? "" : `about ${run.eta_seconds} s left`,
    });
    if (run.state !== "queued" && run.state !== "running" && run.state !== "waiting") {
      bar.stop();
      return run;
    }
    await pause(250);
  }
}

/** Prints each event when it is applied. True when `count` events were applied, each within the promised time. */
async function watchLive(api: Api, base: string, count: number): Promise<boolean> {
  const seen = new Set<string>();
  let inTime = true;
  const deadline = Date.now() + (count === Number.POSITIVE_INFINITY ? count : 60_000 + count * ACT_EVERY_MS);
  while (seen.size < count) {
    if (Date.now() > deadline) {
      console.log(`Only ${seen.size} of ${count} events were applied in time.`);
      return false;
    }
    const { data } = await api.get<{
      data: { event_id: string; type: string; outcome: string; applied_at: string | null }[];
    }>(`${base}/events?limit=50`);
    const sent = new Map((simulator?.simulator.deliveries() ?? []).map((delivery) => [delivery.id, delivery]));
    for (const event of data.reverse()) {
      const delivery = sent.get(event.event_id);
      if (
        event.outcome !== "applied" ||
        event.applied_at === null ||
        delivery?.sent_at == null ||
        seen.has(event.event_id)
      )
        continue;
      seen.add(event.event_id);
      const lag = Date.parse(event.applied_at) - new Date(delivery.sent_at).getTime();
      if (lag > APPLIED_WITHIN_MS) inTime = false;
      console.log(`  ${event.type.padEnd(18)} applied ${(lag / 1000).toFixed(2)} s after it was sent`);
    }
    await pause(250);
  }
  return inTime;
}

function percent(share: number): string {
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}
