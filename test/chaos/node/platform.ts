import { readdirSync, readFileSync } from "node:fs";
import worker, { Location } from "../../../src/index.ts";
import { migrate } from "../../../src/location/storage/migrations.ts";
import { clock } from "../../support/node-platform/clock.ts";
import { copyOf } from "../../support/node-platform/copy.ts";
import { D1 } from "../../support/node-platform/d1.ts";
import { Namespace } from "../../support/node-platform/durable-objects.ts";
import { http } from "../../support/node-platform/http.ts";
import { Sqlite } from "../../support/node-platform/sqlite.ts";
import { streams } from "../../support/node-platform/streams.ts";
import { subtle } from "../../support/node-platform/subtle.ts";
import { AUTH_JWT_SECRET, type Platform } from "../platform.ts";

/**
 * The Worker in this process: D1 and the Locations on SQLite in memory, calls to a Location copied as between isolates,
 * and a clock that only moves when it is set. Nothing waits for a disk, a thread or a timer, so a seed takes the same steps each time.
 * `database`: another D1, such as one that breaks.
 */
export function nodePlatform({ database: Database = D1 }: { database?: typeof D1 } = {}): Platform {
  clock.install();
  http.install();
  streams.install();
  Object.defineProperty(globalThis, "crypto", { value: { subtle }, configurable: true });
  const [accounts, ...records] = [migrated("accounts"), migrated("records"), migrated("records")];
  const locations = new Namespace({
    type: Location as never,
    env: () => env,
    prepare: (storage) => migrate(storage as never),
  });
  const env = {
    DB: new Database(accounts),
    ...Object.fromEntries(records.map((sqlite, index) => [`RECORDS_0${index}`, new Database(sqlite)])),
    LOCATION: locations,
    WEBHOOKS: QUEUE,
    SYNC: QUEUE,
    IMPORTS: QUEUE,
    SLOW: QUEUE,
    CHORES: QUEUE,
    ALERTS: QUEUE,
    NOTICES: QUEUE,
    API_LIMIT: OPEN,
    WEBHOOK_LIMIT: OPEN,
    STRANGER_LIMIT: OPEN,
    ENVIRONMENT: "development",
    PUBLIC_URL: "http://worker.test",
    ALLOW_LOCAL_ENDPOINTS: "true",
    AUTH_JWT_SECRET,
    CREDENTIAL_KEYS: JSON.stringify({ test1: btoa("t".repeat(32)) }),
  } as unknown as Env;
  const context = { waitUntil() {}, passThroughOnException() {}, props: {} } as unknown as ExecutionContext;
  return {
    env,
    async begin(now) {
      for (const sqlite of [accounts, ...records]) sqlite.reset();
      locations.reset();
      clock.begin(now);
    },
    setTime: clock.set,
    reach(fetch) {
      Object.defineProperty(globalThis, "fetch", { value: fetch, configurable: true });
    },
    async fetch(url, init) {
      return worker.fetch(new Request(url, init), env, context);
    },
    async consume(queue, bodies) {
      const messages = bodies.map((body) => ({
        id: crypto.randomUUID(),
        timestamp: new Date(),
        attempts: 1,
        body: copyOf(body),
        ack() {},
        retry() {},
      }));
      const batch = { queue: `reup-dutchie-${queue}-chaos`, messages, ackAll() {}, retryAll() {} };
      await worker.queue(batch as unknown as MessageBatch, env);
    },
    async evict(location_id) {
      locations.evict(location_id);
    },
    async kept(location_id, key) {
      const { sql } = await locations.storageOf(location_id);
      const [row] = sql.exec("select value from kv where key = ?", key).toArray();
      return row === undefined ? null : String(row.value);
    },
  };
}

/** A database with its tables, to which `reset` returns. */
function migrated(kind: "accounts" | "records"): Sqlite {
  const sqlite = new Sqlite();
  const folder = `migrations/${kind}`;
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith(".sql")) sqlite.script(readFileSync(`${folder}/${name}`, "utf8"));
  }
  sqlite.begin();
  return sqlite;
}

/** The driver is the queue: a sent message is checked and dropped, as in workerd, where it has no consumer. */
const MAX_MESSAGE_BYTES = 128_000;
const QUEUE = {
  async send(body: unknown) {
    const size = JSON.stringify(copyOf(body)).length;
    if (size > MAX_MESSAGE_BYTES) throw new Error(`Queue send failed: message length of ${size} bytes exceeds limit`);
  },
  async sendBatch(messages: Iterable<{ body: unknown }>) {
    for (const { body } of messages) await QUEUE.send(body);
  },
};
const OPEN = { limit: async () => ({ success: true }) };
