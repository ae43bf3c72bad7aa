import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { readOptions } from "../scripts/support/read-options.ts";
import { Bench } from "./bench.ts";
import { type Figure, isMet, type Measure } from "./figure.ts";
import { FIGURES } from "./figures/index.ts";
import { measureEngine, measureTarget } from "./peers.ts";
import { writePart } from "./support/document.ts";
import { parseSigning } from "./support/signing.ts";
import { table } from "./support/table.ts";

/**
 * npm run bench [-- --only <id> …] [--quick] [--out <file>] [--write]: measures each figure beside its limit in the same run, prints
 * one table and writes bench/results.json. It judges nothing by time: it ends with 1 only when a figure could not be
 * measured, or when records were not equal to Dutchie's.
 *
 * --target <url> [--signing none|standard|hex:<header>|base64:<header>] [--secret <secret>]: the same webhooks at another address.
 * --engine <command> --rows-in <command>: the same import by another sync engine (docs/performance.md).
 */
const options = readOptions(
  {
    only: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
    out: { type: "string", default: "bench/results.json" },
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    stores: { type: "string" },
    ticks: { type: "string" },
    target: { type: "string" },
    signing: { type: "string", default: "standard" },
    secret: { type: "string", default: "" },
    engine: { type: "string" },
    "rows-in": { type: "string" },
  },
  "npm run bench -- [--only <id> …] [--quick] [--out <file>] [--write] | --list | --target <url> [--signing …] [--secret …] | --engine <command> --rows-in <command>",
);

if (options.list) {
  for (const { id, about } of FIGURES) console.log(`${id.padEnd(12)} ${about}`);
  process.exit(0);
}
if (options.target !== undefined) {
  const target = { url: options.target, signing: parseSigning(options.signing), secret: options.secret };
  console.log(table(await measureTarget(target, options.quick ? 100 : 5_000)));
  process.exit(0);
}
if (options.engine !== undefined) {
  const rows_in = options["rows-in"];
  if (rows_in === undefined)
    throw new Error("--engine needs --rows-in: a command that prints how many rows the engine has");
  console.log(table(await measureEngine({ command: options.engine, rows_in }, options.quick ? 1_000 : 50_000)));
  process.exit(0);
}
const wanted = options.only.flatMap((names) => names.split(","));
const unknown = wanted.filter((id) => !FIGURES.some((figure) => figure.id === id));
if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(", ")}: npm run bench -- --list`);

if (options.write && (options.quick || wanted.length > 0)) throw new Error("Only all figures together are written");

const bench = new Bench(options.quick, {
  ...(options.stores === undefined ? {} : { stores: Number(options.stores) }),
  ...(options.ticks === undefined ? {} : { ticks: Number(options.ticks) }),
});
const measures: Measure[] = [];
const failures: { figure: string; reason: string }[] = [];
const began = new Date();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void bench.close().then(() => process.exit(130)));
}
const isWanted = ({ id, isExtra }: Figure) => (wanted.length === 0 ? isExtra !== true : wanted.includes(id));
for (const figure of FIGURES.filter(isWanted)) await measure(figure);
await bench.close();

writeFileSync(options.out, `${JSON.stringify(results(), null, 2)}\n`);
console.log(`\n${table(measures)}\n`);
if (options.write && failures.length === 0) writePart("docs/performance.md", "results", documented());
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

/** The part of docs/performance.md that this run writes. */
function documented(): string {
  const { versions, machine } = results();
  const { product, commit, node, wrangler, workerd } = versions;
  const on = `${machine.cores} cores of ${machine.processor}`;
  return `Measured on ${began.toISOString().slice(0, 10)} with version ${product} (${commit}) on ${on}; node ${node}, wrangler ${wrangler}, workerd ${workerd}.\n\n${table(measures)}`;
}

function results() {
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
