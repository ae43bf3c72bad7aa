import { loadProducts } from "../db/load-records.ts";
import { recordsDb } from "../db/records.ts";
import type { LocationRow } from "../db/schema.ts";
import type { IncomingProduct } from "../domain/mapping.ts";
import { type EditConflict, overwritten } from "../domain/push.ts";
import { openConflict } from "./edit-conflicts.ts";
import type { Store } from "./store.ts";

/**
 * A webhook of a moment between the state that a push rested on and its answer: somebody edited the product in Dutchie
 * at the same time, and our write, which Dutchie cannot refuse, took that edit away. A person is told, with both values.
 */
export async function reportOverwritten(
  env: Env,
  store: Store,
  location: LocationRow,
  occurred_at: number,
  rows: readonly IncomingProduct[],
  now: number,
): Promise<void> {
  const earliest = Math.min(occurred_at, ...rows.map((row) => row.modified_at ?? occurred_at));
  const recent = store.outbox.answeredSince(earliest);
  if (recent.length === 0) return;
  const db = recordsDb(env, location.location_id);
  const known = await loadProducts(
    db,
    location.location_id,
    rows.map((row) => row.dutchie_product_id),
  );
  for (const row of rows) {
    const product_id = known.get(row.dutchie_product_id)?.product_id;
    const ours = recent.filter((each) => each.product_id === product_id);
    const at = row.modified_at ?? occurred_at;
    const push = ours.find(({ known_at, answered_at }) => (known_at ?? 0) < at && at <= (answered_at ?? 0));
    if (push === undefined || push.written === null) continue;
    const isOurs = ({ field, dutchie_value }: EditConflict) =>
      ours.some(({ written }) => written?.[field] === dutchie_value);
    // The echo of an earlier push is ours as well.
    const conflicts = overwritten(push.written, row.content, push.fields).filter((conflict) => !isOurs(conflict));
    if (conflicts.length === 0) continue;
    const reason =
      "The product was edited in Dutchie in the moment in which ReUp's edit was written: Dutchie now has ReUp's values.";
    await openConflict(db, location, push.product_id, conflicts, reason, now);
  }
}
