import { droppedFields } from "../../domain/pushes/dropped.ts";
import type { IncomingProduct } from "../../domain/records/mapping.ts";
import { dutchieSide } from "../../domain/records/overrides.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import type { Read } from "../../domain/records/version.ts";
import type { StoreContext } from "../context.ts";
import type { Push } from "../storage/outbox.ts";
import { openConflict } from "./edit-conflicts.ts";

/**
 * What Dutchie did not save is a question for a person: the shop charges the old price. `before`, `after`: the products by
 * Dutchie's id, before and after these rows. `answered`: their writes, the newest first.
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
  for (const { dutchie_product_id: id, modified_at } of rows) {
    const [before, after] = [given.before.get(id), given.after.get(id)];
    const push = answered.find((each) => each.dutchie_product_id === id);
    if (push?.state !== "done" || before === undefined || after === undefined) continue;
    const shown = { read, modified_at, was: dutchieSide(before), is: dutchieSide(after) };
    const conflicts = droppedFields(push, shown);
    if (conflicts.length > 0) await openConflict(context, { product_id: push.product_id, conflicts, reason: DROPPED });
  }
}

const DROPPED =
  "Dutchie answered ReUp's write without an error, but its list shows the value from before, and no later change of the product.";
