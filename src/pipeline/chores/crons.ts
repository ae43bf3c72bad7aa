/** The crons of wrangler.toml, one for each purpose. */
export const CRONS = {
  /** Stores that need somebody: polls are due every quarter of an hour. */
  due_stores: "*/5 * * * *",
  /** Notices that are repeated or were left out by a crash; sizes of the databases. */
  notices: "7-59/15 * * * *",
  /** At night in North America: what may take its time. */
  night: "27 9 * * *",
} as const;
