import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Bench } from "./bench.ts";
import type { Figure, Measure } from "./figure.ts";
import { isMet } from "./figure.ts";
import { FIGURES } from "./figures/index.ts";
import { table } from "./support/table.ts";

/**
 * npm run bench [-- --only <id> …] [--quick] [--out <file>]: measures each figure beside its limit in the same run, prints
 * one table and writes bench/results.json. It judges nothing by time: it ends with 1 only when a figure could not be
 * measured, or when records were not equal to Dutchie's.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
    out: { type: "string", default: "bench/results.json" },
    list: { type: "boolean", default: false },
  },
});

if (options.list) {
  for (const { id, about } of FIGURES) console.log(`${id.padEnd(12)} ${about}`);
  process.exit(0);
}
const wanted = options.only.flatMap((names) => names.split(","));
const unknown = wanted.filter((id) => !FIGURES.some((figure) => figure.id === id));
if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(", ")}: npm run bench -- --list`);

const bench = new Bench(options.quick);
const measures: Measure[] = [];
const failures: { figure: string; reason: string }[] = [];
const began = new Date();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void bench.close().then(() => process.exit(130)));
}
for (const figure of FIGURES.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) await measure(figure);
await bench.close();

writeFileSync(options.out, `${JSON.stringify(results(), null, 2)}\n`);
console.log(`\n${table(measures)}\n`);
for (const { figure, reason } of failures) console.error(`${figure} could not be measured: ${reason}`);
process.exit(failures.length > 0 ? 1 : 0);

async function measure({ id, about, measure }: Figure): Promise<void> {
  process.stderr.write(`${id}: ${about} …\n`);
  const started = performance.now();
  try {
    const found = await measure(bench);
    measures.push(...found);
    process.stderr.write(`${table(found)}\n  in ${((performance.now() - started) / 1_000).toFixed(0)} s\n`);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.push({ figure: id, reason });
    process.stderr.write(`  failed: ${reason}\n`);
    // What it left behind would disturb the next.
    await bench.close();
  }
}

function results(): object {
  const version = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  return {
    date: began.toISOString(),
    quick: options.quick,
    versions: {
      product: version("package.json"),
      commit: execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim(),
      node: process.version,
      wrangler: version("node_modules/wrangler/package.json"),
      workerd: version("node_modules/workerd/package.json"),
    },
    machine: { cores: availableParallelism(), processor: cpus()[0]?.model ?? "", load: loadavg() },
    measures: measures.map((measure) => ({ ...measure, met: isMet(measure) })),
    failures,
  };
}
