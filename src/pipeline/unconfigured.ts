import { configProblems } from "../env.ts";

const FIRST_WAIT_S = 60;
const WAIT_FACTOR = 4;
/** A queue cannot delay longer. Eight attempts are over after two days; then a message is a dead letter, kept in D1. */
const MAX_WAIT_S = 12 * 3600;

/** Is something wrong with the Worker's variables? The log says with which, and nothing is done meanwhile. */
export function isUnconfigured(env: Env): boolean {
  const problems = configProblems(env);
  if (problems.length > 0) console.error({ message: "the Worker is not configured", problems });
  return problems.length > 0;
}

/** Puts a batch off until somebody has mended the configuration. true: it was put off. */
export function holdUnconfigured(batch: MessageBatch, env: Env): boolean {
  if (!isUnconfigured(env)) return false;
  for (const message of batch.messages) {
    message.retry({ delaySeconds: Math.min(MAX_WAIT_S, FIRST_WAIT_S * WAIT_FACTOR ** (message.attempts - 1)) });
  }
  return true;
}
