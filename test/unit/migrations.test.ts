import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/domain/settings.ts";

const KINDS = ["accounts", "records"] as const;

const filesOf = (kind: string) =>
  readdirSync(`migrations/${kind}`)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({ name, sql: readFileSync(`migrations/${kind}/${name}`, "utf8") }));

const tablesOf = (db: DatabaseSync) =>
  db
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
    .all()
    .map(({ name }) => String(name));

/** One row with a value in every column; `{}` is a text and a JSON document. */
function fill(db: DatabaseSync, table: string): void {
  const columns = db.prepare("select name, type, dflt_value from pragma_table_info(?)").all(table);
  const values = columns.map(({ type }) => (type === "text" ? "'{}'" : "1"));
  db.exec(`insert into "${table}" (${columns.map(({ name }) => `"${name}"`)}) values (${values})`);
}

describe.each(KINDS)("the migrations of %s", (kind) => {
  const files = filesOf(kind);

  it.each(files.slice(1).map(({ name }, index) => ({ name, before: index + 1 })))(
    "$name keeps the rows that were stored before it",
    ({ before }) => {
      const db = new DatabaseSync(":memory:");
      for (const { sql } of files.slice(0, before)) db.exec(sql);
      const tables = tablesOf(db);
      db.exec("pragma foreign_keys = off; begin");
      for (const table of tables) db.exec(`delete from "${table}"`);
      for (const table of tables) fill(db, table);
      db.exec("commit");
      const counts = (names: string[]) =>
        names.map((table) => [table, db.prepare(`select count(*) as n from "${table}"`).get()?.n]);
      const stored = counts(tables);
      db.exec(files[before]?.sql ?? "");
      expect(counts(tables)).toEqual(stored);
      expect(stored.some(([, n]) => n === 1)).toBe(true);
    },
  );
});

describe("0002_word_settings.sql", () => {
  it("gives a store from before every setting, keeps its own, and drops room types that are not ReUp's", () => {
    const files = filesOf("accounts");
    const db = new DatabaseSync(":memory:");
    for (const { sql } of files.slice(0, 2)) db.exec(sql);
    fill(db, "locations");
    const { categories: _, low_stock_threshold: __, sales_detail_days: ___, ...before } = DEFAULT_SETTINGS;
    const settings = { ...before, overnight_hour: 5, room_types: { Front: "sales_floor", Back: "Storage" } };
    db.prepare("update locations set settings = ?").run(JSON.stringify(settings));
    for (const { sql } of files.slice(2)) db.exec(sql);
    const row = db.prepare("select settings from locations").get();
    expect(JSON.parse(String(row?.settings))).toEqual({
      ...DEFAULT_SETTINGS,
      overnight_hour: 5,
      room_types: { Front: "sales_floor" },
    });
  });
});
