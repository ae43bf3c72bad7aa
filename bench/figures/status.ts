import type { Figure } from "../figure.ts";
import { load } from "../support/load.ts";
import { median } from "../support/percentile.ts";
import { bigStore } from "./big-store.ts";

/** The status that a viewer's page asks for, while a second viewer listens to the stream. */
export const status: Figure = {
  id: "status",
  about: "status of a store of 208,000 records, watched: rows read, requests/s beside an empty handler",
  measure: async (bench) => {
    const { stage, store } = await bigStore(bench);
    const path = `/v1/locations/${store.id}/status`;
    const headers = { authorization: `Bearer ${stage.token}` };
    const stop = new AbortController();
    const viewer = await fetch(`${stage.worker.url}${path}/stream`, { headers, signal: stop.signal });
    if (!viewer.ok) throw new Error(`The stream answered ${viewer.status}`);
    await viewer.body?.getReader().read();
    const asked = 20;
    const { d1, location } = await stage.counted(async () => {
      for (let i = 0; i < asked; i++) await stage.api.get(path);
    });
    const rounds: { ours: number; empty: number }[] = [];
    for (let round = 0; round <= bench.size(5, 1); round++) {
      const send = async (path: string) =>
        (
          await load(stage.worker.url, {
            calls: bench.size(1_000, 100),
            connections: 16,
            isExpected: (status) => status === 200,
            call: () => ({ method: "GET", path, headers }),
          })
        ).per_second;
      const both = { ours: await send(path), empty: await send("/v1/bench/empty") };
      if (round > 0) rounds.push(both);
    }
    stop.abort();
    const figure = "status of a large, watched store";
    return [
      {
        figure: `${figure}: rows read`,
        value: (d1.rows_read + location.rows_read) / asked,
        unit: "",
        target: { of: "value", at: "most", number: 20 },
        more: { d1: d1.rows_read / asked, location: location.rows_read / asked },
      },
      {
        figure: `${figure}, requests/s`,
        value: median(rounds.map(({ ours }) => ours)),
        unit: "/s",
        beside: {
          name: "empty",
          value: median(rounds.map(({ empty }) => empty)),
          ratio: median(rounds.map(({ ours, empty }) => ours / empty)),
        },
        target: { of: "ratio", at: "least", number: 0.5 },
        more: { rounds },
      },
    ];
  },
};
