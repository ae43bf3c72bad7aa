import type { Status } from "./api.ts";
import type { Send } from "./call.ts";
import { ReupError, toReupError } from "./errors.ts";
import { readEvents } from "./events.ts";

/** Records of the store changed. */
export interface Changed {
  sequence: number;
  resource: "products" | "inventory" | "sales";
  /** The first 100, each once. */
  ids: string[];
  /** How many changes. If there are more than ids, other records may have changed, too. */
  count: number;
}

export interface SubscribeOptions {
  signal?: AbortSignal;
  /** Called when records change. What changes while the stream is broken is not told: read the lists again on connection. */
  onChanged?: (changed: Changed) => void;
  /** Called with a problem when the stream breaks off (it reconnects by itself), and with null when it is connected. */
  onConnection?: (problem: ReupError | null) => void;
}

/** See `Client.subscribeStatus`. */
export async function followStatus(
  request: Send,
  location_id: string,
  onStatus: (status: Status) => void,
  { signal, onConnection, onChanged }: SubscribeOptions,
): Promise<void> {
  const path = `/v1/locations/${encodeURIComponent(location_id)}/status/stream`;
  let last_id: string | null = null;
  for (let tries = 0; !signal?.aborted; tries++) {
    let asked_ms = 0;
    try {
      const resume: Record<string, string> = last_id === null ? {} : { "last-event-id": last_id };
      const init = { headers: { accept: "text/event-stream", ...resume }, ...(signal ? { signal } : {}) };
      const response = await request(path, init);
      if (!response.headers.get("content-type")?.startsWith("text/event-stream"))
        throw toReupError.unreadable(response.status);
      onConnection?.(null);
      for await (const event of readEvents(response, signal)) {
        if (event.event === "status") onStatus(statusOf(location_id, event.data));
        if (event.event === "changed") onChanged?.(parsed(event.data) as Changed);
        // Only now: what could not be read is asked for again, and not without a pause.
        last_id = event.id ?? last_id;
        tries = 0;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ReupError && error.final) throw error;
      const problem = error instanceof ReupError ? error : new ReupError(0, "NETWORK", "The connection broke off.");
      asked_ms = (problem.retry_after ?? 0) * 1_000;
      onConnection?.(problem);
    }
    await pause(Math.max(asked_ms, Math.min(15_000, 250 * 2 ** tries) * (0.5 + Math.random() / 2)), signal);
  }
}

/** Whoever shows a status relies on it: what is none, or another store's, is not passed on. */
function statusOf(location_id: string, data: string): Status {
  const body = parsed(data) as Status | null;
  if (body?.location_id !== location_id) throw toReupError.unreadable(200);
  return body;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw toReupError.unreadable(200, cause);
  }
}

/** Waits so long, or until `signal` ends it. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
