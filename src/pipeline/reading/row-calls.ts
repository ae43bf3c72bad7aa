import type { RowsOf } from "../../contract/location.ts";
import { MAX_ROWS_BYTES } from "../../domain/bounds.ts";

/** Rows of a read in as many calls as their bytes need: one, but for rows of a size that no store has. */
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
