/**
 * Does what the crons do once the Worker is deployed, above all look for stores whose sync is due: on this machine no cron runs,
 * and the next sync of a store would never come. Returns how to stop it.
 */
export function lookForDueStores(url: string, every_ms: number): () => void {
  let isStopped = false;
  const look = async () => {
    try {
      const { ok, status } = await fetch(`${url}/cdn-cgi/handler/scheduled`);
      if (!ok) console.error(`The look for syncs that are due was answered ${status}.`);
    } catch (error) {
      // The Worker may stop before the timer does.
      if (!isStopped) console.error(`The look for syncs that are due failed: ${String(error)}`);
    }
  };
  const timer = setInterval(() => void look(), every_ms);
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
