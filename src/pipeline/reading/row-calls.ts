import type { RowsOf } from "../../contract/location.ts";
import { MAX_ROWS_BYTES } from "../../domain/bounds.ts";
import { halves } from "../../location/records/halves.ts";

/** Splits rows into calls of bounded size. One call is enough, except for rows far larger than any store's. */
export function* rowCalls(chunk: RowsOf): Generator<RowsOf> {
  const { rows } = chunk;
  if (rows.length <= 1 || JSON.stringify(rows).length <= MAX_ROWS_BYTES) {
    yield chunk;
    return;
  }
  for (const half of halves(chunk)) yield* rowCalls(half);
}
