/** The databases of records in wrangler.toml, as text: comments and order stay. */

type Environment = "development" | "staging" | "production";
const tableOf = (env: Environment) => (env === "development" ? "d1_databases" : `env.${env}.d1_databases`);

export interface NewShard {
  binding: string;
  database_name: string;
}

/** Creates a database where the others and the Locations are (docs/decisions/0009-placement.md). */
export const createArgs = ({ database_name }: Pick<NewShard, "database_name">): string[] => [
  "d1",
  "create",
  database_name,
  "--location",
  "enam",
];

/** The next database of records of an environment. */
export function nextShard(toml: string, env: Environment): NewShard {
  const shard = String(shardsIn(toml, env).length).padStart(2, "0");
  return { binding: `RECORDS_${shard}`, database_name: `reup-dutchie-records-${shard}-${env}` };
}

/** wrangler.toml with the database behind the others of its environment. */
export function withShard(toml: string, env: Environment, added: NewShard & { database_id: string }): string {
  const last = shardsIn(toml, env).at(-1);
  if (last === undefined) throw new Error(`wrangler.toml has no database of records in ${env}.`);
  const end = last.index + last[0].length;
  const entry = [
    `[[${tableOf(env)}]]`,
    `binding = "${added.binding}"`,
    `database_name = "${added.database_name}"`,
    `database_id = "${added.database_id}"`,
    `migrations_dir = "migrations/records"`,
  ];
  return `${toml.slice(0, end)}\n\n${entry.join("\n")}${toml.slice(end)}`;
}

/** Each entry up to its last line. */
function shardsIn(toml: string, env: Environment): RegExpExecArray[] {
  const table = tableOf(env).replaceAll(".", "\\.");
  return [...toml.matchAll(new RegExp(`^\\[\\[${table}\\]\\]\\nbinding = "RECORDS_\\d+"(?:\\n\\w+ = .*)*`, "gm"))];
}
