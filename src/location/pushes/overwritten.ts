import { loadProductsById } from "../../db/load-records.ts";
import { overwritten } from "../../domain/pushes/push.ts";
import type { IncomingProduct } from "../../domain/records/mapping.ts";
import { completed } from "../../domain/resolve/products.ts";
import type { StoreContext } from "../context.ts";
import { openConflict } from "./edit-conflicts.ts";

/**
 * A webhook of a moment between the state that a push rested on and its answer: somebody edited the product in Dutchie
 * at the same time, and our write, which Dutchie cannot refuse, overwrote that edit. A review shows a person both values.
 */
export async function reportOverwritten(
  context: StoreContext,
  { occurred_at, rows }: { occurred_at: number; rows: readonly IncomingProduct[] },
): Promise<void> {
  const timeOf = (row: IncomingProduct) => row.modified_at ?? occurred_at;
  const ids = rows.map((row) => row.dutchie_product_id);
  const recent = context.store.outbox.answeredSince(Math.min(...rows.map(timeOf)), ids);
  if (recent.length === 0) return;
  const written = new Set(recent.map(({ product_id }) => product_id));
  const products = await loadProductsById(context.db, context.location.location_id, [...written]);
  for (const row of rows) {
    const writes = recent.filter(({ dutchie_product_id }) => dutchie_product_id === row.dutchie_product_id);
    const product_id = writes[0]?.product_id;
    if (product_id === undefined) continue;
    // A row that states one of several prices says nothing of the price that is charged.
    const known = products.find((product) => product.product_id === product_id);
    const { content } = known === undefined ? row : completed(row, known);
    const conflicts = overwritten(writes, content, timeOf(row));
    if (conflicts.length === 0) continue;
    const reason = "The product was edited in Dutchie at the moment of ReUp's write. Dutchie now has ReUp's values.";
    await openConflict(context, { product_id, conflicts, reason });
  }
}
