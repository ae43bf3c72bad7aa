import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Api } from "../../scripts/support/api.ts";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { migrateLocal } from "../../scripts/support/local-databases.ts";
import { startWorker } from "../../scripts/support/worker-process.ts";
import { serveSimulator } from "../../simulator/http/serve.ts";
import { until } from "../support/until.ts";

/** Rows of each table, and their bytes with indexes and what a page leaves free. Of D1, and of the store's Location. */
export interface Measured {
  at: string;
  d1: Record<string, { rows: number; bytes: number }>;
  location: Record<string, { rows: number; bytes: number }>;
  lines_a_sale: number;
}

const PRODUCTS = 2_000;
const SALES_A_DAY = 60;
const LIVE_ACTS = 600;
const POLLS = 25;

/** Lets a store of the simulator work for a while, and reads the sizes of its tables from the files of the databases. */
export async function measure(): Promise<Measured> {
  const state = mkdtempSync(join(tmpdir(), "reup-dutchie-bytes-"));
  const dutchie = await serveSimulator({ size: PRODUCTS, salesDays: 60, salesPerDay: SALES_A_DAY, limits: "off" });
  try {
    await migrateLocal(state);
    const worker = await startWorker({ state });
    try {
      const api = new Api(worker.url, await developmentToken({ retailer_id: "bytes", role: "admin" }));
      const { location, webhook } = await api.call<{
        location: { location_id: string };
        webhook: { url: string; secret: string };
      }>("POST", "/v1/locations", {
        name: "Bytes",
        time_zone: "America/Denver",
        dutchie: { endpoint: dutchie.url, api_key: dutchie.simulator.config.apiKey, profile: "pos" },
        settings: { direction: "bidirectional" },
      });
      const base = `/v1/locations/${location.location_id}`;
      for (const mode of ["initial", "full", "incremental", "incremental"]) await sync(api, base, mode);
      dutchie.simulator.setWebhooks({ url: webhook.url, secret: webhook.secret, profile: "pos" });
      for (let acts = 0; acts < LIVE_ACTS; acts++) dutchie.simulator.act();
      await dutchie.simulator.webhooks.idle();
      await until(
        () => api.get<{ queue: { pending_events: number } }>(`${base}/status`),
        ({ queue }) => queue.pending_events === 0,
        { within_s: 300, every_ms: 1_000 },
      );
      // Polls are most of the runs.
      for (let polls = 0; polls < POLLS; polls++) await sync(api, base, "incremental");
    } finally {
      await worker.stop();
    }
    const files = (of: string) =>
      readdirSync(join(state, "v3", of), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".sqlite") && !file.endsWith("metadata.sqlite"))
        .map((file) => join(state, "v3", of, file));
    return {
      at: new Date().toISOString().slice(0, 10),
      d1: tablesOf(files("d1")),
      location: tablesOf(files("do")),
      lines_a_sale: Math.max(...files("d1").map(linesASale)),
    };
  } finally {
    await dutchie.close();
    rmSync(state, { recursive: true, force: true });
  }
}

async function sync(api: Api, base: string, mode: string): Promise<void> {
  const { run_id } = await api.call<{ run_id: string }>("POST", `${base}/syncs`, { mode });
  await until(
    () => api.get<{ state: string }>(`${base}/syncs/${run_id}`),
    ({ state }) => !["queued", "running", "waiting"].includes(state),
    { within_s: 600, every_ms: 500 },
  );
}

function linesASale(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const has = db.prepare("select 1 from sqlite_master where name = 'sales'").get();
  const lines = has && db.prepare("select avg(json_array_length(lines)) as n from sales").get();
  db.close();
  return Number(lines?.n ?? 0);
}

/** A row of the change log has several entries: these are counted. */
const COUNTED: Record<string, string> = { changes: "entries" };

/** The fullest table of each name: the databases of records are alike, and one has the store. */
function tablesOf(files: readonly string[]): Measured["d1"] {
  const tables: Measured["d1"] = {};
  for (const file of files) {
    const db = new DatabaseSync(file, { readOnly: true });
    const sizes = db
      .prepare(
        `select m.tbl_name as name, sum(s.pgsize) as bytes from dbstat s join sqlite_master m on m.name = s.name
         where m.tbl_name not like 'sqlite%' and m.tbl_name not like '\\_cf%' escape '\\' group by 1`,
      )
      .all() as { name: string; bytes: number }[];
    for (const { name, bytes } of sizes) {
      const { rows } = db.prepare(`select count(*) as rows from "${COUNTED[name] ?? name}"`).get() as { rows: number };
      if (rows > (tables[name]?.rows ?? 0)) tables[name] = { rows, bytes };
    }
    db.close();
  }
  return tables;
}
