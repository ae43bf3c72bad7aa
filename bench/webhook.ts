import type { Simulator } from "../simulator/app.ts";

export type Acts = NonNullable<Parameters<Simulator["act"]>[0]>;

/** A webhook of what happened in a simulated store, not sent yet. */
export interface Webhook {
  id: string;
  body: string;
}

/** So that another address gets new events with each run of the bench. */
const RUN = Date.now().toString(36);
let webhooks = 0;

export function newWebhook(body: object): Webhook {
  webhooks += 1;
  return { id: `evt_${RUN}_${webhooks}`, body: JSON.stringify(body) };
}

/** Makes things happen in the store. */
export const webhooksOf = (simulator: Simulator, acts: Acts): Webhook[] =>
  simulator.act(acts).map((event) => newWebhook(simulator.eventBody(event)));
