import { setTimeout as pause } from "node:timers/promises";
import type { WorldEvent } from "../../simulator/world/records.ts";
import type { Figure } from "../figure.ts";
import type { Store } from "../store.ts";
import { load } from "../support/load.ts";
import { newWebhook, type Webhook } from "../webhook.ts";
import { liveStore } from "./accepted.ts";

/** Of a sale of three packages. */
export const WEBHOOKS = 4;
/** Time for what follows the events, ms: the status for viewers, alerts. */
const AFTER_MS = 1_500;

/** A sale of three packages: its own webhook and one for each package, sent at once. */
export const sale: Figure = {
  id: "sale",
  about: "one sale with its four webhooks: rows written in D1 and in the Location",
  measure: async (bench) => {
    const { stage, store } = await liveStore(bench);
    // What other figures left over would be of older states.
    await store.mustBeEqual();
    const sales = bench.size(10, 2);
    const counts = await stage.counted(async () => {
      for (let i = 0; i < sales; i++) {
        const { messages } = await stage.handled("webhooks");
        const webhooks = sellThree(store);
        const calls = { calls: WEBHOOKS, connections: WEBHOOKS, isExpected: (status: number) => status === 202 };
        await load(stage.worker.url, { ...calls, call: (n) => store.signed(webhooks[n] as Webhook) });
        await stage.drained("webhooks", messages + WEBHOOKS, 60);
      }
      await pause(AFTER_MS);
    });
    await store.mustBeEqual();
    const target = { of: "value", at: "most", number: 8 } as const;
    const { d1, location, by_statement } = counts;
    const writes = Object.fromEntries(Object.entries(by_statement).filter(([, { rows_written }]) => rows_written > 0));
    const more = { sales, writes, d1, location };
    return [
      {
        figure: "one sale with four webhooks: D1 rows written",
        value: d1.rows_written / sales,
        unit: "",
        target,
        more,
      },
      {
        figure: "one sale with four webhooks: Location rows written",
        value: location.rows_written / sales,
        unit: "",
        target,
      },
    ];
  },
};

/** Sells until somebody buys three packages: the webhooks of that sale. Those of the others are sent later. */
export function sellThree(store: Store): Webhook[] {
  for (;;) {
    const events = store.dutchie.act({ kind: "sell" }).flatMap(onePackageEach);
    const webhooks = events.map((event) => newWebhook(store.dutchie.eventBody(event)));
    if (webhooks.length === WEBHOOKS) return webhooks;
    store.later(webhooks);
  }
}

const onePackageEach = (event: WorldEvent): WorldEvent[] =>
  "packages" in event ? event.packages.map((one) => ({ ...event, packages: [one] })) : [event];
