import type { Figure } from "../figure.ts";
import { bigStore } from "./big-store.ts";

export const unchanged: Figure = {
  id: "unchanged",
  about: "the same import again, with nothing changed: records written, rows read",
  measure: async (bench) => {
    const { stage, store } = await bigStore(bench);
    let records = 0;
    let written = 0;
    const began = Date.now();
    const counts = await stage.counted(async () => {
      const run = await store.sync("full");
      records = run.records_processed;
      written = run.created + run.updated + run.deleted;
    });
    const seconds = (Date.now() - began) / 1_000;
    const { rows_read, rows_written } = counts.d1;
    const by_statement = Object.fromEntries(
      Object.entries(counts.by_statement)
        .sort(([, a], [, b]) => b.rows_read - a.rows_read)
        .slice(0, 15),
    );
    return [
      {
        figure: "the same again, nothing changed: records written",
        value: written,
        unit: "",
        target: { of: "value", at: "most", number: 0 },
        more: { d1_rows_written: rows_written, seconds, by_statement },
      },
      {
        figure: "the same again: D1 rows read per record",
        value: rows_read / records,
        unit: "",
        target: { of: "value", at: "most", number: 1.3 },
        more: { rows_read, records },
      },
    ];
  },
};
