import { ConfigError, configProblems } from "../../env.ts";
import { log } from "../../platform/log.ts";
import { buryAll } from "./dead-letters.ts";

const FIRST_WAIT_S = 60;
const WAIT_FACTOR = 4;
/** A queue cannot delay longer. */
const MAX_WAIT_S = 12 * 3600;
/**
 * A message that has waited so long, ms, becomes a dead letter, kept in D1: a queue deletes it after four days, and the
 * next wait may be MAX_WAIT_S.
 */
const MAX_HELD_MS = 2 * 24 * 3600 * 1000;
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
    if (isKept && now - message.timestamp.getTime() >= MAX_HELD_MS) old.push(message);
    else message.retry({ delaySeconds: Math.min(MAX_WAIT_S, FIRST_WAIT_S * WAIT_FACTOR ** (message.attempts - 1)) });
  }
  await buryAll(old, env);
  return true;
}
