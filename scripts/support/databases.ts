import { unstable_readConfig } from "wrangler";

/** The part of wrangler's configuration that is read here; its own type is not exported whole. */
interface Config {
  d1_databases: Database[];
}

export interface Database {
  binding: string;
  database_id: string;
  migrations_dir: string;
}

/** An environment's databases, as wrangler.toml has them: accounts first. */
export function databasesOf(env: string | undefined): Database[] {
  const config = unstable_readConfig({ config: "wrangler.toml", ...(env === undefined ? {} : { env }) });
  return (config as unknown as Config).d1_databases;
}
