import { MAX_SKIPPED_ROWS } from "../../domain/bounds.ts";
import { invalid } from "../errors.ts";
import { encodeCursor, toPage } from "./cursor.ts";

interface Asked {
  limit: number;
  page?: number | undefined;
}

interface Listed<Row, Key> {
  /** The cursor's key. */
  start: Key | null;
  read(span: { after: Key | null; limit: number; offset?: number }): Promise<Row[]>;
  count(): Promise<number>;
  keyOf(row: Row): Key;
}

/** The part of the list that was asked for: by number, else by cursor. A numbered page has the cursor of the next one, too. */
export async function listed<Row, Key extends readonly (string | number)[]>(
  { limit, page }: Asked,
  { start, read, count, keyOf }: Listed<Row, Key>,
) {
  if (page === undefined) return toPage(await read({ after: start, limit: limit + 1 }), limit, keyOf);
  const offset = rowsBefore(page, limit);
  const [data, total] = await Promise.all([read({ after: null, limit, offset }), count()]);
  const last = data.at(-1);
  const next_cursor = last === undefined || offset + data.length >= total ? null : encodeCursor(keyOf(last));
  return { data, next_cursor, pagination: { page, limit, total } };
}

function rowsBefore(page: number, limit: number): number {
  const rows = (page - 1) * limit;
  if (rows <= MAX_SKIPPED_ROWS) return rows;
  const message = `must not skip more than ${MAX_SKIPPED_ROWS} rows: go on with next_cursor, or use a filter`;
  throw invalid([{ path: "page", message }]);
}
