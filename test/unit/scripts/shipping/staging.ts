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

/** `wrangler versions view --json` of a version with such bindings (`d1 RECORDS_00`), made by an upload or a changed secret. */
export const versionView = (bindings: readonly string[], by: "upload" | "secret" = "upload"): string =>
  JSON.stringify({
    id: "0a1b2c3d-0000-4000-8000-000000000001",
    number: 1,
    annotations: { "workers/triggered_by": by },
    resources: {
      bindings: bindings.map((each) => {
        const [type, name] = each.split(" ");
        return { type, name };
      }),
    },
  });

/** What a version of staging is bound to. */
export const BOUND = [...staging().d1_databases.map(({ binding }) => `d1 ${binding}`), "secret_text CREDENTIAL_KEYS"];
/** To store a secret before the first deployment, wrangler makes a version that has nothing else. */
export const SECRETS_ONLY = ["secret_text CREDENTIAL_KEYS", "secret_text AUTH_JWT_SECRET"];

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
