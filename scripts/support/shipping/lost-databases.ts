import type { Deployed } from "./environment.ts";

/** The databases that a version loses: of `present`, those that it is not bound to. */
export const lostDatabases = (present: readonly string[], its: readonly string[]): string[] =>
  [...new Set(present)].filter((binding) => !its.includes(binding));

/** The command that lists the stores with records in one of these databases. */
export function storesThere(env: Deployed, bindings: readonly string[]): string {
  const shards = bindings.map((binding) => `'${binding.replace("RECORDS_", "")}'`).join(", ");
  const query = `select location_id from locations where shard in (${shards}) or other_shard in (${shards})`;
  return `npx wrangler d1 execute DB --env ${env} --remote --command "${query}"`;
}
