import type { Bench } from "../bench.ts";
import type { Figure, Measure } from "../figure.ts";
import { openStore, type Store } from "../store.ts";
import { type Call, type LoadResult, load } from "../support/load.ts";
import { median } from "../support/percentile.ts";
import type { Webhook } from "../webhook.ts";

const CONNECTIONS = 16;

/**
 * Webhooks of one store at the door, while the consumer applies them, and again while it is held: on this machine both share the
 * cores, on Cloudflare they do not. The same signed requests go to a handler that does nothing and to one that only queues, in
 * turn, each after the queue of the one before is empty.
 */
export const accepted: Figure = {
  id: "accepted",
  about: "webhooks accepted over 16 connections, beside an empty handler and one that only queues",
  measure: async (bench) => {
    const { store, stage } = await liveStore(bench);
    const at = (path: string) => (call: Call) => ({ ...call, path });
    const calls = bench.size(1_000, 100);
    const rounds: Round[] = [];
    // The first round is for the compiler only.
    for (let round = 0; round <= bench.size(5, 1); round++) {
      const events = await store.happen(calls);
      const send = (where = (call: Call) => call) =>
        load(stage.worker.url, {
          calls,
          connections: CONNECTIONS,
          isExpected: (status) => status === 202,
          call: (i) => where(store.signed(events[i] as Webhook)),
        });
      const before = await stage.handled("webhooks");
      const ours = await send();
      await stage.drained("webhooks", before.messages + calls, 300);
      await stage.gate("webhooks", "hold");
      const alone = await send();
      await stage.gate("webhooks", "open");
      await stage.drained("webhooks", before.messages + 2 * calls, 300);
      const queued = await stage.handled("limit");
      const queue = await send(at("/v1/bench/queue"));
      await stage.drained("limit", queued.messages + calls, 300);
      const empty = await send(at("/v1/bench/empty"));
      if (round > 0) rounds.push({ ours, alone, queue, empty });
    }
    await store.mustBeEqual();
    return measures(rounds);
  },
};

interface Round {
  ours: LoadResult;
  /** As `ours`, with the consumer held. */
  alone: LoadResult;
  queue: LoadResult;
  empty: LoadResult;
}

function measures(rounds: readonly Round[]): Measure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  const a_second = (name: "ours" | "alone", limit: "empty" | "queue") => ({
    value: of((round) => round[name].per_second),
    unit: "/s",
    beside: {
      name: limit === "queue" ? "only queues" : limit,
      value: of((round) => round[limit].per_second),
      ratio: of((round) => round[name].per_second / round[limit].per_second),
    },
  });
  return [
    {
      figure: "webhook accepted, requests/s",
      ...a_second("ours", "empty"),
      target: { of: "ratio", at: "least", number: 0.55 },
      more: { rounds },
    },
    {
      figure: "webhook accepted, p99",
      value: of(({ ours }) => ours.p99_ms),
      unit: "ms",
      beside: {
        name: "empty",
        value: of(({ empty }) => empty.p99_ms),
        ratio: of(({ ours, empty }) => ours.p99_ms / empty.p99_ms),
      },
      target: { of: "ratio", at: "most", number: 2.5 },
    },
    {
      figure: "webhook accepted, requests/s",
      ...a_second("ours", "queue"),
      target: { of: "ratio", at: "least", number: 0.8 },
    },
    { figure: "webhook accepted, consumer held, requests/s", ...a_second("alone", "queue") },
  ];
}

/** A store of 3,000 products after its first sync. */
export async function liveStore(bench: Bench) {
  const stage = await bench.stage("live");
  const known = stage.kept.get("live") as Store | undefined;
  if (known !== undefined) return { stage, store: known };
  const store = await openStore(stage, { size: bench.size(3_000, 300), salesPerDay: 20 });
  await store.sync("initial");
  stage.kept.set("live", store);
  return { stage, store };
}
