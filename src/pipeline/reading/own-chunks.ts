import type { DutchieRows, Resource, RowFailure } from "../../domain/records/model.ts";
import { ownRows } from "../../domain/snapshots/own-rows.ts";
import type { RowChunk } from "../../dutchie/client.ts";
import { DutchieReadError, dutchieError } from "../../dutchie/http/errors.ts";

type Owned = DutchieRows["products" | "inventory" | "sales"];

/** Decoded rows without those that say that they are another store's; these have failed. `own`: Dutchie's id of the store. */
export function ownOf<C extends { rows: DutchieRows[Resource][]; failures: RowFailure[] }>(
  resource: Resource,
  chunk: C,
  own: string | null,
): C {
  if (resource === "rooms") return chunk;
  const idOf = (row: Owned) =>
    "dutchie_inventory_id" in row
      ? row.dutchie_inventory_id
      : "dutchie_transaction_id" in row
        ? row.dutchie_transaction_id
        : row.dutchie_product_id;
  const found = ownRows(resource, chunk.rows as Owned[], { own, idOf });
  return found.failures.length === 0
    ? chunk
    : { ...chunk, rows: found.rows, failures: [...chunk.failures, ...found.failures] };
}

/**
 * The same of an answer's rows while they arrive, except its products: a catalogue may be a whole
 * company's. Rows of several stores are no answer while it is not known which one is ours.
 */
export async function* ownChunks(
  resource: Resource,
  chunks: AsyncIterable<RowChunk<Resource>>,
  own: string | null,
): AsyncGenerator<RowChunk<Resource>, void, undefined> {
  if (resource === "products") return yield* chunks;
  let first: string | null = own;
  for await (const chunk of chunks) {
    first ??= locationIn(chunk.rows);
    const owned = ownOf(resource, chunk, first);
    if (own === null && owned.rows.length < chunk.rows.length) throw new DutchieReadError(SEVERAL);
    yield owned;
  }
}

/** The first store that one of the rows names. */
function locationIn(rows: readonly DutchieRows[Resource][]): string | null {
  for (const row of rows)
    if ("dutchie_location_id" in row && row.dutchie_location_id !== undefined) return row.dutchie_location_id;
  return null;
}

const SEVERAL = dutchieError("WRONG_LOCATION", "Dutchie answered with the packages or sales of several locations", {
  hint: "Enter this store's location id in its connection, and ask the server's operator whether it heeds the id.",
});
