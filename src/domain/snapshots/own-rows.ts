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
  const own_rows: R[] = [];
  const failures: RowFailure[] = [];
  for (const row of rows) {
    const reason = whyForeign(row.dutchie_location_id, own);
    if (reason === null) own_rows.push(row);
    else failures.push({ resource, dutchie_id: idOf(row), reason });
  }
  return { rows: own_rows, failures };
}

/** Why what states this location of Dutchie's is another store's; null: it is not known to be. */
export const whyForeign = (stated: string | null | undefined, own: string | null): string | null =>
  stated != null && own !== null && stated !== own && isNumber(stated) && isNumber(own)
    ? `it belongs to Dutchie's location ${stated}, not to ${own}`
    : null;

/** Another kind of id, such as a UUID, says nothing about the store's number. */
const isNumber = (id: string): boolean => /^\d+$/.test(id);
