import { sendReseals } from "../../../src/pipeline/sealing/reseal-all.ts";
import { deliver } from "../faults/support.ts";

/** What the nightly cron does with these keys: its messages, and those that follow from them. Returns how many there were. */
export async function sealAllAnew(given: Env): Promise<number> {
  const queue: unknown[] = [];
  const CHORES = {
    send: async (body: unknown) => void queue.push(body),
    sendBatch: async (messages: { body: unknown }[]) => void queue.push(...messages.map(({ body }) => body)),
  };
  const bindings = { ...given, CHORES } as unknown as Env;
  await sendReseals(bindings);
  let delivered = 0;
  for (; queue.length > 0; delivered++) await deliver("reup-dutchie-chores-development", [queue.shift()], bindings);
  return delivered;
}
