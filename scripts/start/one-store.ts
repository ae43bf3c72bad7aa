import { setTimeout as pause } from "node:timers/promises";
import type { RunningSimulator } from "../../simulator/http/serve.ts";
import { compareWithOracle } from "../support/accuracy.ts";
import type { Api } from "../support/api.ts";
import { connectStore } from "./connect-store.ts";
import { type Machine, signedIn } from "./machine.ts";
import { isOver, progressBar, type Run } from "./sync-progress.ts";

const LIVE_EVENTS = 10;
/** The guide: webhooks are applied within seconds. */
const APPLIED_WITHIN_MS = 5_000;
const ACT_EVERY_MS = 1_000;
/** Oftener than the crons, so that a sync is due for a minute at most. */
const LOOK_EVERY_MS = 60_000;

export interface OneStoreOptions {
  once: boolean;
  size: number;
  profile: string;
  port?: number;
  simulator_port?: number;
}

/** One store: connects it, runs the initial sync, compares the result with the truth, and then lets it work. */
export async function oneStore(machine: Machine, options: OneStoreOptions): Promise<boolean> {
  const { once, size, port, simulator_port } = options;
  console.log("Starting the Worker with a local database …");
  const api = await machine.start(port === undefined ? {} : { port });
  console.log(`Opening a simulated Dutchie store with ${size.toLocaleString("en-US")} products …`);
  const dutchie = await machine.open({
    size,
    seed: 1,
    ...(simulator_port === undefined ? {} : { port: simulator_port }),
  });
  const { location, webhook } = await connectStore(api, dutchie, {
    name: "Green Door Main St",
    profile: options.profile,
  });
  const base = `/v1/locations/${location.location_id}`;
  const { profile } = location.dutchie;
  console.log(`Connected store ${location.location_id} (profile ${profile}).\n`);

  const ended = await follow(api, `${base}/syncs/${await firstRun(api, base)}`);
  const seconds = ((ended.duration_ms ?? 0) / 1000).toFixed(1);
  console.log(
    `Initial sync ${ended.state}: ${ended.records_processed.toLocaleString("en-US")} records in ${seconds} s, ${ended.failed} failed.`,
  );
  if (ended.error !== null) console.log(`${ended.error.code}: ${ended.error.message}\n→ ${ended.error.hint}`);
  if (ended.verification !== null)
    console.log(`The sync's own verification: ${percent(ended.verification.accuracy)} accurate.`);

  const accuracy = await compareWithOracle(api, location.location_id, dutchie.simulator.oracle());
  const share = accuracy.compared === 0 ? 0 : accuracy.matching / accuracy.compared;
  console.log(
    `Against the simulator's truth: ${percent(share)} of ${accuracy.compared.toLocaleString("en-US")} records equal.`,
  );
  for (const difference of accuracy.differences.slice(0, 10)) console.log(`  ${difference}`);

  console.log("\nThe dashboard, signed in:");
  console.log(`${await signedIn(`${api.url}/stores/${location.location_id}`)}\n`);

  dutchie.simulator.setWebhooks({ ...webhook, profile });
  dutchie.simulator.start({ everyMs: ACT_EVERY_MS });
  machine.lookForDueStores(api.url, LOOK_EVERY_MS);
  console.log(once ? `Waiting for ${LIVE_EVENTS} live events …` : "The store is at work. Ctrl-C ends it.");
  const live = await watchLive(api, { base, dutchie, count: once ? LIVE_EVENTS : Number.POSITIVE_INFINITY });
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

/** Shows the run until it is over. */
async function follow(api: Api, path: string): Promise<Run> {
  const bar = progressBar();
  bar.start(100, 0, { what: "starting" });
  for (;;) {
    const run = await api.get<Run>(path);
    bar.update(run.percent, { what: progressOf(run) });
    if (isOver(run)) {
      bar.stop();
      return run;
    }
    await pause(250);
  }
}

function progressOf({ phases, state, waiting_until, records_processed, eta_seconds }: Run): string {
  const phase = phases.find((each) => each.state === "running" || each.state === "waiting")?.resource ?? state;
  const waits = waiting_until === null ? "" : ", waiting for Dutchie's rate limit";
  const left = eta_seconds === null ? "" : ` │ about ${eta_seconds} s left`;
  return `${phase}${waits} │ ${records_processed.toLocaleString("en-US")} records${left}`;
}

/** Prints each event when it is applied. True when `count` events were applied, each within the promised time. */
async function watchLive(
  api: Api,
  { base, dutchie, count }: { base: string; dutchie: RunningSimulator; count: number },
): Promise<boolean> {
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
    const sent = new Map(dutchie.simulator.deliveries().map((delivery) => [delivery.id, delivery]));
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
