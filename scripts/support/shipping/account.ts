import { z } from "zod";
import type { Deployed, Environment } from "./environment.ts";
import { must, type Run, StepFailed } from "./run.ts";

/** What an account has of an environment. */
export interface Account {
  /** Ids of the account's databases, by name. */
  databases: ReadonlyMap<string, string>;
  /** The environment's queues that exist. */
  queues: ReadonlySet<string>;
  /** Names of the Worker's secrets; empty: there is no Worker yet, or it has none. */
  secrets: ReadonlySet<string>;
}

const databaseList = z.array(z.object({ uuid: z.string(), name: z.string() }));
const secretList = z.array(z.object({ name: z.string() }));

/** Asks the account, and changes nothing. */
export function readAccount(run: Run, env: Deployed, { queues }: Environment): Account {
  const names = queues.consumers.map(({ queue }) => queue);
  return {
    databases: readDatabases(run),
    queues: existingQueues(run, names),
    secrets: secretsOf(run, env),
  };
}

/** Ids of the account's databases, by name. */
export function readDatabases(run: Run): ReadonlyMap<string, string> {
  const databases = databaseList.parse(JSON.parse(must(run, "wrangler", ["d1", "list", "--json"])));
  return new Map(databases.map(({ name, uuid }) => [name, uuid]));
}

function secretsOf(run: Run, env: Deployed): Set<string> {
  const args = ["secret", "list", "--env", env, "--format", "json"];
  const { ok, output, stdout } = run("wrangler", args);
  if (ok) return new Set(secretList.parse(JSON.parse(stdout)).map(({ name }) => name));
  if (/Worker .* not found/.test(output)) return new Set();
  throw new StepFailed(`wrangler ${args.join(" ")} failed:\n${output.trim()}`);
}

/** Those of `names` that the account has. Wrangler prints its queues page by page, as a table. */
function existingQueues(run: Run, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  let before = "";
  for (let page = 1; found.size < names.length; page++) {
    const listed = queuesIn(must(run, "wrangler", ["queues", "list", "--page", String(page)]));
    // Behind the last page there is none, or it comes again.
    if (listed.length === 0 || listed.join() === before) break;
    before = listed.join();
    for (const name of names) if (listed.includes(name)) found.add(name);
  }
  return found;
}

/** What wrangler prints above a list: its version, and a line. */
const BANNER = /^(?:.*⛅️ wrangler \d.*|─+)$/gmu;

/** The queues of a page: a table, or nothing at all below the banner. A list that is misread would make queues a second time. */
function queuesIn(output: string): string[] {
  const body = output.replace(BANNER, "").trim();
  if (body === "") return [];
  const names = [...body.matchAll(/^│ [0-9a-f]{32} +│ (\S+) .*│$/gm)].map(([, name = ""]) => name);
  const lines = body.match(/^│/gm) ?? [];
  // All lines but the table's head.
  if (names.length === 0 || names.length !== lines.length - 1)
    throw new StepFailed(`wrangler's list of queues is not understood:\n${body}`);
  return names;
}

const deployment = z.object({
  created_on: z.string(),
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
});
export type Deployment = z.infer<typeof deployment>;

/** The Worker's last deployments, newest first; empty: it was never deployed. */
export function readDeployments(run: Run, env: Deployed): Deployment[] {
  const args = ["deployments", "list", "--env", env, "--json"];
  const { ok, output, stdout } = run("wrangler", args);
  if (!ok) {
    if (/does not exist|not found|no deployments/i.test(output)) return [];
    throw new StepFailed(`wrangler ${args.join(" ")} failed:\n${output.trim()}`);
  }
  const list = z.array(deployment).parse(JSON.parse(stdout));
  return list.sort((a, b) => b.created_on.localeCompare(a.created_on));
}

const versionView = z.object({
  annotations: z.object({ "workers/triggered_by": z.string().optional() }).optional(),
  resources: z.object({ bindings: z.array(z.object({ type: z.string(), name: z.string() })) }),
});

export interface Version {
  /** To store a secret, wrangler makes a Worker that answers nothing if there is none yet. */
  holdsSecretsOnly: boolean;
  /** A changed secret made it; its code is that of the version before. */
  isSecretChange: boolean;
  /** Names of its bindings to databases. */
  databases: readonly string[];
}

export function readVersion(run: Run, env: Deployed, id: string): Version {
  const printed = must(run, "wrangler", ["versions", "view", id, "--env", env, "--json"]);
  const { annotations, resources } = versionView.parse(JSON.parse(printed));
  return {
    holdsSecretsOnly: resources.bindings.every(({ type }) => type === "secret_text"),
    isSecretChange: annotations?.["workers/triggered_by"] === "secret",
    databases: resources.bindings.filter(({ type }) => type === "d1").map(({ name }) => name),
  };
}

/** The files of the migrations that a database has not got yet. */
export function pendingMigrations(run: Run, env: Deployed, binding: string): string[] {
  const output = must(run, "wrangler", ["d1", "migrations", "list", binding, "--remote", "--env", env]);
  const files = [...new Set(output.match(/\b\d{4}_\w+\.sql\b/g))];
  if (files.length === 0 && !/No migrations to apply/.test(output))
    throw new StepFailed(`wrangler's list of the migrations of ${binding} is not understood:\n${output.trim()}`);
  return files;
}
