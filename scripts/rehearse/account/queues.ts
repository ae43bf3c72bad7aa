import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type Account, type Queue, Refusal } from "./account.ts";
import { done, listed } from "./answers.ts";

interface ConsumerBody {
  script_name: string;
  dead_letter_queue?: string;
  settings: Record<string, number>;
}

export function queues(account: Account): Hono {
  const api = new Hono();
  const shown = (queue: Queue) => ({
    ...queue,
    modified_on: queue.created_on,
    producers: [],
    producers_total_count: 0,
    consumers: queue.consumers.map((each) => ({ ...each, type: "worker" })),
    consumers_total_count: queue.consumers.length,
  });
  const find = (id: string) => {
    const found = [...account.queues.values()].find(({ queue_id }) => queue_id === id);
    if (found === undefined) throw new Refusal(404, 11000, "Queue not found");
    return found;
  };
  const consumerOf = ({ script_name, dead_letter_queue, settings }: ConsumerBody, consumer_id: string) => {
    account.worker(script_name);
    if (dead_letter_queue !== undefined && !account.queues.has(dead_letter_queue))
      throw new Refusal(400, 11102, `Dead letter queue ${dead_letter_queue} does not exist`);
    return { consumer_id, script: script_name, dead_letter_queue, settings };
  };

  api.get("/queues", (c) => {
    const names = c.req.queries("name") ?? [];
    const all = Number(c.req.query("page") ?? 1) > 1 ? [] : [...account.queues.values()];
    return c.json(listed(all.filter((each) => names.length === 0 || names.includes(each.queue_name)).map(shown)));
  });

  api.post("/queues", async (c) => {
    const { queue_name } = await c.req.json<{ queue_name: string }>();
    if (account.queues.has(queue_name))
      throw new Refusal(
        409,
        11009,
        `Queue name '${queue_name}' is already taken. Please use a different name and try again.`,
      );
    const queue: Queue = {
      queue_id: randomUUID().replaceAll("-", ""),
      queue_name,
      created_on: account.now(),
      consumers: [],
    };
    account.queues.set(queue_name, queue);
    return c.json(done(shown(queue)));
  });

  api.post("/queues/:id/consumers", async (c) => {
    const queue = find(c.req.param("id"));
    const consumer = consumerOf(await c.req.json<ConsumerBody>(), randomUUID().replaceAll("-", ""));
    if (queue.consumers.length > 0) throw new Refusal(400, 11004, `Queue ${queue.queue_name} has a consumer already`);
    queue.consumers.push(consumer);
    return c.json(done(consumer));
  });

  api.put("/queues/:id/consumers/:consumer", async (c) => {
    const queue = find(c.req.param("id"));
    const consumer = consumerOf(await c.req.json<ConsumerBody>(), c.req.param("consumer"));
    queue.consumers = queue.consumers.map((each) => (each.consumer_id === consumer.consumer_id ? consumer : each));
    return c.json(done(consumer));
  });
  return api;
}
