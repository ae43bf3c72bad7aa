import type { RowsOf } from "../../contract/location.ts";
import { MAX_ROWS_BYTES } from "../../domain/bounds.ts";

/** Splits rows into calls of bounded size. One call is enough, except for rows far larger than any store's. */
export function* rowCalls(chunk: RowsOf): Generator<RowsOf> {
  const { resource, rows } = chunk;
  if (rows.length <= 1 || JSON.stringify(rows).length <= MAX_ROWS_BYTES) {
    yield chunk;
    return;
  }
  const middle = Math.ceil(rows.length / 2);
  yield* rowCalls({ resource, rows: rows.slice(0, middle) } as RowsOf);
  yield* rowCalls({ resource, rows: rows.slice(middle) } as RowsOf);
}
