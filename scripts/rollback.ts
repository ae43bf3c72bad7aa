import { parseArgs } from "node:util";
import { readDeployments } from "./support/shipping/account.ts";
import { namedEnvironment } from "./support/shipping/environment.ts";
import { shareArgs, TRIGGERS, triggersOf, versionBefore } from "./support/shipping/rollout.ts";
import { must, run, StepFailed } from "./support/shipping/run.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run rollback -- --env staging [--version ID] [--dry-run]: gives all traffic to the version before, or to another one.
 * Databases keep their migrations: those are checked to suit the version before (`npm run deploy`). Triggers stay, too.
 */
const { values } = parseArgs({
  options: { env: { type: "string" }, version: { type: "string" }, "dry-run": { type: "boolean", default: false } },
});
const env = namedEnvironment(values.env, "npm run rollback -- --env staging|production [--version ID] [--dry-run]");
tellRefusals();
const target = values.version ?? versionBefore(readDeployments(run, env));
if (target === null) throw new StepFailed("Wrangler's last deployments name no version before: pass --version ID.");
if (values["dry-run"]) console.log(`Would give version ${target} all traffic.`);
else {
  must(run, "wrangler", shareArgs(env, target, 100, null));
  console.log(`Version ${target} has all traffic.`);
  console.log(`${TRIGGERS} stay as they are. ${triggersOf(env, target)}`);
}
