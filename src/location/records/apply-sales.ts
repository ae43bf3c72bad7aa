import { loadSales } from "../../db/load-records.ts";
import { customersUpdate, salesUpsert } from "../../db/statements.ts";
import type { RowFailure } from "../../domain/records/model.ts";
import { saleId } from "../../domain/records/records.ts";
import { comparesLines, planSales } from "../../domain/resolve/sales.ts";
import type { StoreContext } from "../context.ts";
import { noteSales } from "../snapshots/sale-scale.ts";
import { type Applied, aboutRows, type Incoming, planBasis, type Reading } from "./applied.ts";
import { productsFor } from "./hints.ts";
import { writeRecords } from "./write-records.ts";

export async function applySales(
  context: StoreContext,
  reading: Reading,
  incoming: Incoming<"sales">,
): Promise<Applied> {
  const { db, location, now } = context;
  const { location_id, customer_pepper } = location;
  const stored = await loadSales(
    db,
    location_id,
    incoming.map((row) => saleId(row.dutchie_transaction_id)),
  );
  const lines = new Map([...stored.values()].map(({ sale_id, lines }) => [sale_id, lines ?? []]));
  const { productIds, unclear, statements, changes } = await productsFor(
    context,
    reading,
    incoming.flatMap((row) => row.hints),
    [...lines.values()].flat(),
  );
  const compared = incoming.filter((row) => comparesLines(row, stored.get(row.dutchie_transaction_id)));
  const plan = planSales({
    ...planBasis(context, reading),
    pepper_id: customer_pepper?.id ?? null,
    incoming,
    stored,
    storedLines: new Map(
      compared.map((row) => saleId(row.dutchie_transaction_id)).map((id) => [id, lines.get(id) ?? []]),
    ),
    productIds,
    floor: 0,
  });
  if (reading.write) {
    if (plan.rows.length > 0) noteSales(context);
    const written = [
      ...statements,
      ...salesUpsert(location, plan.rows, { newer: now, before: stored.values() }),
      ...customersUpdate(location_id, plan.keyed),
    ];
    await writeRecords(context, written, {
      changes: [...changes, ...plan.changes],
      named: [{ resource: "sales", ids: plan.created, ...reading.origin, at: now }],
    });
  }
  const about = aboutRows(
    incoming.map(({ dutchie_transaction_id }) => [saleId(dutchie_transaction_id), dutchie_transaction_id, 0]),
  );
  // The sale is stored, its line without a product: the failure says why.
  const failures = incoming.flatMap(({ dutchie_transaction_id, meant }) =>
    Object.entries(meant).flatMap(([line_id, key]): RowFailure[] => {
      const reason = unclear.get(key);
      if (reason === undefined) return [];
      return [{ resource: "sales", dutchie_id: dutchie_transaction_id, reason: `line ${line_id} ${reason}` }];
    }),
  );
  return { ...plan, failures: [...plan.failures, ...failures], seen: [], dead: [], about };
}
