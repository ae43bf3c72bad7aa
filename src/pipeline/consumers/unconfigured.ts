import { MAX_QUEUE_DELAY_MS, MAX_UNCONFIGURED_MS } from "../../domain/bounds.ts";
import { delaySeconds, waitMs } from "../../domain/limits/wait.ts";
import { ConfigError, configProblems } from "../../env.ts";
import { log } from "../../platform/log.ts";
import { storeDeadLetters } from "./dead-letters.ts";

/** Waits before the next attempt: 1 min, 4 min, 16 min, … 12 h. */
const FIRST_WAIT_MS = 60_000;
/** Each wait is four times the one before: two doublings. */
const DOUBLINGS = 2;
/** Alerts have no dead letters: each is in D1, and its notice is sent again. */
const WITHOUT_DEAD_LETTERS = /-alerts-/;

/** Whether a variable of the Worker is wrong. The log says which; until it is right, the Worker does nothing. */
export function isUnconfigured(env: Env): boolean {
  const problems = configProblems(env);
  if (problems.length > 0) log("worker_unconfigured", { cause: new ConfigError(problems) });
  return problems.length > 0;
}

/** Delays a batch until the configuration is right, and stores in D1 what has waited too long. False: there is no need. */
export async function putOffUnconfigured(batch: MessageBatch, env: Env): Promise<boolean> {
  if (!isUnconfigured(env)) return false;
  const now = Date.now();
  const isKept = !WITHOUT_DEAD_LETTERS.test(batch.queue);
  const old: Message[] = [];
  for (const message of batch.messages) {
    if (isKept && now - message.timestamp.getTime() >= MAX_UNCONFIGURED_MS) old.push(message);
    else message.retry({ delaySeconds: delayS(message.attempts) });
  }
  await storeDeadLetters(old, env);
  return true;
}

/** How long a message waits after this attempt, s. */
function delayS(attempt: number): number {
  const longest_ms = MAX_QUEUE_DELAY_MS;
  const repeats = DOUBLINGS * (attempt - 1);
  const wait = waitMs({ asked_ms: null, first_ms: FIRST_WAIT_MS, repeats, random: 1, longest_ms });
  return delaySeconds(wait, longest_ms);
}
