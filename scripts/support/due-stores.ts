import { CRONS } from "../../src/pipeline/chores/crons.ts";

/** Oftener than the cron itself, so that a sync is due for a minute at most. */
const EVERY_MS = 60_000;

/**
 * Looks for stores whose sync is due, as the cron does once the Worker is deployed: on this machine no cron runs, and the next
 * sync of a store would never come. Returns how to stop it.
 */
export function lookForDueStores(url: string): () => void {
  let isStopped = false;
  const look = async () => {
    const path = `/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(CRONS.due_stores)}`;
    try {
      const { ok, status } = await fetch(url + path);
      if (!ok) console.error(`The look for syncs that are due was answered ${status}.`);
    } catch (error) {
      // The Worker may stop before the timer does.
      if (!isStopped) console.error(`The look for syncs that are due failed: ${String(error)}`);
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
