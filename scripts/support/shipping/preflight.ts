import { developmentTraits } from "../../../src/deployment.ts";
import type { Account } from "./account.ts";
import type { Deployed, Environment } from "./environment.ts";

/** What of wrangler.toml cannot be deployed yet. */
export function configurationProblems(env: Deployed, config: Environment): string[] {
  const { vars, routes = [], d1_databases } = config;
  const problems = developmentTraits(vars).map(({ name, message }) => `${name} ${message}`);
  if (vars.ENVIRONMENT !== env) problems.push(`ENVIRONMENT is not ${env}`);
  const url = String(vars.PUBLIC_URL);
  const host = URL.canParse(url) ? new URL(url).host : url;
  if (!routes.some(({ pattern }) => pattern.replace(/\/\*?$/, "") === host))
    problems.push(`no route leads to ${host}, the host of PUBLIC_URL`);
  for (const { binding, database_id } of d1_databases) {
    // The repository's own ids are zeros with a digit or two.
    if (/^0{8}-0{4}-/.test(database_id) || database_id === "")
      problems.push(`${binding} has no database yet: run npm run provision -- --env ${env}`);
  }
  return problems;
}

/** What the account lacks that the environment needs. */
export function accountProblems(config: Environment, account: Account): string[] {
  const problems: string[] = [];
  for (const { binding, database_name, database_id } of config.d1_databases) {
    const found = account.databases.get(database_name);
    if (found === undefined) problems.push(`the account has no database ${database_name} (${binding})`);
    else if (found !== database_id) problems.push(`${binding} has another id than the account's ${database_name}`);
  }
  for (const { queue } of config.queues.consumers)
    if (!account.queues.has(queue)) problems.push(`the account has no queue ${queue}`);
  for (const name of config.secrets.required)
    if (!account.secrets.has(name)) problems.push(`the secret ${name} is missing`);
  if (!account.secrets.has("AUTH_JWT_SECRET") && !config.vars.AUTH_JWKS_URL)
    problems.push("nobody can sign in: set the secret AUTH_JWT_SECRET or the variable AUTH_JWKS_URL");
  return problems;
}
