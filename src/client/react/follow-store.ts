import type { Status } from "../api.ts";
import type { Client } from "../client.ts";
import { pause } from "../follow-status.ts";

/** After a refusal the stream is tried again: a new token may have come. */
const REFUSED_MS = 60_000;
/** While many webhooks arrive, lists are read again once in so long. */
const TOGETHER_MS = 3_000;

interface Seen {
  onConnection(live: boolean): void;
  onStatus(status: Status): void;
  /** Records of the store may have changed. */
  onRecords(): void;
}

/** Follows a store's status, through refusals too, until the returned function is called. */
export function followStore(client: Pick<Client, "subscribeStatus">, location_id: string, seen: Seen): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  let before: string | null = null;
  let wasConnected = false;
  let reading: ReturnType<typeof setTimeout> | undefined;
  const readAgain = () => {
    reading = undefined;
    seen.onRecords();
  };
  const onChanged = () => {
    reading ??= setTimeout(readAgain, TOGETHER_MS);
  };
  const onStatus = (status: Status) => {
    seen.onStatus(status);
    const now = recordsOf(status);
    if (before !== null && before !== now) onChanged();
    before = now;
  };
  const onConnection = (problem: unknown) => {
    seen.onConnection(problem === null);
    // What changed since the stream before, which broke off, was refused or ended with its token, was not told.
    if (problem === null && wasConnected) onChanged();
    wasConnected ||= problem === null;
  };
  const stay = async () => {
    seen.onConnection(false);
    while (!signal.aborted) {
      // The requests that replace the stream meet the same refusal, and show it.
      await client
        .subscribeStatus(location_id, onStatus, { signal, onConnection, onChanged })
        .catch(() => seen.onConnection(false));
      await pause(REFUSED_MS, signal);
    }
  };
  void stay();
  return () => {
    leaving.abort();
    clearTimeout(reading);
  };
}

/** Differs after a sync or a webhook that may have changed records. */
const recordsOf = ({ last_success_at, records, last_24h }: Status) =>
  JSON.stringify([last_success_at, records, last_24h.webhooks.applied]);
