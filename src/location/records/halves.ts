import type { RowsOf } from "../../contract/location.ts";

/** The rows in two parts of about the same size. The cast says what TypeScript cannot: both are of the same resource. */
export function halves({ resource, rows }: RowsOf): [RowsOf, RowsOf] {
  const middle = Math.ceil(rows.length / 2);
  const part = (from: number, to?: number) => ({ resource, rows: rows.slice(from, to) }) as RowsOf;
  return [part(0, middle), part(middle)];
}
