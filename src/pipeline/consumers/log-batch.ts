import { log } from "../../platform/log.ts";

/** The end of a batch, in the log: how many of its messages come again. */
export function logBatch({ queue, messages }: MessageBatch, began: number, retried: number): void {
  const outcome = retried === 0 ? "done" : "retry";
  log("batch_ended", { queue, outcome, count: messages.length, retried, ms: Date.now() - began });
}
