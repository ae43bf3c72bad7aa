import { constants } from "node:os";
import { chain } from "./start/chain.ts";
import { CHAIN } from "./start/chain-stores.ts";
import { Machine } from "./start/machine.ts";
import { oneStore } from "./start/one-store.ts";
import { misused, readOptions, wholeNumber } from "./support/read-options.ts";

/**
 * npm start: everything on this machine, with simulated Dutchies. One store is connected, read, compared with the truth and then
 * lives; or a chain of twelve is brought into different states. `--once` ends by itself and says by its exit code whether all was right.
 */
const USAGE = `npm start -- [options]
  --once                  ends by itself; exit code 0 if everything was right
  --stores 12             a chain in different states in place of one store; ready in about two minutes
  --size 3000             products in the one store, 2 to 50,000
  --profile pos           the one store's API: pos | guide | auto
  --port <n>              of the Worker; without it, a free one
  --simulator-port <n>    of the one store's Dutchie`;

const options = readOptions(
  {
    once: { type: "boolean", default: false },
    stores: { type: "string", default: "1" },
    port: { type: "string" },
    "simulator-port": { type: "string" },
    size: { type: "string", default: "3000" },
    profile: { type: "string", default: "pos" },
  },
  USAGE,
);

const isChain = options.stores === String(CHAIN.length);
if (!isChain && options.stores !== "1") {
  misused(`--stores is 1 or ${CHAIN.length}.`, USAGE);
}
const { once, profile } = options;
if (!["pos", "guide", "auto"].includes(profile)) misused("--profile is one of pos, guide, auto.", USAGE);
const size = wholeNumber("size", options.size, [2, 50_000], USAGE);
const portOf = (name: "port" | "simulator-port") => {
  const given = options[name];
  return given === undefined ? undefined : wholeNumber(name, given, [1, 65_535], USAGE);
};
const port = portOf("port");
const simulator_port = portOf("simulator-port");

const machine = new Machine();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // A terminal's Ctrl-C comes twice: npm passes it on, too.
    if (!machine.isEnding) console.log("\nStopping …");
    void machine.end().then(() => process.exit(128 + constants.signals[signal]));
  });
}

const ports = port === undefined ? {} : { port };
try {
  const ok = isChain
    ? await chain(machine, { once, ...ports })
    : await oneStore(machine, {
        once,
        size,
        profile,
        ...ports,
        ...(simulator_port === undefined ? {} : { simulator_port }),
      });
  if (once) {
    await machine.end();
    process.exit(ok ? 0 : 1);
  }
} catch (error) {
  if (!machine.isEnding) console.error(error instanceof Error ? error.message : error);
  await machine.end();
  process.exit(1);
}
