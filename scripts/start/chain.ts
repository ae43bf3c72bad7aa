import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunningSimulator } from "../../simulator/http/serve.ts";
import type { Api } from "../support/api.ts";
import { checkChain } from "./chain-check.ts";
import { ChainStore } from "./chain-store.ts";
import { CHAIN, type Role } from "./chain-stores.ts";
import { connectStore } from "./connect-store.ts";
import { type Machine, signedIn } from "./machine.ts";
import { progressBar } from "./sync-progress.ts";

const TIME_ZONE = "America/Denver";
/** Each live store sells, receives or moves something so often; twelve stores share one small machine. */
const ACT_EVERY_MS = 4_000;
/** As the cron of a deployed Worker. Then the store that was never read is read. */
const LOOK_EVERY_MS = 300_000;
/** Stores that are read at once: more would only wait for each other. */
const AT_ONCE = 4;
/** A webhook that fails is tried again so often, and not a hundred times in two days. */
const RETRIES = 3;

interface Opened {
  role: Role;
  store: ChainStore;
}

/** Twelve stores in different states. Returns the Worker's API once they are in these states. */
export async function openChain(machine: Machine, given: { port?: number }): Promise<Api> {
  console.log("Starting the Worker with a local database, and twelve simulated Dutchie stores …");
  const [api, dutchies] = await Promise.all([
    machine.start({ ...given, config: configWithFewRetries(machine.state) }),
    openDutchies(machine),
  ]);
  const opened: Opened[] = [];
  for (const [i, role] of CHAIN.entries()) {
    const store = await connect(machine, api, { role, dutchie: dutchies[i] });
    await role.before?.(store);
    opened.push({ role, store });
  }
  console.log(`${opened.length} stores are connected.\n`);
  await readAll(opened);
  for (const { role, store } of opened) {
    if (role.first_sync === "begin") await store.begin("initial");
    if (!role.is_live) continue;
    store.sendWebhooks();
    store.dutchie.start({ everyMs: ACT_EVERY_MS });
  }
  return api;
}

/** Opens the chain, says how each store fares, and lets it go on. True if each is in its state. */
export async function chain(machine: Machine, given: { once: boolean; port?: number }): Promise<boolean> {
  const api = await openChain(machine, given);
  const isRight = await checkChain(api);
  console.log(`\nThe pages, signed in:\n${await signedIn(`${api.url}/`)}\n`);
  if (given.once) return isRight;
  machine.lookForDueStores(api.url, LOOK_EVERY_MS);
  console.log("The stores are at work. Trinidad is read by itself within five minutes. Ctrl-C ends them.");
  await machine.whenEnding();
  return isRight;
}

/** One after the other: building a store takes this process whole. */
async function openDutchies(machine: Machine): Promise<RunningSimulator[]> {
  const opened: RunningSimulator[] = [];
  for (const [i, { name, size }] of CHAIN.entries()) {
    const locationName = `Green Door ${name}`;
    opened.push(
      await machine.open({
        size,
        seed: i + 1,
        locationId: 4_711 + i,
        locationName,
        timeZone: TIME_ZONE,
        profiles: ["pos"],
      }),
    );
    await pause(0);
  }
  return opened;
}

async function connect(
  machine: Machine,
  api: Api,
  { role, dutchie }: { role: Role; dutchie: RunningSimulator | undefined },
): Promise<ChainStore> {
  if (dutchie === undefined) throw new Error(`${role.name} has no Dutchie.`);
  const { name, settings = {} } = role;
  const { location, webhook } = await connectStore(api, dutchie, { name, profile: "pos", settings });
  return new ChainStore(api, location.location_id, webhook, dutchie, machine);
}

/** The first sync of each store, a few at a time, and what brings it into its state. */
async function readAll(opened: readonly Opened[]): Promise<void> {
  // The stores at work last: the others still have to get into their states.
  const toRead = opened
    .filter(({ role }) => role.first_sync === undefined)
    .sort((a, b) => Number(a.role.is_live ?? false) - Number(b.role.is_live ?? false));
  const percents = new Map<Opened, number>();
  const bar = progressBar();
  bar.start(100, 0, { what: "reading the stores" });
  const waiting = [...toRead];
  let done = 0;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const each = next;
      const run = await each.store.sync("initial", ({ percent }) => {
        percents.set(each, percent);
        const sum = [...percents.values()].reduce((total, one) => total + one, 0);
        bar.update(sum / toRead.length, { what: `${done} of ${toRead.length} stores are read` });
      });
      if (run.state !== "completed")
        throw new Error(`The first sync of ${each.role.name} ended ${run.state}: ${run.error?.message ?? ""}`);
      done += 1;
      await each.role.after?.(each.store);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    bar.update(100, { what: "all stores are read" });
  } finally {
    bar.stop();
  }
}

/** wrangler.toml with fewer retries of webhooks. In the folder `state`, so its paths are absolute. */
function configWithFewRetries(state: string): string {
  const product = readFileSync("wrangler.toml", "utf8");
  const consumer = /(queue = "reup-dutchie-webhooks-development"\n(?:max_batch_\w+ = \d+\n)+max_retries = )\d+/;
  if (!consumer.test(product)) throw new Error("wrangler.toml has no retries of webhooks.");
  const here = resolve(".");
  const config = `${state}/wrangler.toml`;
  writeFileSync(
    config,
    product
      .replace(consumer, `$1${RETRIES}`)
      .replace('main = "', `main = "${here}/`)
      .replaceAll('= "./', `= "${here}/`),
  );
  return config;
}
