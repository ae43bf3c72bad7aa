import { loadInventory, loadRooms } from "../../db/load-records.ts";
import { hintKey } from "../../domain/records/mapping.ts";
import type { RowFailure } from "../../domain/records/model.ts";
import { mayHaveMoved, namedProduct, planInventory } from "../../domain/resolve/inventory.ts";
import { packageLosses } from "../../domain/snapshots/losses.ts";
import { nameRooms, roomBook } from "../../domain/snapshots/name-rooms.ts";
import type { StoreContext } from "../context.ts";
import { requestRefresh } from "../events/refresh.ts";
import { noteLosses } from "../snapshots/mass-change.ts";
import { type Applied, aboutRows, type Incoming, planBasis, type Reading } from "./applied.ts";
import { productsFor } from "./hints.ts";
import { writeRecords } from "./write-records.ts";

export async function applyInventory(
  context: StoreContext,
  reading: Reading,
  rows: Incoming<"inventory">,
): Promise<Applied> {
  const { db, location, now } = context;
  const { location_id } = location;
  const book = roomBook(await loadRooms(db, location_id));
  const incoming = rows.map((row) => nameRooms(row, book, location.settings.room_types));
  const stored = await loadInventory(
    db,
    location_id,
    incoming.map((row) => row.dutchie_inventory_id),
  );
  const basis = { ...planBasis(context, reading), floor: context.store.floors(now).inventory };
  const named = incoming.map((row) => namedProduct(row, stored, basis));
  const { productIds, unclear, statements, changes } = await productsFor(
    context,
    reading,
    named.flatMap((hint) => hint ?? []),
    [...stored.values()].flat(),
  );
  const plan = planInventory({ ...basis, incoming, stored, productIds });
  if (reading.write) {
    if (plan.rows.length > 0) context.store.put("words_due", true);
    if (reading.origin.cause !== "user") noteLosses(context, packageLosses(stored, plan.rows));
    const before = [...stored.values()].flat();
    const ids = new Set(before.map(({ inventory_id }) => inventory_id));
    const imported = plan.rows.flatMap((row) =>
      row.created_by == null || ids.has(row.inventory_id) ? [] : row.inventory_id,
    );
    const made = [{ resource: "inventory" as const, ids: imported, ...reading.origin, at: now }];
    const packages = { rows: plan.rows, guard: { newer: now, before } };
    const listed = reading.read.kind === "snapshot" ? plan.seen : undefined;
    // Before the write: once the rows are written, nobody who comes again after a crash sees the move.
    if (mayHaveMoved(stored, plan.rows, listed)) await requestRefresh(context);
    await writeRecords(context, statements, { changes: [...changes, ...plan.changes], named: made }, packages);
  }
  const known = [...[...stored.values()].flat(), ...plan.rows];
  const about = aboutRows(known.map((row) => [row.inventory_id, row.dutchie_inventory_id, row.unit_price ?? 0]));
  // The package is stored without a product: the failure says why.
  const failures = incoming.flatMap((row, n): RowFailure[] => {
    const hint = named[n] ?? null;
    const reason = hint === null ? undefined : unclear.get(hintKey(hint));
    return reason === undefined ? [] : [{ resource: "inventory", dutchie_id: row.dutchie_inventory_id, reason }];
  });
  const live = new Set<string>();
  // Stored rows come first, and what was written of them after.
  for (const { inventory_id, quantity } of known) {
    if (quantity === 0) live.delete(inventory_id);
    else live.add(inventory_id);
  }
  const dead = plan.seen.filter((id) => !live.has(id));
  return { ...plan, failures: [...plan.failures, ...failures], dead, about };
}
