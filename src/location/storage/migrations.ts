/** Append-only: a store's Location runs those it has not run yet, in order. */
const MIGRATIONS: readonly string[] = [
  `create table kv (key text primary key, value text not null) without rowid;

   create table events (
     event_id text primary key, type text not null, occurred_at integer not null, received_at integer not null,
     pending_at integer, applied_at integer, outcome text not null, reason text, refresh_reason text, body text not null
   ) without rowid;
   -- The order of events: one row for a batch of them, instead of an index entry for each.
   create table arrivals (at integer primary key, ids text not null);
   create index events_pending on events (pending_at) where outcome = 'pending';

   create table pushes (
     push_id text primary key, product_id text not null, dutchie_product_id text not null, state text not null,
     fields text not null, attempts integer not null, next_at integer, error text, reason text, edited_by text not null,
     created_at integer not null, updated_at integer not null, written text, known_at integer, answered_at integer
   ) without rowid;
   create index pushes_product on pushes (product_id);
   create index pushes_due on pushes (next_at) where next_at is not null;
   create index pushes_answered on pushes (answered_at) where answered_at is not null;
   create index pushes_state on pushes (state, push_id);

   create table counts (what text primary key, n integer not null) without rowid;
   ${counted("events", "pending_events", (row) => `${row}.outcome = 'pending'`, "outcome")}
   ${counted("pushes", "open_pushes", (row) => `${row}.state in ('waiting', 'sending', 'parked')`, "state")}
   ${counted("pushes", "parked_pushes", (row) => `${row}.state = 'parked'`, "state")}

   create table seen (chunk integer primary key, ids text not null);
   create table absences (
     chunk integer primary key, resource text not null, state text not null, floor integer not null, ids text not null
   );
   create table losses (
     subject text not null, id text not null, at integer not null, fresh integer not null, primary key (subject, id)
   ) without rowid;

   create table hourly (
     hour integer primary key, runs integer not null default 0, failed_runs integer not null default 0,
     records_processed integer not null default 0, records_failed integer not null default 0,
     duration_ms integer not null default 0, received integer not null default 0, applied integer not null default 0,
     duplicate integer not null default 0, stale integer not null default 0, invalid integer not null default 0,
     ignored integer not null default 0, missed integer not null default 0, lags text
   );`,
  "alter table seen add column dead text not null default '[]'",
  `create table deliveries (
     subscription_id text primary key, changed_at integer not null, sequence integer not null, upto integer,
     failures integer not null, failing_since integer, next_at integer, asked_at integer, parked_at integer
   ) without rowid;`,
  "alter table losses add column was text",
  `create table creations (
     made_by text not null, key text not null, body text not null, product_id text not null, at integer not null,
     primary key (made_by, key)
   ) without rowid;`,
  `create table collected (
     attempt integer not null, n integer not null, from_page text, to_page text not null, text text not null,
     primary key (attempt, n)
   ) without rowid;`,
  "alter table deliveries add column replays integer not null default 0",
];

/** Triggers that keep a counter of the rows of which `holds` is true. */
function counted(table: string, what: string, holds: (row: string) => string, column: string): string {
  return `
   insert into counts (what, n) values ('${what}', 0);
   create trigger ${what}_added after insert on ${table} when ${holds("new")} begin
     update counts set n = n + 1 where what = '${what}';
   end;
   create trigger ${what}_changed after update of ${column} on ${table} when (${holds("old")}) <> (${holds("new")}) begin
     update counts set n = n + iif(${holds("new")}, 1, -1) where what = '${what}';
   end;
   create trigger ${what}_removed after delete on ${table} when ${holds("old")} begin
     update counts set n = n - 1 where what = '${what}';
   end;`;
}

export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  // `PRAGMA user_version` does not work in a Durable Object.
  sql.exec("create table if not exists migrations (version integer primary key)");
  const done = Number(sql.exec("select count(*) as done from migrations").one().done);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < done) continue;
    storage.transactionSync(() => {
      sql.exec(migration);
      sql.exec("insert into migrations (version) values (?)", index + 1);
    });
  }
}
