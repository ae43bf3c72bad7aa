import { app } from "./api/app.ts";
import { tick } from "./pipeline/chores/tick.ts";
import { consumeAlerts } from "./pipeline/consumers/alerts.ts";
import { consumeDeadLetters } from "./pipeline/consumers/dead-letters.ts";
import { consumeSync } from "./pipeline/consumers/sync.ts";
import { consumeTelling } from "./pipeline/consumers/telling.ts";
import { isUnconfigured, putOffUnconfigured } from "./pipeline/consumers/unconfigured.ts";
import { consumeWebhooks } from "./pipeline/consumers/webhooks.ts";

export { Location } from "./location/location.ts";

/** Queues are named `reup-dutchie-<purpose>-<environment>`. */
const CONSUMERS = [
  [/-webhooks-/, consumeWebhooks],
  [/-(sync|imports|slow|chores)-/, consumeSync],
  [/-alerts-/, consumeAlerts],
  [/-notices-/, consumeTelling],
  [/-dead-letters-/, consumeDeadLetters],
] as const;

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    const consumer = CONSUMERS.find(([name]) => name.test(batch.queue))?.[1];
    if (consumer === undefined) throw new Error(`No consumer for queue ${batch.queue}`);
    if (consumer !== consumeDeadLetters && (await putOffUnconfigured(batch, env))) return;
    await consumer(batch, env);
  },
  async scheduled(controller, env) {
    // What is due stays due.
    if (isUnconfigured(env)) return;
    await tick(env, controller.cron, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
