import { unstable_readConfig } from "wrangler";

/** The part of wrangler's configuration that is read here; its own type is not exported whole. */
interface Config {
  d1_databases: { binding: string }[];
}

/** The bindings of an environment's databases, as wrangler.toml has them: accounts first. */
export function databasesOf(env: string | undefined): string[] {
  const config = unstable_readConfig({ config: "wrangler.toml", ...(env === undefined ? {} : { env }) });
  return (config as unknown as Config).d1_databases.map(({ binding }) => binding);
}
