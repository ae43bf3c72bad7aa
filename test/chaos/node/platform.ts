import { readdirSync, readFileSync } from "node:fs";
import worker, { Location } from "../../../src/index.ts";
import { migrate } from "../../../src/location/storage/migrations.ts";
import { clock } from "../../support/node-platform/clock.ts";
import { copyOf } from "../../support/node-platform/copy.ts";
import { D1 } from "../../support/node-platform/d1.ts";
import { Namespace } from "../../support/node-platform/durable-objects.ts";
import { http } from "../../support/node-platform/http.ts";
import { sockets } from "../../support/node-platform/sockets.ts";
import { Sqlite } from "../../support/node-platform/sqlite.ts";
import { streams } from "../../support/node-platform/streams.ts";
import { subtle } from "../../support/node-platform/subtle.ts";
import { AUTH_JWT_SECRET, type Platform, WORKER } from "../platform.ts";

interface Sent {
  body: unknown;
  attempts: number;
  /** ms; without one: just now. */
  sent_at?: number;
}

export interface NodePlatform extends Platform {
  /** Delivers messages to any consumer. Returns for each in how many seconds it comes again; null: never. */
  deliver(queue: string, messages: readonly Sent[]): Promise<(number | null)[]>;
  /** Ends the Location's instance, which has nothing to do. Its viewers stay. */
  hibernate(location_id: string): void;
}

/**
 * The Worker in this process: D1 and the Locations on SQLite in memory, calls to a Location copied as between isolates,
 * and a clock that only moves when it is set. Nothing waits for a disk, a thread or a timer, so a seed takes the same steps each time.
 * `database`: another D1, such as one that breaks.
 */
export function nodePlatform({
  database: Database = D1,
  sent = () => {},
}: {
  database?: typeof D1;
  /** Hears of each message. */
  sent?: (queue: string, body: unknown) => void;
} = {}): NodePlatform {
  clock.install();
  http.install();
  streams.install();
  sockets.install();
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
    WEBHOOKS: queueOf("webhooks", sent),
    SYNC: queueOf("sync", sent),
    IMPORTS: queueOf("imports", sent),
    SLOW: queueOf("slow", sent),
    CHORES: queueOf("chores", sent),
    ALERTS: queueOf("alerts", sent),
    NOTICES: queueOf("notices", sent),
    API_LIMIT: OPEN,
    WEBHOOK_LIMIT: OPEN,
    STRANGER_LIMIT: OPEN,
    ENVIRONMENT: "development",
    PUBLIC_URL: WORKER,
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
      await this.deliver(
        queue,
        bodies.map((body) => ({ body, attempts: 1 })),
      );
    },
    async deliver(queue, given) {
      const waits: (number | null)[] = given.map(() => null);
      const messages = given.map(({ body, attempts, sent_at = Date.now() }, at) => ({
        id: crypto.randomUUID(),
        timestamp: new Date(sent_at),
        attempts,
        body: copyOf(body),
        ack() {},
        retry({ delaySeconds = 0 } = {}) {
          waits[at] = delaySeconds;
        },
      }));
      const batch = { queue: `reup-dutchie-${queue}-chaos`, messages, ackAll() {}, retryAll() {} };
      await worker.queue(batch as unknown as MessageBatch, env);
      return waits;
    },
    async evict(location_id) {
      locations.evict(location_id);
    },
    hibernate: (location_id) => locations.hibernate(location_id),
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
function queueOf(name: string, sent: (queue: string, body: unknown) => void) {
  const queue = {
    async send(body: unknown) {
      const text = JSON.stringify(copyOf(body));
      const size = text.length;
      if (size > MAX_MESSAGE_BYTES) throw new Error(`Queue send failed: message length of ${size} bytes exceeds limit`);
      sent(name, JSON.parse(text));
    },
    async sendBatch(messages: Iterable<{ body: unknown }>) {
      for (const { body } of messages) await queue.send(body);
    },
  };
  return queue;
}
const OPEN = { limit: async () => ({ success: true }) };
