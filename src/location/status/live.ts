import type { Changed } from "../../domain/feed/changed.ts";
import { firstSequence } from "../../domain/records/sequence.ts";
import { log } from "../../platform/log.ts";
import type { StatusText } from "./status-text.ts";

/** How an event begins that tells of changes. Without an id: a viewer who comes back reads the lists again anyway. */
export const CHANGED = "event: changed\ndata: ";

/** At most four messages a second (the API contract). */
const MIN_GAP_MS = 250;
/** How long until the next try after one that failed, ms: D1 that is overloaded is not asked at each change. */
const AGAIN_MS = 3_000;

export interface LiveSource {
  /** The sockets that listen now. */
  listeners(): readonly WebSocket[];
  /** Null: there is no such store any more. */
  text(): Promise<StatusText | null>;
  /** The newest number of the store's log. */
  head(): Promise<number>;
  /** What changed after a number, up to where that was read to; null: nothing did. */
  changedAfter(sequence: number): Promise<{ changed: Changed[]; sequence: number; more: boolean } | null>;
}

/**
 * Sends the status to a store's viewers at each change. One computation and one text serve them all, nothing is computed
 * when nobody listens, and no timer outlives the last viewer: the sockets hibernate, so an idle store sleeps though it
 * is watched.
 */
export class Live {
  /** When the last message was sent, and how long after it the next one may be, ms. */
  private last = { at: 0, gap_ms: MIN_GAP_MS };
  /** The id of the status that this instance sent to each viewer. One from before the instance is not in it: its status is not known. */
  private readonly shown = new WeakMap<WebSocket, string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sending = false;
  private again = false;
  /** The number up to which changes were sent. The instance before this one sent those from before it began. */
  private sent_upto: number;

  constructor(
    private readonly source: LiveSource,
    began_at: number,
  ) {
    this.sent_upto = firstSequence(began_at);
  }

  /** Something changed: the viewers get the new status within a moment. */
  changed(): void {
    if (this.source.listeners().length === 0) return;
    if (this.sending) {
      this.again = true;
      return;
    }
    if (this.timer !== null) return;
    this.timer = setTimeout(() => void this.send(), gapMs(this.last));
  }

  /**
   * Lets a new viewer in, with a first message. Not before that is read: the socket of a viewer who is refused would listen
   * for ever.
   */
  async join(accept: () => WebSocket): Promise<void> {
    const status = await this.source.text();
    const isFirst = () => this.source.listeners().length === 0;
    const head = isFirst() ? await this.source.head() : 0;
    // Nobody listened before: what changed until now is in the lists that the viewer is about to read.
    if (isFirst()) this.sent_upto = Math.max(this.sent_upto, head);
    const viewer = accept();
    if (status === null) return viewer.close(1000, "disconnected");
    this.show(viewer, status.id, frame(status));
    // It may be another one since it was read.
    this.changed();
  }

  private async send(): Promise<void> {
    this.timer = null;
    if (this.source.listeners().length === 0) return;
    this.sending = true;
    this.again = false;
    this.last = { at: Date.now(), gap_ms: MIN_GAP_MS };
    try {
      await this.broadcast();
    } catch (error) {
      log("status_not_sent", { fault: error });
      // This may have been the last change for long.
      this.last.gap_ms = AGAIN_MS;
      this.again = true;
    } finally {
      this.sending = false;
    }
    if (this.again) this.changed();
  }

  private async broadcast(): Promise<void> {
    const status = await this.source.text();
    if (status === null) return this.end();
    await this.sendChanges();
    const text = frame(status);
    for (const viewer of this.source.listeners()) {
      if (this.shown.get(viewer) !== status.id) this.show(viewer, status.id, text);
    }
    if (status.is_disconnected) this.end();
  }

  private show(viewer: WebSocket, id: string, text: string): void {
    this.shown.set(viewer, id);
    deliver(viewer, text);
  }

  private async sendChanges(): Promise<void> {
    const read = await this.source.changedAfter(this.sent_upto);
    if (read === null) return;
    for (const each of read.changed) {
      const text = `${CHANGED}${JSON.stringify(each)}\n\n`;
      for (const socket of this.source.listeners()) deliver(socket, text);
    }
    this.sent_upto = read.sequence;
    this.again ||= read.more;
  }

  /** Nothing more will come. */
  end(): void {
    for (const socket of this.source.listeners()) socket.close(1000, "disconnected");
  }
}

/** How long until the next message, ms. After a clock that was set back no longer than after any other message. */
const gapMs = ({ at, gap_ms }: { at: number; gap_ms: number }): number =>
  Math.min(gap_ms, Math.max(0, at + gap_ms - Date.now()));

function deliver(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It went away this moment; the runtime drops it.
  }
}

/** A message of the event stream. */
const frame = ({ id, json }: StatusText): string => `id: ${id}\nevent: status\ndata: ${json}\n\n`;
