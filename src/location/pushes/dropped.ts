import { type EditConflict, pushEntries, renditions } from "../../domain/pushes/push.ts";
import type { IncomingProduct } from "../../domain/records/mapping.ts";
import { dutchieSide } from "../../domain/records/overrides.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import type { Read } from "../../domain/records/version.ts";
import type { StoreContext } from "../context.ts";
import type { Push } from "../storage/outbox.ts";
import { openConflict } from "./edit-conflicts.ts";

/**
 * Dutchie answers a write without an error even when it saves only some of its products. A later list then shows the value
 * from before the edit, with no later change of the product: a review asks a person, for the shop charges the old price.
 * `before`, `after`: the products by Dutchie's id, before and after these rows. `answered`: their writes, the newest first.
 */
export async function reportDropped(
  context: StoreContext,
  given: {
    read: Read;
    rows: readonly IncomingProduct[];
    answered: readonly Push[];
    before: ReadonlyMap<string, ProductRow>;
    after: ReadonlyMap<string, ProductRow>;
  },
): Promise<void> {
  const { read, rows, answered } = given;
  if (read.kind === "event") return;
  for (const { dutchie_product_id: id, modified_at } of rows) {
    const [before, after] = [given.before.get(id), given.after.get(id)];
    const push = answered.find((each) => each.dutchie_product_id === id);
    if (push?.state !== "done" || before === undefined || after === undefined) continue;
    // A list that may be older than the write shows nothing. A later stamp is somebody's edit in Dutchie.
    const isLater = read.as_of > (push.answered_at ?? Number.POSITIVE_INFINITY);
    if (!isLater || (modified_at ?? 0) > (push.known_at ?? 0)) continue;
    const conflicts = droppedFields(push, before, after);
    if (conflicts.length > 0) await openConflict(context, { product_id: push.product_id, conflicts, reason: DROPPED });
  }
}

const DROPPED =
  "Dutchie answered ReUp's write without an error, but its list shows the value from before, and no later change of the product.";

function droppedFields({ fields }: Push, before: ProductRow, after: ProductRow): EditConflict[] {
  const [was, is] = [dutchieSide(before), dutchieSide(after)];
  const kept = new Set(renditions(fields, is).map(({ field }) => field));
  return pushEntries(fields).flatMap(([field, { value, base }]) =>
    was[field] !== is[field] && is[field] === base && base !== value && !kept.has(field)
      ? [{ field, base, dutchie_value: base, reup_value: value }]
      : [],
  );
}
