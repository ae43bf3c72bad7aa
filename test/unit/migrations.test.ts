import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { sales } from "../../src/db/schema/records.ts";
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
      const rowsBefore = counts(tables);
      db.exec(files[before]?.sql ?? "");
      // Rows of a table that goes are part of others: a test of its own says where.
      const left = tablesOf(db).filter((table) => tables.includes(table));
      expect(counts(left)).toEqual(rowsBefore.filter(([table]) => left.includes(String(table))));
      expect(rowsBefore.some(([, n]) => n === 1)).toBe(true);
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

describe("0005_sale_lines.sql", () => {
  it("moves the lines of each sale into its row, in the order of their ids; a sale without lines has none", () => {
    const files = filesOf("records");
    const db = new DatabaseSync(":memory:");
    for (const { sql } of files.slice(0, 5)) db.exec(sql);
    for (const id of ["s1", "s2"])
      db.prepare(
        `insert into sales (location_id, sale_id, dutchie_transaction_id, completed_at, type, is_void, is_return, item_count,
           items_hash, source_at, source_rank, content_hash, updated_at) values ('l', ?, ?, 1, 'retail', 0, 0, 2, '', 1, 1, '', 1)`,
      ).run(id, id);
    const insert = db.prepare("insert into sale_items values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.run("l", "s1", "2", "prd_1", "1", 1.5, 10, null, 0.5, 14.5, 1);
    insert.run("l", "s1", "1", null, null, 1, null, null, null, null, 0);
    insert.run("other", "s2", "1", "prd_2", "2", 1, 1, 1, 1, 1, 0);
    db.exec(files[5]?.sql ?? "");
    const rows = db.prepare("select sale_id, lines from sales order by sale_id").all();
    expect(rows.map(({ sale_id, lines }) => [sale_id, lines === null ? null : linesColumnOf(String(lines))])).toEqual([
      [
        "s1",
        [
          { ...LINE, line_id: "1" },
          {
            line_id: "2",
            product_id: "prd_1",
            dutchie_product_id: "1",
            quantity: 1.5,
            unit_price: 10,
            unit_cost: null,
            discount: 0.5,
            total: 14.5,
            is_returned: true,
          },
        ],
      ],
      ["s2", null],
    ]);
    expect(tablesOf(db)).not.toContain("sale_items");
  });
});

describe("0007_history.sql", () => {
  it("links the changes of each package of a store, and its row to the last", () => {
    const files = filesOf("records");
    const db = new DatabaseSync(":memory:");
    for (const { sql } of files.slice(0, 7)) db.exec(sql);
    const change = db.prepare("insert into changes values (?, ?, ?, ?, '{}', 'poll', null, 1)");
    for (const [location_id, change_id, resource, record_id] of [
      ["l", "1", "inventory", "inv_a"],
      ["l", "2", "inventory", "inv_b"],
      ["l", "3", "products", "prd_a"],
      ["l", "4", "inventory", "inv_a"],
      ["l", "5", "products", "prd_a"],
      ["l", "6", "inventory", "inv_a"],
      ["other", "7", "inventory", "inv_a"],
    ] as const)
      change.run(location_id, change_id, resource, record_id);
    const row = db.prepare(
      `insert into inventory (location_id, dutchie_inventory_id, inventory_id, quantity, room_name, source_at, source_rank,
         content_hash, package_at, updated_at) values ('l', '1', ?, 1, 'Vault', 1, 1, '', 1, 1)`,
    );
    for (const id of ["inv_a", "inv_b", "inv_c"]) row.run(id);
    db.exec(files[7]?.sql ?? "");
    const all = (sql: string) => db.prepare(sql).all().map(Object.values);
    expect(all("select inventory_id, last_change from inventory order by 1")).toEqual([
      ["inv_a", "6"],
      ["inv_b", "2"],
      ["inv_c", null],
    ]);
    expect(all("select change_id, previous from changes order by 1")).toEqual([
      ["1", null],
      ["2", null],
      ["3", null],
      ["4", "1"],
      ["5", null],
      ["6", "4"],
      ["7", null],
    ]);
  });
});

const LINE = {
  product_id: null,
  dutchie_product_id: null,
  quantity: 1,
  unit_price: null,
  unit_cost: null,
  discount: null,
  total: null,
  is_returned: false,
};

/** As the product reads them. */
const linesColumnOf = (text: string) => sales.lines.mapFromDriverValue(text);

describe("0008_feed.sql", () => {
  it("numbers the change log in its order: never below 1,000 × the time, each greater than the one before", () => {
    const files = filesOf("records");
    const db = new DatabaseSync(":memory:");
    for (const { sql } of files.slice(0, 8)) db.exec(sql);
    const times = [5, 5, 5, 6, 2_000_000_000_000, 2_000_000_000_000];
    const insert = db.prepare(
      `insert into changes (location_id, change_id, resource, record_id, fields, cause, at)
       values (?, ?, 'products', 'p', '{}', 'poll', ?)`,
    );
    for (const location_id of ["loc_1", "loc_2"]) {
      for (const [index, at] of times.entries()) {
        insert.run(location_id, `${at.toString(36).padStart(9, "0")}${index}digest`, at);
      }
    }
    for (const { sql } of files.slice(8)) db.exec(sql);
    const rows = db.prepare("select change_id, at from changes where location_id = 'loc_1' order by change_id").all();
    expect(rows.map(({ change_id }) => String(change_id).slice(16))).toEqual(times.map((_, index) => `${index}digest`));
    const numbers = rows.map(({ change_id }) => Number(String(change_id).slice(0, 16)));
    for (const [index, { at }] of rows.entries()) expect(numbers[index]).toBeGreaterThanOrEqual(1_000 * Number(at));
    expect(new Set(numbers).size).toBe(times.length);
  });
});
