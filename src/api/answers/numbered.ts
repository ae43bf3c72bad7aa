import type { SQL } from "drizzle-orm";
import type { Span } from "../../db/queries/span.ts";
import { MAX_SKIPPED_ROWS } from "../../domain/bounds.ts";
import { invalid } from "../errors.ts";
import { encodeCursor, fitting, toPage } from "./cursor.ts";

interface Asked {
  /** The list's address. */
  list: string;
  limit: number;
  page?: number | undefined;
  /** Another order than that of the keys. */
  order?: SQL | undefined;
}

interface Listed<Row, Key> {
  /** The cursor's key. */
  start: Key | null;
  read(span: Span<Key>): Promise<Row[]>;
  count(): Promise<number>;
  keyOf(row: Row): Key;
}

/** The part of the list that was asked for: by number, else by cursor. A numbered page has the cursor of the next one, too. */
export async function listed<Row, Key extends readonly (string | number)[]>(
  { list, limit, page, order }: Asked,
  { start, read, count, keyOf }: Listed<Row, Key>,
) {
  if (page === undefined && order !== undefined) throw invalid([{ path: "sort", message: "needs `page`" }]);
  // Whoever adds the cursor to the address that gave it would get the same page for ever.
  if (page !== undefined && start !== null)
    throw invalid([{ path: "cursor", message: "cannot be used with `page`: leave one of them out" }]);
  if (page === undefined) return toPage(await read({ after: start, limit: limit + 1 }), { limit, list }, keyOf);
  const offset = rowsBefore(page, limit);
  const [data, total] = await Promise.all([read({ after: null, limit, offset, order }), count()]);
  refuseTooLarge(data);
  const last = data.at(-1);
  // A cursor goes on by the keys alone.
  const hasNext = order === undefined && last !== undefined && offset + data.length < total;
  const next_cursor = hasNext ? encodeCursor(keyOf(last), list) : null;
  return { data, next_cursor, pagination: { page, limit, total } };
}

/** A page that ends earlier would leave out rows: the next one begins behind the whole page. */
function refuseTooLarge(rows: readonly unknown[]): void {
  const most = fitting(rows);
  if (most === rows.length) return;
  throw invalid([{ path: "limit", message: `must be at most ${most} here: these rows are large` }]);
}

function rowsBefore(page: number, limit: number): number {
  const rows = (page - 1) * limit;
  if (rows <= MAX_SKIPPED_ROWS) return rows;
  const message = `must not skip more than ${MAX_SKIPPED_ROWS} rows: go on with next_cursor, or use a filter`;
  throw invalid([{ path: "page", message }]);
}
