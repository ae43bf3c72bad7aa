import { parseArgs } from "node:util";
import { Bench } from "../bench.ts";
import { writePart } from "../support/document.ts";
import { costTables, type StoreCost } from "./document.ts";
import { measureStore } from "./measure.ts";
import { STORES } from "./stores.ts";

/**
 * npm run cost [-- --write] [--store <name>] [--quick]: measures what a store's day asks of the platform, and prints what it costs by the prices in
 * `prices.ts`. `--write` writes the tables of docs/cost.md.
 */
const { values: options } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    store: { type: "string" },
    quick: { type: "boolean", default: false },
  },
});

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
if (options.write) writePart("docs/cost.md", "costs", tables);
process.exit(0);
