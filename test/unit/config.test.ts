import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { MAX_COLLECTED_BYTES } from "../../src/domain/bounds.ts";
import { LANE_LIMITS } from "../../src/domain/limits/pace.ts";
import { MAX_RETRIES } from "../../src/domain/limits/retries.ts";
import { QUEUES as READY_QUEUES } from "../../src/domain/readiness.ts";
import { CRONS } from "../../src/pipeline/chores/crons.ts";

/** The part of wrangler's configuration that is compared here; its own type is not exported whole. */
interface Config {
  d1_databases: { binding: string; migrations_dir: string; database_id: string; database_name: string }[];
  durable_objects: { bindings: { name: string; class_name: string }[] };
  queues: {
    producers: { binding: string; queue: string }[];
    consumers: {
      queue: string;
      dead_letter_queue?: string;
      max_retries: number;
      max_batch_size: number;
      max_concurrency?: number;
    }[];
  };
  send_email: { name: string }[];
  ratelimits: { name: string; simple: object }[];
  analytics_engine_datasets: { binding: string; dataset?: string }[];
  observability: {
    enabled?: boolean;
    redact_query_string?: boolean;
    logs?: { head_sampling_rate?: number };
    traces?: { enabled?: boolean; head_sampling_rate?: number };
  };
  vars: Record<string, unknown>;
  name: string;
  routes?: { pattern: string; custom_domain?: boolean }[];
  workers_dev?: boolean;
  preview_urls?: boolean;
  secrets: { required: string[] };
  build: { command?: string };
  compatibility_date: string;
  compatibility_flags: string[];
  triggers: { crons: string[] };
}

const read = (env: string | undefined): Config =>
  unstable_readConfig({ config: "wrangler.toml", ...(env === undefined ? {} : { env }) }) as unknown as Config;
const development = read(undefined);

// Bindings are not inherited, and a missing one only warns at deploy: here it fails.
describe.each(["staging", "production"])("%s has all that development has", (name) => {
  const config = read(name);

  it("an environment has the same bindings and variables as development", () => {
    const names = (of: typeof config) => ({
      objects: of.durable_objects.bindings.map((binding) => [binding.name, binding.class_name]),
      producers: of.queues.producers.map((producer) => producer.binding),
      mail: of.send_email.map((binding) => binding.name),
      limits: of.ratelimits.map((limit) => [limit.name, limit.simple]),
      points: of.analytics_engine_datasets.map((dataset) => dataset.binding),
      variables: Object.keys(of.vars),
    });
    expect(names(config)).toEqual(names(development));
  });

  it("an environment has its own queues, consumed as in development", () => {
    const own = (queue: string) => queue.replace(/-(development|staging|production)$/, "");
    const consumers = (of: typeof config) =>
      of.queues.consumers.map(({ queue, dead_letter_queue, ...rest }) => ({
        queue: own(queue),
        dead: dead_letter_queue && own(dead_letter_queue),
        ...rest,
      }));
    expect(consumers(config)).toEqual(consumers(development));
    for (const { queue } of [...config.queues.producers, ...config.queues.consumers]) {
      expect(queue).toMatch(new RegExp(`-${name}$`));
    }
  });

  it("an environment has a cron for each purpose, and development has none", () => {
    expect(config.triggers.crons).toEqual(Object.values(CRONS));
    expect(development.triggers.crons).toEqual([]);
  });

  it("an environment names no local endpoint", () => {
    expect(config.vars.ALLOW_LOCAL_ENDPOINTS).toBe("false");
  });
});

/** Queues by urgency: how many stores or notices one consumer takes at once, and how many consumers there are. */
const QUEUES: Record<string, [binding: string | null, batch: number, consumers: number]> = {
  webhooks: ["WEBHOOKS", 100, 20],
  sync: ["SYNC", 5, 40],
  imports: ["IMPORTS", 1, 30],
  slow: ["SLOW", 1, 20],
  chores: ["CHORES", 1, 5],
  alerts: ["ALERTS", 5, 5],
  notices: ["NOTICES", 5, 20],
  "dead-letters": [null, 10, 2],
};

it.each(["development", "staging", "production"])(
  "each queue of %s has a producer, a consumer, and a stated number of consumers at once",
  (name) => {
    const { producers, consumers } = read(name === "development" ? undefined : name).queues;
    const stated = consumers.map(({ queue, max_batch_size, max_concurrency }) => [
      queue,
      producers.find((producer) => producer.queue === queue)?.binding ?? null,
      max_batch_size,
      max_concurrency,
    ]);
    const expected = Object.entries(QUEUES).map(([queue, how]) => [`reup-dutchie-${queue}-${name}`, ...how]);
    expect(stated).toEqual(expected);
    expect(producers).toHaveLength(expected.filter(([, binding]) => binding !== null).length);
    // What none of them could do is kept where a person sees it; a notice is in D1 already.
    for (const { queue, dead_letter_queue } of consumers) {
      const isLast = queue.includes("-alerts-") || queue.includes("-dead-letters-");
      expect([queue, dead_letter_queue]).toEqual([queue, isLast ? undefined : `reup-dutchie-dead-letters-${name}`]);
    }
  },
);

it("/readyz says of every queue what waits in it", () => {
  const bindings = development.queues.producers.map(({ binding }) => binding);
  expect([...READY_QUEUES].sort()).toEqual(bindings.sort());
});

describe("what operators see", () => {
  it.each([undefined, "staging", "production"])(
    "%s keeps every line of the log, without an address's query",
    (name) => {
      const { enabled, redact_query_string, logs } = read(name).observability;
      // The live stream has its token in the query.
      expect([enabled, redact_query_string, logs?.head_sampling_rate]).toEqual([true, true, 1]);
    },
  );

  it.each([
    [undefined, false, undefined],
    ["staging", true, 1],
    ["production", true, 0.01],
  ])("%s samples traces", (name, enabled, rate) => {
    expect(read(name).observability.traces).toMatchObject({ enabled, ...(rate && { head_sampling_rate: rate }) });
  });

  it("each environment has a dataset of its own, whose name needs no quotes in SQL", () => {
    const names = [undefined, "staging", "production"].map((name) => read(name).analytics_engine_datasets[0]?.dataset);
    expect(names).toEqual(["development", "staging", "production"].map((name) => `reup_dutchie_points_${name}`));
  });
});

it("the stores that one consumer reads side by side keep within the connections of an invocation", () => {
  // Workers: six connections that wait for their answer at once; a store has one.
  for (const { queue, max_batch_size } of development.queues.consumers) {
    if (/-(sync|imports|slow)-/.test(queue)) expect(max_batch_size).toBeLessThan(6);
  }
});

it.each([undefined, "staging", "production"])("%s has a database of accounts and at least two of records", (name) => {
  const [accounts, ...records] = read(name).d1_databases.map((each) => [each.binding, each.migrations_dir]);
  expect(accounts).toEqual(["DB", "migrations/accounts"]);
  expect(records.length).toBeGreaterThanOrEqual(2);
  for (const [index, each] of records.entries()) {
    expect(each).toEqual([`RECORDS_${String(index).padStart(2, "0")}`, "migrations/records"]);
  }
});

it("no two databases are the same one, within an environment and across environments", () => {
  const databases = [undefined, "staging", "production"].flatMap((name) => read(name).d1_databases);
  expect(new Set(databases.map(({ database_id }) => database_id)).size).toBe(databases.length);
  expect(new Set(databases.map(({ database_name }) => database_name)).size).toBe(databases.length);
});

it.each([undefined, "staging", "production"])("F82: fetch goes out by the public internet only (%s)", (name) => {
  expect(read(name).compatibility_flags).toContain("global_fetch_strictly_public");
});

it.each([undefined, "staging", "production"])(
  "F83: the steps of one batch collect together no more than one may (%s)",
  (name) => {
    const collected = read(name).queues.consumers.flatMap(({ queue, max_batch_size }) =>
      /-(sync|imports|slow)-/.test(queue)
        ? [max_batch_size * LANE_LIMITS[queue.includes("-slow-") ? "slow" : "quick"].collected_bytes]
        : [],
    );
    expect(collected).toHaveLength(3);
    expect(Math.max(...collected)).toBeLessThanOrEqual(MAX_COLLECTED_BYTES);
  },
);

it.each([undefined, "staging", "production"])(
  "F67: the queues of %s retry as often as the waits are calculated for",
  (name) => {
    for (const { queue, max_retries } of read(name).queues.consumers) {
      expect([queue, max_retries]).toEqual([queue, MAX_RETRIES]);
    }
  },
);

describe("environments apart", () => {
  const DEPLOYED = ["staging", "production"];

  it("each environment is a Worker of its own, development too", () => {
    expect([undefined, ...DEPLOYED].map((env) => read(env).name)).toEqual([
      "reup-dutchie-development",
      "reup-dutchie-staging",
      "reup-dutchie",
    ]);
  });

  it.each(DEPLOYED)("%s has one address: the domain that PUBLIC_URL names", (name) => {
    const { routes, vars, workers_dev, preview_urls } = read(name);
    expect(routes).toEqual([{ pattern: new URL(String(vars.PUBLIC_URL)).host, custom_domain: true }]);
    expect([workers_dev, preview_urls]).toEqual([false, false]);
    expect(vars.ENVIRONMENT).toBe(name);
  });

  it("development has no address outside, and no two environments share one", () => {
    expect(development.routes).toBeUndefined();
    const hosts = DEPLOYED.map((name) => read(name).routes?.[0]?.pattern);
    expect(new Set(hosts).size).toBe(DEPLOYED.length);
  });

  it.each(DEPLOYED)("%s runs on the runtime that development is tested with", (name) => {
    const { compatibility_date, compatibility_flags } = read(name);
    expect([compatibility_date, compatibility_flags]).toEqual([
      development.compatibility_date,
      development.compatibility_flags,
    ]);
  });

  it.each(DEPLOYED)("%s does not start without the keys that seal", (name) => {
    // AUTH_JWT_SECRET has an alternative, the variable AUTH_JWKS_URL.
    expect(read(name).secrets.required).toEqual(["CREDENTIAL_KEYS"]);
  });

  it.each([
    ["deploy", "deploy"],
    ["an upload of a version", "versions upload"],
    ["a command that is not known", ""],
  ])("%s without an environment is refused", (_, WRANGLER_COMMAND) => {
    const build = (command: string, env: string) =>
      spawnSync("sh", ["-c", command], { encoding: "utf8", env: { ...process.env, WRANGLER_COMMAND: env } });
    const command = development.build.command ?? "";
    const refused = build(command, WRANGLER_COMMAND);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("--env staging or --env production")]);
    for (const local of ["dev", "types"]) expect(build(command, local).status).toBe(0);
    for (const name of DEPLOYED) expect(read(name).build.command).toBe("");
  });

  it("each command that is documented or kept in package.json names its environment", () => {
    const pages = ["docs", "."].flatMap((folder) =>
      readdirSync(folder, { recursive: folder === "docs", encoding: "utf8" })
        .filter((file) => file.endsWith(".md"))
        .map((file) => join(folder, file)),
    );
    const workflows = readdirSync(".github/workflows").map((file) => join(".github/workflows", file));
    // What reaches an account. `d1 create` and `queues create` name the environment in the name of what they create.
    const reaches =
      /(?:wrangler (?:deploy|versions|rollback|deployments|triggers|tail|delete|secret \w+ \w+|d1 (?:migrations|execute|time-travel))|npm run (?:provision|deploy|rollback|add-shard)\b(?!:))[^`\n&;|]*/g;
    const unnamed = [...pages, ...workflows, "package.json"].flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(reaches)]
        .filter(([command]) => !/--env[ =]\S+|--local\b/.test(command))
        .map(([command]) => `${file}: ${command}`),
    );
    expect(unnamed).toEqual([]);
  });
});
