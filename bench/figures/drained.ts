import type { Figure } from "../figure.ts";
import { median } from "../support/percentile.ts";
import { liveStore } from "./accepted.ts";

/** A sale has an event of its own and one of its packages: so of 100 events 60 are of stock, 20 of products and 20 of sales. */
const MIXED = [
  { kind: "adjust", count: 40 },
  { kind: "edit", count: 20 },
  { kind: "sell", count: 20 },
] as const;

/**
 * Events of one store that wait in the queue, until the last is applied; beside the rows that they change, upserted into
 * tables with the same columns and nothing around it.
 */
export const drained: Figure = {
  id: "drained",
  about: "5,000 waiting events of one store applied, beside a raw upsert of the same rows",
  measure: async (bench) => {
    const { stage, store } = await liveStore(bench);
    const size = bench.size(5_000, 200);
    const db = await stage.shardOf(store.id);
    const rows = { inventory: 0.6 * size, products: 0.2 * size, sales: 0.2 * size };
    const rounds: { events: number; raw: number }[] = [];
    for (let round = 0; round < bench.size(3, 1); round++) {
      const ms = await store.fill(await store.happen(size, MIXED));
      const raw = await stage.call<{ rows: number; ms: number }>("raw", { db, location_id: store.id, ask: rows });
      rounds.push({ events: size / (ms / 1_000), raw: raw.rows / (raw.ms / 1_000) });
    }
    await store.mustBeEqual();
    return [
      {
        figure: `draining ${size.toLocaleString("en-US")} events of one store`,
        value: median(rounds.map(({ events }) => events)),
        unit: "/s",
        beside: {
          name: "raw upsert, rows/s",
          value: median(rounds.map(({ raw }) => raw)),
          ratio: median(rounds.map(({ events, raw }) => events / raw)),
        },
        target: { of: "value", at: "least", number: 1_500 },
        more: { rounds },
      },
    ];
  },
};
