import { type Changed, joined } from "../../domain/feed/changed.ts";
import { CHANGED } from "../../location/status/live.ts";

/** How often a comment is sent, so that no proxy closes the stream as idle. */
const HEARTBEAT_MS = 15_000;
/** The longest time that setTimeout accepts. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A Location's messages as server-sent events. The heartbeats are made here, so that the Location can sleep. A viewer who
 * reads slowly gets only the newest status, and what changed meanwhile in one event for each list.
 */
export function eventStream(socket: WebSocket, given: { last_id: string | null; ends_at: number }): Response {
  const encoder = new TextEncoder();
  let newest: string | null = null;
  const changed = new Map<string, Changed>();
  let first = true;
  const timers: ReturnType<typeof setTimeout>[] = [];
  const release = () => {
    for (const timer of timers) clearTimeout(timer);
  };

  const send = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const messages = [...changed.values()].map((each) => `${CHANGED}${JSON.stringify(each)}\n\n`);
    if (newest !== null) messages.push(newest);
    newest = null;
    changed.clear();
    // After they are cleared: enqueueing may pull at once.
    if (messages.length > 0) controller.enqueue(encoder.encode(messages.join("")));
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const flush = () => {
          if ((controller.desiredSize ?? 0) > 0) send(controller);
        };
        const end = () => {
          release();
          try {
            socket.close(1000, "over");
            controller.close();
          } catch {
            // The other side has closed it already.
          }
        };
        socket.addEventListener("message", ({ data }) => {
          const text = String(data);
          if (text.startsWith(CHANGED)) {
            const next = JSON.parse(text.slice(CHANGED.length)) as Changed;
            changed.set(next.resource, joined(changed.get(next.resource), next));
          } else {
            const known = first && given.last_id !== null && text.startsWith(`id: ${given.last_id}\n`);
            newest = known ? ": nothing new\n\n" : text;
            first = false;
          }
          flush();
        });
        socket.addEventListener("close", end);
        socket.addEventListener("error", end);
        socket.accept();
        timers.push(
          setInterval(() => {
            newest ??= ": still here\n\n";
            flush();
          }, HEARTBEAT_MS),
          setTimeout(end, Math.min(MAX_TIMER_MS, given.ends_at - Date.now())),
        );
      },
      pull: (controller) => send(controller),
      cancel() {
        release();
        socket.close(1000, "gone");
      },
    },
    { highWaterMark: 2 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}
