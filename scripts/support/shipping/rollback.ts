import { readDeployments, readVersion } from "./account.ts";
import type { Deployed } from "./environment.ts";
import { lostDatabases, storesThere } from "./lost-databases.ts";
import { shareArgs, TRIGGERS, triggersOf, versionBefore } from "./rollout.ts";
import { type Run, StepFailed } from "./run.ts";

interface Order {
  env: Deployed;
  /** The version to go back to; null: the one before. */
  version: string | null;
  /** Says what it would do, and changes nothing. */
  dry: boolean;
}

/** Gives all traffic to another version. Throws `StepFailed`. */
export function rollback({ env, version, dry }: Order, run: Run, say: (line: string) => void): void {
  const deployments = readDeployments(run, env);
  const target = version ?? versionBefore(deployments, (id) => readVersion(run, env, id).isSecretChange);
  if (target === null) throw new StepFailed("Wrangler's last deployments name no version before: pass --version ID.");
  const its = readVersion(run, env, target);
  if (its.holdsSecretsOnly)
    throw new StepFailed(
      `There is no version to go back to: ${target} only held the secrets before the first deployment, and answers nothing.`,
    );
  const sharing = (deployments[0]?.versions ?? []).filter(({ percentage }) => percentage > 0);
  const lost = lostDatabases(
    sharing.flatMap(({ version_id }) => readVersion(run, env, version_id).databases),
    its.databases,
  );
  if (lost.length > 0) throw new StepFailed(withoutDatabases(lost, env, target));
  if (dry) {
    say(`Would give version ${target} all traffic.`);
    return;
  }
  const args = shareArgs(env, target, 100, null);
  const { ok, output } = run("wrangler", args);
  if (!ok)
    throw new StepFailed(`wrangler ${args.join(" ")} failed:\n${output.trim()}${otherSecrets(output, env, target)}`);
  say(`Version ${target} has all traffic.`);
  say(`${TRIGGERS} stay as they are. ${triggersOf(env, target)}`);
}

/** A store in a database that a version is not bound to is not served by it, and new stores go to the newest database first. */
function withoutDatabases(lost: readonly string[], env: Deployed, target: string): string {
  return [
    `Version ${target} has no ${lost.join(", ")}: it would not serve a store whose records are there.`,
    "Check out its commit, put the database into its wrangler.toml as it is now, commit that, and deploy it.",
    `Only if no store is there (${storesThere(env, lost)}): npx wrangler ${shareArgs(env, target, 100, null).join(" ")}`,
  ].join("\n");
}

/** A version keeps the secrets of its time, and Cloudflare does not bring back other ones unasked. */
function otherSecrets(output: string, env: Deployed, target: string): string {
  if (!/\[code: 10220\]/.test(output)) return "";
  return [
    "",
    `Version ${target} has the secrets of its time. Check out its commit and deploy that: it gets today's secrets.`,
    `Only if the old ones are right: npx wrangler rollback ${target} --env ${env}`,
  ].join("\n");
}
