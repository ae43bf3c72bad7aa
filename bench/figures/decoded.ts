import { createSimulator } from "../../simulator/app.ts";
import { matchIndex } from "../../src/domain/identity/match.ts";
import type { IncomingPackage, IncomingProduct, IncomingSale } from "../../src/domain/records/mapping.ts";
import type { Resource } from "../../src/domain/records/model.ts";
import { asOf } from "../../src/domain/records/version.ts";
import { planInventory } from "../../src/domain/resolve/inventory.ts";
import { planProducts } from "../../src/domain/resolve/products.ts";
import { planSales } from "../../src/domain/resolve/sales.ts";
import { DEFAULT_SETTINGS } from "../../src/domain/settings.ts";
import { decodedGroups } from "../../src/dutchie/decode/decoded-groups.ts";
import { splitRows } from "../../src/dutchie/stream/split.ts";
import { mapRows } from "../../src/pipeline/reading/map.ts";
import { onceEach } from "../../src/pipeline/reading/once-each.ts";
import type { Bench } from "../bench.ts";
import type { Figure, Measure } from "../figure.ts";
import { median } from "../support/percentile.ts";

type Read = Exclude<Resource, "rooms">;

const CASES: readonly { resource: Read; name: string; path: string; most: number }[] = [
  { resource: "products", name: "products", path: "/reporting/products", most: 2.5 },
  {
    resource: "inventory",
    name: "packages",
    path: "/reporting/inventory?includeRoomQuantities=true&includeLabResults=true&includeAllocated=true",
    most: 2.5,
  },
  { resource: "sales", name: "sales", path: "/reporting/transactions?includeDetail=true&includeTaxes=true", most: 3.5 },
];
/** As the network hands them out. */
const CHUNK = 65_536;
const READ = { kind: "snapshot", as_of: 0, complete: true } as const;

/** Pure code in node: what an import does to each row before the database, beside `JSON.parse` of the same body. */
export const decoded: Figure = {
  id: "decoded",
  about: "split, decode, map and plan a row (in node), beside JSON.parse of the body",
  measure: async (bench) => {
    const simulator = createSimulator({
      size: bench.size(10_000, 2_000),
      limits: "off",
      salesDays: 30,
      salesPerDay: bench.size(400, 100),
    });
    const measures: Measure[] = [];
    for (const one of CASES) {
      const now = new Date();
      const window = `fromLastModifiedDateUTC=${new Date(now.getTime() - 40 * 86_400_000).toISOString()}&toLastModifiedDateUTC=${now.toISOString()}`;
      const path = one.resource === "sales" ? `${one.path}&${window}` : one.path;
      const answer = await simulator.app.request(path, {
        headers: {
          accept: "application/json",
          "user-agent": "bench",
          authorization: `Basic ${Buffer.from(`${simulator.config.apiKey}:`).toString("base64")}`,
        },
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      measures.push(await beside(bench, one, new Uint8Array(await answer.arrayBuffer())));
    }
    simulator.close();
    return measures;
  },
};

async function beside(
  bench: Bench,
  { resource, name, most }: (typeof CASES)[number],
  body: Uint8Array,
): Promise<Measure> {
  const rounds: { ours: number; parse: number; plan: number }[] = [];
  let rows = 0;
  // The first rounds are for the compiler.
  for (let round = -2; round < bench.size(7, 3); round++) {
    const began = cpuMs();
    rows = (JSON.parse(new TextDecoder().decode(body)) as unknown[]).length;
    const parsed = cpuMs();
    const { planned, plan_ms } = await readAll(resource, body);
    const ended = cpuMs();
    if (planned !== rows) throw new Error(`Of ${rows} ${name}, ${planned} were planned`);
    if (round >= 0) rounds.push({ ours: ended - parsed, parse: parsed - began, plan: plan_ms });
  }
  const per_row = (pick: (round: (typeof rounds)[number]) => number) => (median(rounds.map(pick)) / rows) * 1_000;
  return {
    figure: `split + decode + map + plan, ${name}`,
    value: per_row(({ ours }) => ours),
    unit: "µs a row",
    beside: {
      name: "JSON.parse",
      value: per_row(({ parse }) => parse),
      ratio: median(rounds.map(({ ours, parse }) => ours / parse)),
    },
    target: { of: "ratio", at: "most", number: most },
    more: { rows, bytes: body.byteLength, plan_us: per_row(({ plan }) => plan) },
  };
}

/** Time that this process has computed, ms: what else runs on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** As `pullStep` reads and the Location plans, of a store that has no records yet. */
async function readAll(resource: Read, body: Uint8Array): Promise<{ planned: number; plan_ms: number }> {
  let planned = 0;
  let plan_ms = 0;
  for await (const chunk of onceEach(resource, decodedGroups<Resource, unknown>(resource, splitRows(chunksOf(body))))) {
    const { rows } = mapRows<Resource>(resource, chunk, { settings: DEFAULT_SETTINGS, pepper: null, lines_due: true });
    const began = cpuMs();
    planned += planRows(resource, rows.rows);
    plan_ms += cpuMs() - began;
  }
  return { planned, plan_ms };
}

async function* chunksOf(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < body.byteLength; start += CHUNK) yield body.subarray(start, start + CHUNK);
}

function planRows(resource: Read, incoming: readonly unknown[]): number {
  const now = Date.now();
  const read = { ...READ, as_of: asOf("inventory", now, now) };
  const basis = { read, floor: 0, now, compares: false, origin: { cause: "initial", ref: "run_bench" } as const };
  const none = new Map<string, never>();
  if (resource === "products") {
    const products = incoming as IncomingProduct[];
    return planProducts({ ...basis, incoming: products, stored: none, match: matchIndex([]), keep: [] }).rows.length;
  }
  if (resource === "inventory") {
    const packages = incoming as IncomingPackage[];
    planInventory({ ...basis, incoming: packages, stored: none, productIds: none });
    return packages.length;
  }
  const sales = incoming as IncomingSale[];
  return planSales({ ...basis, incoming: sales, stored: none, productIds: none, pepper_id: null }).rows.length;
}
