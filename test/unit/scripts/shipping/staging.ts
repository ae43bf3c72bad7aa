import { type Environment, readEnvironment } from "../../../../scripts/support/shipping/environment.ts";

/** Staging as an operator sets it up: an address of its own, databases with ids, somebody who can sign in. */
export function staging(): Environment {
  const config = readEnvironment("staging");
  return {
    ...config,
    vars: { ...config.vars, PUBLIC_URL: "https://dutchie-staging.reup-retail.com" },
    routes: [{ pattern: "dutchie-staging.reup-retail.com" }],
    d1_databases: config.d1_databases.map((each, index) => ({ ...each, database_id: idOf(index) })),
  };
}

export const idOf = (index: number) => `5f1b8c0${index}-92a4-4f1e-8a57-3d2a0c6be91${index}`;

/** `wrangler d1 list --json`, as wrangler 4 prints it. */
export const databaseList = (names: readonly string[]): string =>
  JSON.stringify(
    names.map((name, index) => ({
      uuid: idOf(index),
      name,
      created_at: "2026-11-20T10:00:00.000Z",
      version: "production",
      num_tables: 9,
      file_size: 98304,
      jurisdiction: null,
    })),
    null,
    2,
  );

/** `wrangler queues list`, as wrangler 4 prints it: a page of the account's queues. A table without rows has no head, either. */
export const queueList = (names: readonly string[]): string => {
  const table = [
    "┌────┬──────┬────────────┬─────────────┬───────────┬───────────┐",
    "│ id │ name │ created_on │ modified_on │ producers │ consumers │",
    "├────┼──────┼────────────┼─────────────┼───────────┼───────────┤",
    ...names.map((name, index) => `│ ${String(index).padStart(32, "0")} │ ${name} │ 2026 │ 2026 │ 1 │ 1 │`),
    "└────┴──────┴────────────┴─────────────┴───────────┴───────────┘",
  ];
  const banner = ["", " ⛅️ wrangler 4.156.2 (update available 4.164.0)", "─────────────────────"];
  return [...banner, ...(names.length === 0 ? [] : table), ""].join("\n");
};
