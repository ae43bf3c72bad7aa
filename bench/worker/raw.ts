import { RAW_TABLES, type RawAsk, type RawResult } from "../contract.ts";

/**
 * The limit of what writes records: the rows that a store has, upserted again into tables with the same columns and key, and
 * with nothing around it. One JSON parameter per statement of 1,000 rows, as `src/db/bulk.ts` had it first.
 */
const ROWS = 1_000;

interface Column {
  name: string;
  pk: number;
}

export async function rawUpsert(db: D1Database, location_id: string, ask: RawAsk): Promise<RawResult> {
  const result: RawResult = { rows: 0, ms: 0, by_table: {} };
  for (const table of RAW_TABLES) {
    const wanted = ask[table];
    if (wanted === undefined) continue;
    const one = await rawTable(db, table, location_id, wanted);
    result.rows += one.rows;
    result.ms += one.ms;
    result.by_table[table] = one;
  }
  return result;
}

async function rawTable(
  db: D1Database,
  table: string,
  location_id: string,
  wanted: number,
): Promise<{ rows: number; ms: number }> {
  const columns = (await db.prepare(`select name, pk from pragma_table_info('${table}') order by cid`).all<Column>())
    .results;
  const names = columns.map(({ name }) => name);
  const key = columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name);
  const list = (of: readonly string[]) => of.map((name) => `"${name}"`).join(", ");
  await db.batch([
    db.prepare(`drop table if exists "raw_${table}"`),
    db.prepare(`create table "raw_${table}" (${list(names)}, primary key (${list(key)})) without rowid`),
  ]);
  const rest = names.filter((name) => !key.includes(name));
  const upsert = `insert into "raw_${table}" (${list(names)}) select ${names.map((name) => `value->>'$.${name}'`).join(", ")}
    from json_each(?1) where true on conflict (${list(key)}) do update set ${rest.map((name) => `"${name}" = excluded."${name}"`).join(", ")}
    where ${rest.map((name) => `"raw_${table}"."${name}" is not excluded."${name}"`).join(" or ")}`;
  const total = { rows: 0, ms: 0 };
  for (let after: unknown[] = []; total.rows < wanted; ) {
    const where =
      after.length === 0
        ? ""
        : `and (${list(key.slice(1))}) > (${key
            .slice(1)
            .map(() => "?")
            .join(", ")})`;
    const page = await db
      .prepare(
        `select * from "${table}" where location_id = ? ${where} order by ${list(key)} limit ${Math.min(ROWS, wanted - total.rows)}`,
      )
      .bind(location_id, ...after)
      .all();
    const rows = page.results as Record<string, unknown>[];
    const last = rows.at(-1);
    if (last === undefined) break;
    after = key.slice(1).map((name) => last[name]);
    const began = performance.now();
    await db.prepare(upsert).bind(JSON.stringify(rows)).run();
    total.ms += performance.now() - began;
    total.rows += rows.length;
  }
  await db.prepare(`drop table "raw_${table}"`).run();
  return total;
}
