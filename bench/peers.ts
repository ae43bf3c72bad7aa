import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { serveSimulator } from "../simulator/http/serve.ts";
import type { Measure } from "./figure.ts";
import { load } from "./support/load.ts";
import { type Signing, signedHeaders } from "./support/signing.ts";
import { type Webhook, webhooksOf } from "./webhook.ts";

/** The same loads at others, so that they are measured on the same machine as the product. */

const CONNECTIONS = 16;
/** So that one request has all sales: Dutchie refuses a window of more than 60 days. */
const SALES_DAYS = 58;
const DAY_MS = 86_400_000;

/** The webhooks of the figure `accepted`, at another address. */
export async function measureTarget(
  target: { url: string; signing: Signing; secret: string },
  calls: number,
): Promise<Measure[]> {
  const { origin, pathname, search } = new URL(target.url);
  const simulator = await serveSimulator({ size: 3_000, salesPerDay: 20, limits: "off" });
  const webhooks: Webhook[] = [];
  while (webhooks.length < calls) webhooks.push(...webhooksOf(simulator.simulator, { count: 50 }));
  await simulator.close();
  const found = await load(origin, {
    calls,
    connections: CONNECTIONS,
    isExpected: (status) => status >= 200 && status < 300,
    call: (i) => {
      const { id, body } = webhooks[i] as Webhook;
      const headers = signedHeaders(target.signing, target.secret, { id, body, at: Date.now() });
      return { method: "POST", path: pathname + search, headers, body };
    },
  });
  const figure = `webhook accepted by ${origin}${pathname}`;
  return [
    { figure: `${figure}, requests/s`, value: found.per_second, unit: "/s" },
    { figure: `${figure}, p99`, value: found.p99_ms, unit: "ms", more: { ...found, calls } },
  ];
}

/**
 * The rows of the figure `imported`, read by another sync engine: a command that ends when its table has them all. It is told
 * where they are (DUTCHIE_URL, DUTCHIE_API_KEY, and the paths below). `rows_in`: a command that prints how many rows it has.
 */
export async function measureEngine(engine: { command: string; rows_in: string }, size: number): Promise<Measure[]> {
  const running = await serveSimulator({ size, limits: "off", salesDays: SALES_DAYS });
  const { products, packages_in_stock, sales } = running.simulator.state().counts;
  const rows = products + packages_in_stock + sales;
  const to = new Date(Date.now() + DAY_MS).toISOString();
  const from = new Date(Date.now() - (SALES_DAYS + 0.5) * DAY_MS).toISOString();
  const env = {
    ...process.env,
    DUTCHIE_URL: running.url,
    DUTCHIE_API_KEY: running.simulator.config.apiKey,
    PRODUCTS_PATH: "/reporting/products",
    INVENTORY_PATH: "/reporting/inventory?includeRoomQuantities=true",
    SALES_PATH: `/reporting/transactions?includeDetail=true&fromLastModifiedDateUTC=${from}&toLastModifiedDateUTC=${to}`,
  };
  const shell = (command: string) => promisify(execFile)("sh", ["-c", command], { env, maxBuffer: 64 * 1_048_576 });
  const began = Date.now();
  try {
    await shell(engine.command);
    const seconds = (Date.now() - began) / 1_000;
    const loaded = Number((await shell(engine.rows_in)).stdout.trim());
    if (loaded !== rows) throw new Error(`The engine's table has ${loaded} of ${rows} rows`);
    const figure = `first sync of ${rows.toLocaleString("en-US")} records by another engine`;
    return [{ figure, value: rows / seconds, unit: "records/s", more: { seconds, command: engine.command } }];
  } finally {
    await running.close();
  }
}
