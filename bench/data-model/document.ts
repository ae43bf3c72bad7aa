import { readFileSync } from "node:fs";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as accounts from "../../src/db/schema/accounts.ts";
import * as records from "../../src/db/schema/records.ts";
import { D1_RETENTION, LOCATION_RETENTION, type Retention } from "../../src/domain/retention.ts";
import { STORES } from "../cost/stores.ts";
import type { Measured } from "./measure.ts";

export const MEASURED = "docs/data-model-bytes.json";

interface Table {
  name: string;
  columns: { name: string; type: string; nullable: boolean; json: boolean }[];
  key: readonly string[];
  indexes: readonly string[];
}

/** docs/data-model.md: every table, what a row is, its columns with their units, how long it is kept, and its bytes. */
export function dataModel(measured: Measured): string {
  const d1: Record<string, Retention> = D1_RETENTION;
  const location: Record<string, Retention> = LOCATION_RETENTION;
  const part = (tables: readonly Table[], retentions: Record<string, Retention>, bytes: Measured["d1"]) =>
    tables.map((table) => described(table, retentions[table.name], bytes[table.name])).join("\n");
  return `# Data model

What is stored, in which units, and for how long. \`npm run docs:data\` writes this page from \`src/db/schema\`, the tables of
\`src/location/storage/migrations.ts\` and \`src/domain/retention.ts\`; a test compares them. The bytes were measured on
${measured.at} by \`npm run docs:data -- --measure\`: a row with its indexes and its share of free space in pages, in a local store of
the simulator. Each night a store's \`sweep\` message deletes what is past its time, at most 5,000 rows a message.

Keys begin with the store. Times are ms since 1970 UTC. A nullable column has a \`?\`.

## Bytes per store and year

${yearly(measured)}

## Databases of records

\`RECORDS_00\`, \`RECORDS_01\` and so on. All rows of a store are in one of them.

${part(tablesOf(records), d1, measured.d1)}
## The database of accounts

\`DB\`, one for all stores.

${part(tablesOf(accounts), d1, measured.d1)}
## The Location of a store

${part(locationTables(), location, measured.location)}`;
}

function described(
  table: Table,
  retention: Retention | undefined,
  measured: { rows: number; bytes: number } | undefined,
): string {
  const { row = "", days = null, what = "", why = "" } = retention ?? {};
  const kept = days === null ? `Kept: ${why}.` : `After ${days.toLocaleString("en-US")} days: ${what} (${why}).`;
  const bytes =
    measured === undefined || measured.rows < FEW
      ? ""
      : ` ${perRow(measured)} bytes ${table.name === "changes" ? "an entry" : "a row"}.`;
  const columns = table.columns.map((column) => {
    const unit = unitOf(column);
    return `| \`${column.name}\`${column.nullable ? "?" : ""} | ${column.type} | ${unit} |`;
  });
  const indexes = table.indexes.length === 0 ? "" : ` Indexes: ${table.indexes.join("; ")}.`;
  return `### ${table.name}

${row === "" ? "" : `A row is ${row}. `}${kept}${bytes} Key: ${table.key.map((name) => `\`${name}\``).join(", ")}.${indexes}

| column | type | unit |
|---|---|---|
${columns.join("\n")}
`;
}

/** Fewer rows say nothing: a page has 4,096 bytes. */
const FEW = 20;

const perRow = ({ rows, bytes }: { rows: number; bytes: number }): string =>
  Math.round(bytes / Math.max(rows, 1)).toLocaleString("en-US");

/** What a value of a column counts, by its name. */
function unitOf({ name, json, type }: Table["columns"][number]): string {
  if (json) return "JSON";
  if (/_at$|^at$|^until$/.test(name)) return "ms since 1970 UTC";
  if (/_ms$/.test(name)) return "ms";
  if (/_percentage$/.test(name)) return "percent";
  if (/_mg$/.test(name)) return "mg";
  if (name === "bytes") return "bytes";
  if (/^(?:unit_price|unit_cost|subtotal|discount|tax|total|value_at_stake|revenue|cost)$/.test(name)) return "dollars";
  if (name === "quantity") return "units, or grams for weighed goods";
  if (/^(?:is_|enabled|fresh)/.test(name)) return "0 or 1";
  if (name === "day") return "local day of the store, YYYY-MM-DD";
  if (name === "hour") return "hours since 1970 UTC";
  if (/_hash$/.test(name)) return "hash";
  if (/rate/.test(name)) return "share, 0 to 1";
  return type === "text" ? "" : "number";
}

function tablesOf(schema: Record<string, unknown>): Table[] {
  return Object.values(schema)
    .filter((table) => table instanceof SQLiteTable)
    .map((table) => {
      const { name, columns, primaryKeys, indexes } = getTableConfig(table);
      return {
        name,
        columns: columns.map((column) => ({
          name: column.name,
          type: column.getSQLType(),
          nullable: !column.notNull && !column.primary,
          json: column.columnType === "SQLiteTextJson",
        })),
        key:
          primaryKeys[0]?.columns.map((column) => column.name) ?? columns.filter((c) => c.primary).map((c) => c.name),
        indexes: indexes.map(({ config }) => {
          const names = config.columns.map((column) => ("name" in column ? `\`${column.name}\`` : "")).join(", ");
          return `${names}${config.unique ? " (unique)" : ""}${config.where === undefined ? "" : " (partial)"}`;
        }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The tables of a Location, from the text of their migrations. */
function locationTables(): Table[] {
  const text = readFileSync("src/location/storage/migrations.ts", "utf8");
  const tables = [
    ...text.matchAll(/create table (?:if not exists )?(\w+) \(([\s\S]*?)\n? *\)(?: without rowid)?(?:;|")/g),
  ];
  return tables.map(([, name = "", body = ""]) => {
    const key = /primary key \(([^)]*)\)/.exec(body)?.[1]?.split(", ");
    const added = text.matchAll(new RegExp(`alter table ${name} add column ([^"]+)"`, "g"));
    const columns = [
      ...body.replace(/,?\s*primary key \([^)]*\)/, "").split(","),
      ...[...added].map(([, own = ""]) => own),
    ]
      .map((column) => column.trim())
      .filter((column) => column !== "")
      .map((column) => {
        const [own = "", type = ""] = column.split(/\s+/);
        const isJson = /^(?:value|body|fields|error|written|ids|lags|dead|was)$/.test(own);
        return { name: own, type, nullable: !/not null|primary key/.test(column), json: isJson };
      });
    const first = columns[0]?.name ?? "";
    const indexes = [...text.matchAll(new RegExp(`create index \\w+ on ${name} \\(([^)]*)\\)( where)?`, "g"))];
    return {
      name,
      columns,
      key: key ?? [first],
      indexes: indexes.map(
        ([, on = "", where]) =>
          `${on
            .split(", ")
            .map((each) => `\`${each}\``)
            .join(", ")}${where ? " (partial)" : ""}`,
      ),
    };
  });
}

const POLLS_A_DAY = 96;
const DAYS = 365;

/** What a store of each size holds after a year in D1, at the rows a sale that were measured. */
function yearly({ d1, lines_a_sale }: Measured): string {
  const rows = (table: string) => d1[table]?.rows ?? 0;
  const bytes = (table: string) => (d1[table]?.bytes ?? 0) / Math.max(rows(table), 1);
  const list = STORES.map(({ name, products, sales_a_day }) => {
    const kept = (days: number | null) => Math.min(days ?? DAYS, DAYS);
    const counts: Record<string, number> = {
      products,
      inventory: (products * rows("inventory")) / Math.max(rows("products"), 1),
      sales: sales_a_day * kept(D1_RETENTION.sales.days),
      // A sale changes the stock of each of its lines.
      changes: sales_a_day * lines_a_sale * kept(D1_RETENTION.changes.days),
      runs: POLLS_A_DAY * kept(D1_RETENTION.runs.days),
    };
    const parts = Object.entries(counts).map(([table, n]) => (n * bytes(table)) / 1e6);
    const total = parts.reduce((sum, part) => sum + part, 0);
    const cells = [...parts, total].map((mb) => (mb < 10 ? mb.toFixed(1) : Math.round(mb).toLocaleString("en-US")));
    return `| ${name} | ${products.toLocaleString("en-US")} | ${sales_a_day.toLocaleString("en-US")} | ${cells.join(" | ")} |`;
  });
  return `In D1 after a year, in MB: rows by the store's size times the bytes of a row, as far as the retentions keep them.
Runs are an upper bound: few were measured, and a page has 4,096 bytes.

| store | products | sales a day | products | packages | sales | changes | runs | all |
|---|---|---|---|---|---|---|---|---|
${list.join("\n")}`;
}
