import { isOfNewerBuild } from "../../contract/messages.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import { log } from "../../platform/log.ts";

/**
 * A message that this build cannot read comes again. One of a newer build waits for that build, which another consumer may have, or
 * the next deployment. Trying again cannot help any other: it is soon a dead letter, where it is seen.
 */
export function putOffUnread(message: Message, queue: string): void {
  const { id: message_id, attempts: attempt } = message;
  const isNewer = isOfNewerBuild(message.body);
  log(isNewer ? "message_of_newer_build" : "message_not_understood", { queue, message_id, attempt, outcome: "retry" });
  message.retry(isNewer ? { delaySeconds: retryDelayS(attempt) } : {});
}
