import { holdsSecretsOnly, readDeployments } from "./account.ts";
import type { Deployed } from "./environment.ts";
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
  const target = version ?? versionBefore(readDeployments(run, env));
  if (target === null) throw new StepFailed("Wrangler's last deployments name no version before: pass --version ID.");
  if (holdsSecretsOnly(run, env, target))
    throw new StepFailed(
      `There is no version to go back to: ${target} only held the secrets before the first deployment, and answers nothing.`,
    );
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

/** A version keeps the secrets of its time, and Cloudflare does not bring back other ones unasked. */
function otherSecrets(output: string, env: Deployed, target: string): string {
  if (!/\[code: 10220\]/.test(output)) return "";
  return [
    "",
    `Version ${target} has the secrets of its time. Check out its commit and deploy that: it gets today's secrets.`,
    `Only if the old ones are right: npx wrangler rollback ${target} --env ${env}`,
  ].join("\n");
}
