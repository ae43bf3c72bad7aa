import { MAX_QUEUE_DELAY_MS, MAX_UNCONFIGURED_MS } from "../../domain/bounds.ts";
import { delaySeconds, waitMs } from "../../domain/runs/wait.ts";
import { ConfigError, configProblems } from "../../env.ts";
import { log } from "../../platform/log.ts";
import { buryAll } from "./dead-letters.ts";

/** Waits before the next attempt: 1 min, 4 min, 16 min, … 12 h. */
const FIRST_WAIT_MS = 60_000;
/** Each wait is four times the one before: two doublings. */
const DOUBLINGS = 2;
/** It has no dead letters: what is wrong in a store is in D1, and told again. */
const WITHOUT_DEAD_LETTERS = /-alerts-/;

/** Is something wrong with the Worker's variables? The log says with which, and nothing is done meanwhile. */
export function isUnconfigured(env: Env): boolean {
  const problems = configProblems(env);
  if (problems.length > 0) log("worker_unconfigured", { cause: new ConfigError(problems) });
  return problems.length > 0;
}

/** Puts a batch off until somebody has mended the configuration, and keeps in D1 what waits too long. true: it did. */
export async function holdUnconfigured(batch: MessageBatch, env: Env): Promise<boolean> {
  if (!isUnconfigured(env)) return false;
  const now = Date.now();
  const isKept = !WITHOUT_DEAD_LETTERS.test(batch.queue);
  const old: Message[] = [];
  for (const message of batch.messages) {
    if (isKept && now - message.timestamp.getTime() >= MAX_UNCONFIGURED_MS) old.push(message);
    else message.retry({ delaySeconds: delayS(message.attempts) });
  }
  await buryAll(old, env);
  return true;
}

function delayS(attempt: number): number {
  const longest_ms = MAX_QUEUE_DELAY_MS;
  const repeats = DOUBLINGS * (attempt - 1);
  const wait = waitMs({ asked_ms: null, first_ms: FIRST_WAIT_MS, repeats, random: 1, longest_ms });
  return delaySeconds(wait, longest_ms);
}
