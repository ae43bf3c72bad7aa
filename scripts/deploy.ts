import { setTimeout as pause } from "node:timers/promises";
import { readOptions, wholeNumber } from "./support/read-options.ts";
import { deploy } from "./support/shipping/deploy.ts";
import { namedEnvironment, readEnvironment } from "./support/shipping/environment.ts";
import { run } from "./support/shipping/run.ts";
import { type Canary, smokeTest, untilReached } from "./support/shipping/smoke.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run deploy -- --env staging [--percent 10] [--version ID] [--dry-run]: checks the environment, migrates its databases,
 * uploads this commit as a version, tries it, and gives it the traffic. `--version` continues a rollout.
 */
const USAGE = "npm run deploy -- --env staging|production [--percent 1-100] [--version ID] [--breaking] [--dry-run]";
const values = readOptions(
  {
    env: { type: "string" },
    percent: { type: "string", default: "100" },
    version: { type: "string" },
    breaking: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
  },
  USAGE,
);
const percent = wholeNumber("percent", values.percent, [1, 100], USAGE);
const env = namedEnvironment(values.env, USAGE);
tellRefusals();
const config = readEnvironment(env);
const canary = canaryOf(process.env);
if (canary === null) console.log("CANARY_LOCATION and CANARY_SECRET are not set: no webhook will be tried.");
await deploy(
  { env, percent, version: values.version ?? null, breaking: values.breaking, dry: values["dry-run"] },
  {
    config,
    run,
    say: console.log,
    reached: () => untilReached(String(config.vars.PUBLIC_URL), { now: Date.now, pause }),
    smoke: (version) => smokeTest({ url: String(config.vars.PUBLIC_URL), canary, version }, Date.now()),
  },
);

/** The store to try, if one is set. */
function canaryOf({ CANARY_LOCATION, CANARY_SECRET }: NodeJS.ProcessEnv): Canary | null {
  return CANARY_LOCATION && CANARY_SECRET ? { location_id: CANARY_LOCATION, secret: CANARY_SECRET } : null;
}
