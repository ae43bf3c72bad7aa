import type { RowsOf } from "../../contract/location.ts";
import { isFault, OUR_FAULT } from "../../platform/failures.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { type Applied, NOTHING_APPLIED, type Reading } from "./applied.ts";
import { apply, recordsOf } from "./apply.ts";
import { halves } from "./halves.ts";

/**
 * Applies rows. A row that makes our code or the database fail is left out alone (F72). It is found by halving, so that
 * the others are still written in few batches. A passing failure is thrown: all rows are delivered again.
 */
export async function applyAlone(context: StoreContext, reading: Reading, chunk: RowsOf): Promise<Applied> {
  try {
    return await apply(context, reading, chunk);
  } catch (error) {
    if (!isFault(error)) throw error;
    const { resource, rows } = chunk;
    if (rows.length > 1) {
      const [first, second] = halves(chunk);
      return joined(await applyAlone(context, reading, first), await applyAlone(context, reading, second));
    }
    log("row_not_applied", { location_id: context.location.location_id, resource, fault: error });
    const failures = [{ resource, dutchie_id: idOf(chunk), reason: OUR_FAULT }];
    // Dutchie listed it: its record is not absent.
    const seen = await recordsOf(context, failures);
    return { ...NOTHING_APPLIED, failures, seen, dead: seen, outcomes: [null] };
  }
}

function joined(a: Applied, b: Applied): Applied {
  const counts = { ...a.counts };
  for (const key of Object.keys(counts) as (keyof Applied["counts"])[]) counts[key] += b.counts[key];
  return {
    counts,
    failures: [...a.failures, ...b.failures],
    changes: [...a.changes, ...b.changes],
    differences: [...a.differences, ...b.differences],
    seen: [...a.seen, ...b.seen],
    dead: [...a.dead, ...b.dead],
    outcomes: [...a.outcomes, ...b.outcomes],
    about: new Map([...a.about, ...b.about]),
  };
}

function idOf(chunk: RowsOf): string | null {
  switch (chunk.resource) {
    case "products":
      return chunk.rows[0]?.dutchie_product_id ?? null;
    case "inventory":
      return chunk.rows[0]?.dutchie_inventory_id ?? null;
    case "sales":
      return chunk.rows[0]?.dutchie_transaction_id ?? null;
    case "rooms":
      return chunk.rows[0]?.content.dutchie_room_id ?? null;
  }
}
