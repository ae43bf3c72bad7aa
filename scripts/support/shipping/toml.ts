import type { Deployed } from "./environment.ts";

/** Changes of wrangler.toml as text: comments and order stay. */

/** The part of the file that is about an environment: from its heading to the next one's, or to the end. */
function sectionOf(toml: string, env: Deployed): [start: number, end: number] {
  const start = toml.search(new RegExp(`^\\[env\\.${env}\\]$`, "m"));
  if (start === -1) throw new Error(`wrangler.toml has no environment ${env}.`);
  const others = new RegExp(`^\\[env\\.(?!${env}\\b)\\w+\\]$`, "m");
  const length = toml.slice(start).search(others);
  return [start, length === -1 ? toml.length : start + length];
}

function changed(toml: string, env: Deployed, pattern: RegExp, replacement: string): string {
  const [start, end] = sectionOf(toml, env);
  const section = toml.slice(start, end);
  if (!pattern.test(section)) throw new Error(`wrangler.toml has no place for ${replacement} in ${env}.`);
  return toml.slice(0, start) + section.replace(pattern, () => replacement) + toml.slice(end);
}

/** With a database's id. What a comment says of the example behind the old id goes with it. */
export const withDatabaseId = (toml: string, env: Deployed, database: string, id: string): string =>
  changed(
    toml,
    env,
    new RegExp(`^database_name = "${database}"\\ndatabase_id = ".*$`, "m"),
    `database_name = "${database}"\ndatabase_id = "${id}"`,
  );

/** With the address: the variable, and the route that leads to its host. */
export const withAddress = (toml: string, env: Deployed, host: string): string =>
  changed(
    changed(toml, env, /^PUBLIC_URL = ".*$/m, `PUBLIC_URL = "https://${host}"`),
    env,
    /^pattern = ".*$/m,
    `pattern = "${host}"`,
  );

/** With the sender of alerts by e-mail. */
export const withSender = (toml: string, env: Deployed, address: string): string =>
  changed(toml, env, /^ALERT_EMAIL_FROM = ".*$/m, `ALERT_EMAIL_FROM = "${address}"`);
