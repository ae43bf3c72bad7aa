import { unstable_readConfig } from "wrangler";
import { misused } from "../read-options.ts";

/** The environments that an account has; development stays on this machine. */
const DEPLOYED = ["staging", "production"] as const;
export type Deployed = (typeof DEPLOYED)[number];

/** What wrangler.toml says of an environment; wrangler's own type is not exported whole. */
export interface Environment {
  name: string;
  vars: Readonly<Record<string, unknown>>;
  secrets: { required: readonly string[] };
  routes?: readonly { pattern: string }[];
  d1_databases: readonly { binding: string; database_name: string; database_id: string; migrations_dir: string }[];
  queues: { consumers: readonly { queue: string }[] };
}

export const readEnvironment = (env: Deployed, config = "wrangler.toml"): Environment =>
  unstable_readConfig({ config, env }) as unknown as Environment;

/** The environment that a command names; a command that names none ends here. */
export function namedEnvironment(env: string | undefined, usage: string): Deployed {
  const named = DEPLOYED.find((each) => each === env);
  if (named !== undefined) return named;
  return misused(`--env is one of ${DEPLOYED.join(", ")}.`, usage);
}
