import { readFileSync } from "node:fs";
import { readOptions } from "../../scripts/support/read-options.ts";
import { Bench } from "../bench.ts";
import { writePart } from "../support/document.ts";
import { costTables, type StoreCost } from "./document.ts";
import { measureStore } from "./measure.ts";
import { STORES } from "./stores.ts";
import { wallTable } from "./walls.ts";

/**
 * npm run cost [-- --write] [--store <name>] [--quick]: measures what a store's day asks of the platform, and prints what it costs by the prices in
 * `prices.ts`, and how many stores there can be. `--write` writes the tables of docs/cost.md and docs/scale.md.
 */
const options = readOptions(
  {
    write: { type: "boolean", default: false },
    store: { type: "string" },
    quick: { type: "boolean", default: false },
  },
  "npm run cost -- [--write] [--store <name>] [--quick]",
);

if (options.write && (options.quick || options.store !== undefined))
  throw new Error("Only all stores, measured in full, are written");
const bench = new Bench(options.quick);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void bench.close().then(() => process.exit(130)));
}
const costs: StoreCost[] = [];
try {
  for (const size of STORES) {
    if (options.store !== undefined && options.store !== size.name) continue;
    process.stderr.write(`Measuring a ${size.name} store …\n`);
    costs.push({ size, measured: await measureStore(await bench.stage(size.name), size, options.quick) });
  }
} finally {
  await bench.close();
}
const tables = costTables(costs);
console.log(tables);
const middle = costs.find(({ size }) => size.name === "middle");
const given = {
  webhook_consumers: consumersOf("webhooks"),
  poll_consumers: consumersOf("sync"),
  import_consumers: consumersOf("imports"),
};
const scale = middle && wallTable(middle, given);
if (scale !== undefined) console.log(`\n${scale}`);
if (options.write) {
  if (scale === undefined) throw new Error("There is no middle store to compute the walls of");
  writePart("docs/cost.md", "costs", tables);
  writePart("docs/scale.md", "walls", scale);
}
process.exit(0);

/** `max_concurrency` of a queue in production. */
function consumersOf(purpose: string): number {
  const text = readFileSync("wrangler.toml", "utf8");
  const found = new RegExp(
    `queue = "reup-dutchie-${purpose}-production"\\n(?:[a-z_]+ = .*\\n)*?max_concurrency = (\\d+)`,
  ).exec(text);
  if (found === null) throw new Error(`wrangler.toml does not state the consumers of ${purpose}`);
  return Number(found[1]);
}
