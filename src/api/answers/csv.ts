import { type Cell, csvCell } from "../../domain/values/csv-cell.ts";
import { invalid } from "../errors.ts";

/** Lists as CSV (RFC 4180), streamed page by page. */

/** Most rows of one answer. A caller who needs more reads the pages as JSON, or asks with narrower filters. */
export const MAX_CSV_ROWS = 50_000;
/** Rows of one query: 25 queries for the largest answer, far below D1's limit per invocation. */
const ROWS_A_PAGE = 2_000;

const csvLine = (cells: readonly Cell[]) => `${cells.map(csvCell).join(",")}\r\n`;

export interface CsvSource<Row, Key> {
  columns: readonly (keyof Row & string)[];
  /** Up to `limit` rows after `after`. */
  read(after: Key | null, limit: number): Promise<Row[]>;
  keyOf(row: Row): Key;
  /** All rows of the filter; asked only when there is more than one page. */
  count(): Promise<number>;
}

/**
 * The answer begins after the first page has been read, so that a database that fails at once gives a proper error. A later
 * failure breaks the transfer off, so the caller sees that the file is not complete. No file ends early in silence: more rows
 * than an answer may have are refused.
 */
export async function csvResponse<Row extends Record<keyof Row, Cell>, Key>(
  name: string,
  source: CsvSource<Row, Key>,
): Promise<Response> {
  const pages = readPages(source);
  const first = await pages.next();
  const isLong = !first.done && first.value.length === ROWS_A_PAGE;
  if (isLong && (await source.count()) > MAX_CSV_ROWS) throw invalid([TOO_MANY]);
  const encoder = new TextEncoder();
  const text = (rows: readonly Row[]) =>
    rows.map((row) => csvLine(source.columns.map((column) => row[column]))).join("");
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(csvLine(source.columns) + (first.done ? "" : text(first.value))));
    },
    async pull(controller) {
      const page = await pages.next();
      if (page.done) controller.close();
      else controller.enqueue(encoder.encode(text(page.value)));
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "no-store",
    },
  });
}

const TOO_MANY = {
  path: "",
  message: `A CSV file has at most ${MAX_CSV_ROWS} rows, and these are more. Narrow the filter, or read the pages as JSON.`,
};

async function* readPages<Row, Key>({ read, keyOf }: CsvSource<Row, Key>): AsyncGenerator<Row[], void, undefined> {
  let after: Key | null = null;
  for (let left = MAX_CSV_ROWS; left > 0; ) {
    const limit = Math.min(ROWS_A_PAGE, left);
    const rows: Row[] = await read(after, limit);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < limit) return;
    left -= rows.length;
    after = keyOf(last);
  }
  // Some came after they were counted.
  if ((await read(after, 1)).length > 0) throw new Error(TOO_MANY.message);
}

/** Whether the caller names CSV. A browser's wildcard means JSON. */
export const wantsCsv = (accept: string | undefined) => /(^|,)\s*text\/csv\s*(;|,|$)/i.test(accept ?? "");
