import type { Figure } from "../figure.ts";
import { bigStore } from "./big-store.ts";

/** The first sync up to its verification, beside its rows upserted into tables with the same columns and nothing around it. */
export const imported: Figure = {
  id: "imported",
  about: "first sync of 50,000 products with packages and sales, beside a raw upsert of the same rows",
  measure: async (bench) => {
    const { stage, store, db, seconds, records } = await bigStore(bench);
    const all = Number.MAX_SAFE_INTEGER;
    const ask = { products: all, inventory: all, sales: all };
    const raw = await stage.call<{ rows: number; ms: number; by_table: Record<string, { rows: number; ms: number }> }>(
      "raw",
      { db, location_id: store.id, ask },
    );
    const { rows = 0, ms = 0 } = raw.by_table.products ?? {};
    const [ours, products] = [records / seconds, rows / (ms / 1_000)];
    const figure = `first sync of ${records.toLocaleString("en-US")} records`;
    return [
      {
        figure,
        value: ours,
        unit: "records/s",
        beside: { name: "raw upsert of products, rows/s", value: products, ratio: ours / products },
        target: { of: "ratio", at: "least", number: 0.55 },
        more: { seconds, records, raw },
      },
      {
        figure,
        value: seconds,
        unit: "s",
        beside: { name: "raw upsert of all its rows, s", value: raw.ms / 1_000, ratio: raw.ms / 1_000 / seconds },
      },
    ];
  },
};
