import type { Gate, Handled } from "../contract.ts";
import { realNow } from "./clock.ts";

const gates = new Map<string, Gate>();
const handled = new Map<string, Handled>();

/** `webhooks` of `reup-dutchie-webhooks-development`. */
const purposeOf = (queue: string): string => queue.replace(/^reup-dutchie-/, "").replace(/-development$/, "");

export function setGate(purpose: string, gate: Gate): void {
  gates.set(purpose, gate);
}

/** Messages that were handled or dropped, per queue, and when the last was. */
export const handledSoFar = (): Record<string, Handled> => Object.fromEntries(handled);

/** Waits while the queue is held. True: the batch is to be handled. */
export async function passGate(batch: MessageBatch): Promise<boolean> {
  const purpose = purposeOf(batch.queue);
  while (gates.get(purpose) === "hold") await scheduler.wait(10);
  if (gates.get(purpose) !== "drop") return true;
  batch.ackAll();
  noteHandled(batch);
  return false;
}

export function noteHandled(batch: MessageBatch): void {
  const purpose = purposeOf(batch.queue);
  const { messages } = handled.get(purpose) ?? { messages: 0 };
  handled.set(purpose, { messages: messages + batch.messages.length, last_at: realNow() });
}
