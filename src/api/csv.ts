/** Lists as CSV (RFC 4180), streamed page by page. */

export type Cell = string | number | boolean | null;

/** Rows of one answer; a caller who needs more narrows the filter. */
export const MAX_CSV_ROWS = 50_000;
/** Rows of one query: 25 queries at most, far under D1's number per invocation. */
const ROWS_A_PAGE = 2_000;

/** Spreadsheets run a cell that begins so as a formula; a leading apostrophe makes it text. Numbers stay numbers. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvLine = (cells: readonly Cell[]) => `${cells.map(csvCell).join(",")}\r\n`;

export interface CsvSource<Row, Key> {
  columns: readonly (keyof Row & string)[];
  /** Up to `limit` rows after `after`. */
  read(after: Key | null, limit: number): Promise<Row[]>;
  keyOf(row: Row): Key;
}

/**
 * The answer begins after the first page, so that a database that fails is still an error of ours; a later failure
 * breaks the transfer off, and the caller sees that it is not whole.
 */
export async function csvResponse<Row extends Record<keyof Row, Cell>, Key>(
  name: string,
  source: CsvSource<Row, Key>,
): Promise<Response> {
  const pages = readPages(source);
  const first = await pages.next();
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
}

/** Does the caller ask for CSV rather than JSON? Explicitly named only: a browser's wildcard means JSON. */
export const wantsCsv = (accept: string | undefined) => /(^|,)\s*text\/csv\s*(;|,|$)/i.test(accept ?? "");
