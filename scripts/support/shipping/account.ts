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
  const databases = databaseList.parse(JSON.parse(must(run, "wrangler", ["d1", "list", "--json"])));
  const names = queues.consumers.map(({ queue }) => queue);
  return {
    databases: new Map(databases.map(({ name, uuid }) => [name, uuid])),
    queues: new Set(names.filter((name) => exists(run, ["queues", "info", name], /does not exist/))),
    secrets: secretsOf(run, env),
  };
}

function secretsOf(run: Run, env: Deployed): Set<string> {
  const args = ["secret", "list", "--env", env, "--format", "json"];
  const { ok, output, stdout } = run("wrangler", args);
  if (ok) return new Set(secretList.parse(JSON.parse(stdout)).map(({ name }) => name));
  if (/Worker .* not found/.test(output)) return new Set();
  throw new StepFailed(`wrangler ${args.join(" ")} failed:\n${output.trim()}`);
}

/** Whether something exists. An answer other than yes or no, such as "not signed in", is a failure. */
function exists(run: Run, args: readonly string[], no: RegExp): boolean {
  const { ok, output } = run("wrangler", args);
  if (ok || no.test(output)) return ok;
  throw new StepFailed(`wrangler ${args.join(" ")} failed:\n${output.trim()}`);
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

/** The files of the migrations that a database has not got yet. */
export function pendingMigrations(run: Run, env: Deployed, binding: string): string[] {
  const output = must(run, "wrangler", ["d1", "migrations", "list", binding, "--remote", "--env", env]);
  const files = [...new Set(output.match(/\b\d{4}_\w+\.sql\b/g))];
  if (files.length === 0 && !/No migrations to apply/.test(output))
    throw new StepFailed(`wrangler's list of the migrations of ${binding} is not understood:\n${output.trim()}`);
  return files;
}
