import type { RowFailure } from "../records/model.ts";

/** Rows that say which store they belong to. */
interface Located {
  dutchie_location_id?: string;
}

/**
 * The rows of this store. Some servers ignore the location that they are asked for and answer with the rows of every store of
 * the key; the stock of others would be added to this store's. `own`: null: Dutchie's id of the store is not known.
 */
export function ownRows<R extends Located>(
  resource: RowFailure["resource"],
  rows: readonly R[],
  { own, idOf }: { own: string | null; idOf: (row: R) => string },
): { rows: R[]; failures: RowFailure[] } {
  const isForeign = ({ dutchie_location_id: stated }: R) =>
    stated !== undefined && own !== null && stated !== own && isNumber(stated) && isNumber(own);
  const reasonOf = ({ dutchie_location_id: stated }: R) => `it belongs to Dutchie's location ${stated}, not to ${own}`;
  return {
    rows: rows.filter((row) => !isForeign(row)),
    failures: rows.filter(isForeign).map((row) => ({ resource, dutchie_id: idOf(row), reason: reasonOf(row) })),
  };
}

/** Another kind of id, such as a UUID, says nothing about the store's number. */
const isNumber = (id: string): boolean => /^\d+$/.test(id);
