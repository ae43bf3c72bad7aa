import { loadProducts } from "../../db/load-records.ts";
import { plannedProducts } from "../../db/statements.ts";
import { matchIndex } from "../../domain/identity/match.ts";
import { planReplacements } from "../../domain/identity/provisional.ts";
import { keptFields } from "../../domain/pushes/push.ts";
import { planProducts } from "../../domain/resolve/products.ts";
import { productLosses } from "../../domain/snapshots/losses.ts";
import type { StoreContext } from "../context.ts";
import { reportDropped } from "../pushes/dropped.ts";
import { noteLosses } from "../snapshots/mass-change.ts";
import { type Applied, aboutRows, type Incoming, planBasis, type Reading } from "./applied.ts";
import { duplicateStatements } from "./duplicates.ts";
import { freeProducts, NONE_FREE } from "./hints.ts";
import { doubtStatements, relinkStatements, unlinkStatements } from "./links.ts";
import { noteKept, writtenOf } from "./renditions.ts";
import { writeRecords } from "./write-records.ts";

/** The editor of edits that the store's settings make. */
const KEEPER = "field_authority";

export async function applyProducts(
  context: StoreContext,
  reading: Reading,
  incoming: Incoming<"products">,
): Promise<Applied> {
  const { db, store, location, now } = context;
  const { location_id, settings } = location;
  const stored = await loadProducts(
    db,
    location_id,
    incoming.map((row) => row.dutchie_product_id),
  );
  const isNew = incoming.some((row) => stored.get(row.dutchie_product_id)?.unsettled !== null);
  const { own, nameless } = isNew ? await freeProducts(context) : NONE_FREE;
  const isPushed = settings.direction === "bidirectional";
  const answered = isPushed ? store.outbox.answeredOf([...stored.values()].map(({ product_id }) => product_id)) : [];
  const plan = planProducts({
    ...planBasis(context, reading),
    incoming,
    stored,
    written: writtenOf(answered),
    match: matchIndex(own),
    floor: store.floors(now).products,
    keep: keptFields(settings),
  });
  planReplacements(nameless, plan.rows, plan, planBasis(context, reading));
  let after = plan.rows;
  if (reading.write) {
    if (plan.rows.length > 0) context.store.put("words_due", true);
    // Before the write: after it, a step that is repeated finds nothing that these rows could still lose.
    if (reading.origin.cause !== "user") noteLosses(context, productLosses(stored, plan.rows));
    // First: no value may be shown instead of Dutchie's that nobody sends.
    for (const { fields, ...product } of plan.kept) store.outbox.add(product, fields, KEEPER, now);
    const duplicates = await duplicateStatements(context, {
      origin: reading.origin,
      written: [...plan.rows, ...plan.released],
      before: stored,
      removed: new Set(plan.removed),
    });
    after = plan.rows.map(duplicates.decided);
    const statements = [
      ...unlinkStatements(location, plan),
      ...plannedProducts(location, { rows: after, filled: plan.filled }, { newer: now, before: stored.values() }),
      ...relinkStatements(location_id, plan.relinks, { ...reading.origin, at: now }),
      ...(await doubtStatements(context, plan)),
      ...duplicates.statements,
    ];
    // Before the write: after it, a step that is repeated sees no difference.
    const written = new Map(after.map((row) => [row.dutchie_product_id ?? "", row]));
    await reportDropped(context, { read: reading.read, rows: incoming, answered, before: stored, after: written });
    await writeRecords(context, statements, {
      changes: [...plan.changes, ...duplicates.changes],
      named: [{ resource: "products", ids: [...plan.named], ...reading.origin, at: now }],
    });
    noteKept(store.outbox, answered, incoming, now);
  }
  const ids = new Map([...stored.values(), ...plan.rows].map((row) => [row.dutchie_product_id, row.product_id]));
  const seen = incoming.flatMap((row) => ids.get(row.dutchie_product_id) ?? []);
  const live = new Map([...stored.values(), ...after].map((row) => [row.product_id, row.status !== "deleted"]));
  const dead = seen.filter((id) => live.get(id) !== true || plan.removed.includes(id));
  const about = aboutRows(
    [...stored.values(), ...plan.rows].map((row) => [row.product_id, row.dutchie_product_id ?? "", 0]),
  );
  const { counts, failures, changes, differences, outcomes } = plan;
  return { counts, failures, changes, differences, seen, dead, outcomes, about };
}
