import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Deployment, pendingMigrations, readAccount, readDeployments, readVersion } from "./account.ts";
import { breakingParts } from "./breaking.ts";
import type { Deployed, Environment } from "./environment.ts";
import { lostDatabases, storesThere } from "./lost-databases.ts";
import { accountProblems, configurationProblems } from "./preflight.ts";
import { shareArgs, TRIGGERS, triggersOf, uploadedVersion } from "./rollout.ts";
import { must, type Run, StepFailed } from "./run.ts";
import type { Target } from "./smoke.ts";

export interface Order {
  env: Deployed;
  /** The share of the traffic that the new version gets. */
  percent: number;
  /** Continues the rollout of an uploaded version; null: uploads this commit. */
  version: string | null;
  /** The operator says that the running version uses nothing of what a migration drops. */
  breaking: boolean;
  /** Checks and reads, and changes nothing. */
  dry: boolean;
}

export interface World {
  config: Environment;
  run: Run;
  smoke: (version: Target["version"]) => Promise<string[]>;
  /** Waits until a new address leads to the Worker; false: it does not yet. */
  reached: () => Promise<boolean>;
  say: (line: string) => void;
}

/** Deploys, or says why not. A version that fails its smoke test loses its traffic again. Throws `StepFailed`. */
export async function deploy(order: Order, world: World): Promise<void> {
  const { env } = order;
  const { config, run, say } = world;
  const deployments = readDeployments(run, env);
  const besides = versionBesides(order, deployments[0]?.versions ?? []);
  const present = besides === null ? null : readVersion(run, env, besides);
  const before = present?.holdsSecretsOnly ? null : besides;
  if (order.version !== null && before === null)
    throw new StepFailed("There is no other version that shares the traffic.");
  const mine =
    order.version === null
      ? config.d1_databases.map(({ binding }) => binding)
      : readVersion(run, env, order.version).databases;
  const theirs = present?.databases ?? [];
  const pending = preflight(order, world, lostDatabases(theirs, mine));
  const added = before === null ? [] : lostDatabases(mine, theirs);
  if (added.length > 0 && order.percent < 100)
    say(
      `Version ${before} has no ${added.join(", ")}, and would not serve a store whose records are there. Give the new version all traffic before a store is connected or moved.`,
    );
  if (order.dry) {
    say("Nothing was changed.");
    return;
  }
  if (order.version === null) {
    say("Building the dashboard …");
    must(run, "npm", ["run", "--silent", "build:dashboard"]);
  }
  for (const binding of pending) {
    must(run, "wrangler", ["d1", "migrations", "apply", binding, "--remote", "--env", env]);
    say(`Migrated ${binding}.`);
  }
  if (before === null) return await deployWhole(order, world);

  const version = order.version ?? uploaded(run, ["versions", "upload", ...labels(order, run)]);
  say(`Version ${version} is uploaded.`);
  let triggered = false;
  try {
    // Without any traffic but the smoke test's, which asks for it by name.
    if (order.version === null) {
      must(run, "wrangler", shareArgs(env, version, 0, before));
      await trySmoke(world, { worker: config.name, id: version });
    }
    must(run, "wrangler", shareArgs(env, version, order.percent, before));
    // Routes, schedules and consumers of queues are no part of a version.
    triggered = true;
    must(run, "wrangler", ["triggers", "deploy", "--env", env]);
    if (order.version !== null) say(`${TRIGGERS} are now those of the files here. ${triggersOf(env, version)}`);
    await trySmoke(world, order.percent === 100 ? null : { worker: config.name, id: version });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(reason);
    if (!triggered && /healthz (?:does not answer|.*not by this Worker)/.test(reason))
      say(
        `If ${config.vars.PUBLIC_URL} is new, its route comes first: npx wrangler triggers deploy --env ${env}. When it answers, deploy again.`,
      );
    say(`Going back to version ${before} …`);
    must(run, "wrangler", shareArgs(env, before, 100, null));
    if (added.length > 0 && (triggered || order.version !== null))
      say(
        `It has no ${added.join(", ")}, and would not serve a store that came there meanwhile: ${storesThere(env, added)}`,
      );
    if (triggered) say(`${TRIGGERS} stay as they are. ${triggersOf(env, before)}`);
    throw new StepFailed(`Version ${version} has no traffic any more; ${before} has it all.`);
  }
  say(`Version ${version} has ${order.percent} % of the traffic.`);
  if (order.percent < 100) say(`Continue: npm run deploy -- --env ${env} --version ${version} --percent 100`);
}

/** The first deployment of a Worker has no version to go back to. */
async function deployWhole(order: Order, world: World): Promise<void> {
  const version = uploaded(world.run, ["deploy", ...labels(order, world.run)]);
  const { say, config, reached } = world;
  say(`Version ${version} is deployed, the first one.`);
  say(`Waiting for ${config.vars.PUBLIC_URL}: its record and its certificate are being made …`);
  if (!(await reached()))
    throw new StepFailed(
      `${config.vars.PUBLIC_URL} does not lead to the Worker yet. See its domains in Cloudflare's dashboard; as soon as it answers, deploy again.`,
    );
  await trySmoke(world, null);
}

/** The version that keeps the rest of the traffic; null: nothing was deployed before. */
function versionBesides({ env, version }: Order, versions: Deployment["versions"]): string | null {
  // A version that was only tried has no traffic, and must not get any as the one before.
  const sharing = versions.filter(({ percentage }) => percentage > 0);
  const others = sharing.filter(({ version_id }) => version_id !== version);
  if (others.length > 1) {
    const shares = sharing.map((each) => `${each.version_id} ${each.percentage} %`).join(", ");
    const besides = version === null ? "" : `, and ${version} is not one of them`;
    throw new StepFailed(
      `Two versions share the traffic${besides}: ${shares}. Give one all of it (--version … --percent 100), or go back (npm run rollback -- --env ${env}).`,
    );
  }
  return others[0]?.version_id ?? null;
}

/** All that must be right before something changes. Returns the databases to migrate. */
function preflight(order: Order, { config, run, say }: World, lost: readonly string[]): string[] {
  const { env } = order;
  const problems = configurationProblems(env, config);
  if (lost.length > 0)
    problems.push(
      `${lost.join(", ")} is missing, which the running version has: a store whose records are there would not be served. Keep the database in wrangler.toml`,
    );
  if (order.version === null) {
    if (must(run, "git", ["status", "--porcelain"]).trim() !== "")
      problems.push("the working tree has changes that no commit has: a version is named after its commit");
    const checks = run("npm", ["run", "--silent", "check"]);
    if (!checks.ok) problems.push(`npm run check fails:\n${checks.output.trim()}`);
  }
  const pending: string[] = [];
  problems.push(...accountProblems(config, readAccount(run, env, config)));
  // Databases that the account does not have cannot be asked. A version that is uploaded already brings no migrations.
  if (problems.length === 0 && order.version === null) {
    for (const { binding, migrations_dir } of config.d1_databases) {
      const files = pendingMigrations(run, env, binding);
      if (files.length === 0) continue;
      pending.push(binding);
      say(`${binding} gets ${files.join(", ")}.`);
      // A database without its first migration is empty: no version uses it, and later files may drop what earlier ones make.
      const empty = files.some((file) => file.startsWith("0000_"));
      if (!order.breaking && !empty) problems.push(...files.flatMap((file) => whyBreaking(migrations_dir, file)));
    }
  }
  if (problems.length > 0) throw new StepFailed(`Not deployed:\n${problems.map((each) => `- ${each}`).join("\n")}`);
  say("Everything that the environment needs is there.");
  return pending;
}

const whyBreaking = (folder: string, file: string): string[] =>
  breakingParts(readFileSync(join(folder, file), "utf8")).map(
    (what) =>
      `${file} ${what}, and the running version may use that: deploy a version that does not first, then this one with --breaking`,
  );

/** Names a version after its commit. */
function labels({ env }: Order, run: Run): string[] {
  const [sha = "", subject = ""] = must(run, "git", ["log", "-1", "--format=%h%n%s"]).trim().split("\n");
  // Cloudflare's bounds: 25 characters for a tag, 100 for a message.
  return ["--env", env, "--tag", sha.slice(0, 25), "--message", subject.slice(0, 100)];
}

function uploaded(run: Run, args: readonly string[]): string {
  const output = must(run, "wrangler", args);
  const version = uploadedVersion(output);
  if (version === null) throw new StepFailed(`wrangler did not print the version's id:\n${output.trim()}`);
  return version;
}

async function trySmoke({ smoke, say }: World, version: Target["version"]): Promise<void> {
  const problems = await smoke(version);
  if (problems.length > 0)
    throw new StepFailed(`The smoke test fails:\n${problems.map((each) => `- ${each}`).join("\n")}`);
  say("The smoke test passes.");
}
