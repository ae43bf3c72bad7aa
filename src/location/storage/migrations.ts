/** Append-only: a store's Location runs those it has not run yet, in order. */
const MIGRATIONS: readonly string[] = [
  `create table kv (key text primary key, value text not null) without rowid;
   create table events (
     event_id text primary key, type text not null, occurred_at integer not null, received_at integer not null,
     applied_at integer, outcome text not null, reason text, body text not null
   ) without rowid;
   create index events_received on events (received_at);
   create table seen (chunk integer primary key, ids text not null);
   create table hourly (
     hour integer primary key, runs integer not null default 0, failed_runs integer not null default 0,
     records_processed integer not null default 0, records_failed integer not null default 0, duration_ms integer not null default 0,
     received integer not null default 0, applied integer not null default 0, duplicate integer not null default 0,
     stale integer not null default 0, invalid integer not null default 0, ignored integer not null default 0,
     missed integer not null default 0
   );`,
  `create table pushes (
     push_id text primary key, product_id text not null, dutchie_product_id text not null, state text not null,
     fields text not null, attempts integer not null, next_at integer, error text, reason text, edited_by text not null,
     created_at integer not null, updated_at integer not null,
     written text, known_at integer, answered_at integer
   ) without rowid;
   create index pushes_product on pushes (product_id);
   create index pushes_due on pushes (next_at) where next_at is not null;
   create index pushes_answered on pushes (answered_at) where answered_at is not null;`,
  // The status costs the same at any size: triggers keep counters, and lags are a histogram per hour.
  `create table counts (what text primary key, n integer not null) without rowid;
   ${counted("events", "pending_events", (row) => `${row}.outcome = 'pending'`, "outcome")}
   ${counted("pushes", "open_pushes", (row) => `${row}.state in ('waiting', 'sending', 'parked')`, "state")}
   ${counted("pushes", "parked_pushes", (row) => `${row}.state = 'parked'`, "state")}
   alter table hourly add column lags text;
   alter table events add column pending_at integer;
   update events set pending_at = received_at where outcome = 'pending';
   create index events_pending on events (pending_at) where outcome = 'pending';
   create index pushes_state on pushes (state, push_id);`,
  // What a held snapshot left out was one value: 50,000 ids do not fit into the 2 MB of one.
  `create table absences (
     chunk integer primary key, resource text not null, word text not null, floor integer not null, ids text not null
   );
   insert into absences (resource, word, floor, ids)
     select held.key, 'asked', held.value->>'floor', held.value->'ids' from kv, json_each(kv.value) held where kv.key = 'held';
   update kv set value = (
     select json_group_object(held.key, json_object('held_at', held.value->>'held_at', 'floor', held.value->>'floor',
       'rows', json_array_length(held.value->'ids'), 'value', 0))
     from json_each(kv.value) held
   ) where key = 'held';`,
  // A present run continues. From now on the last webhook is known without a search through the ledger.
  `update kv set value = json_set(value, '$.stops', json('[]')) where key = 'run';
   insert into kv (key, value) select 'webhooks', json_object('last_at', max(received_at), 'missed', 0) from events
     having max(received_at) is not null;`,
  // Why an event's rows are not applied, and its store is read instead.
  "alter table events add column look text;",
  `create table losses (
     subject text not null, id text not null, at integer not null, fresh integer not null, primary key (subject, id)
   ) without rowid;`,
  // The order of events is written once for a batch of them, and no longer in an index entry for each.
  `create table arrivals (at integer primary key, ids text not null);
   insert into arrivals (at, ids) select received_at, json_group_array(event_id) from events group by received_at;
   drop index events_received;`,
];

/** Triggers that keep a counter of the rows for which `holds` is true; existing rows are counted once. */
function counted(table: string, what: string, holds: (row: string) => string, column: string): string {
  return `
   create trigger ${what}_added after insert on ${table} when ${holds("new")} begin
     update counts set n = n + 1 where what = '${what}';
   end;
   create trigger ${what}_changed after update of ${column} on ${table} when (${holds("old")}) <> (${holds("new")}) begin
     update counts set n = n + iif(${holds("new")}, 1, -1) where what = '${what}';
   end;
   create trigger ${what}_removed after delete on ${table} when ${holds("old")} begin
     update counts set n = n - 1 where what = '${what}';
   end;
   insert into counts (what, n) select '${what}', count(*) from ${table} where ${holds(table)};`;
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
