import { readFileSync, writeFileSync } from "node:fs";
import { misused, readOptions } from "./support/read-options.ts";
import { askSecret } from "./support/shipping/ask-secret.ts";
import { namedEnvironment } from "./support/shipping/environment.ts";
import { provision } from "./support/shipping/provision.ts";
import { run } from "./support/shipping/run.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run provision -- --env staging [--host dutchie-staging.shop.com] [--email-from alerts@shop.com] [--dry-run]: makes what
 * the environment lacks in the account, and writes what belongs into wrangler.toml. A second run changes nothing.
 */
const CONFIG = "wrangler.toml";
const USAGE = "npm run provision -- --env staging|production [--host HOST] [--email-from ADDRESS] [--dry-run]";
const values = readOptions(
  {
    env: { type: "string" },
    host: { type: "string" },
    "email-from": { type: "string" },
    "dry-run": { type: "boolean", default: false },
  },
  USAGE,
);
const { host = null, "email-from": email_from = null } = values;
if (host !== null && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host))
  misused(`"${host}" is no host, such as dutchie-staging.shop.com.`, USAGE);
if (email_from !== null && !/^[^\s"@\\]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(email_from))
  misused(`"${email_from}" is no e-mail address.`, USAGE);
const env = namedEnvironment(values.env, USAGE);
tellRefusals();
await provision(env, { host, email_from }, values["dry-run"], {
  config: CONFIG,
  run,
  read: () => readFileSync(CONFIG, "utf8"),
  write: (toml) => writeFileSync(CONFIG, toml),
  ask,
  say: console.log,
});
if (!values["dry-run"]) console.log(`Commit wrangler.toml, then: npm run deploy -- --env ${env}`);

/** The variable of the secret's name, or what somebody enters. */
async function ask(name: string): Promise<string | null> {
  const given = process.env[name];
  if (given !== undefined) return given;
  return process.stdin.isTTY ? await askSecret(name, process.stdin, process.stdout) : null;
}
