import type { EventJson } from "../../contract/http/records.ts";
import type { ReplayResult } from "../../contract/location.ts";
import { fitsMessage, type SyncMessage, type WebhookMessage } from "../../contract/messages.ts";
import { keep } from "../../dutchie/webhook/keep.ts";
import { eventJson, type LedgerEvent, type Store } from "../storage/store.ts";

/** Events of one replay message. */
const LEDGER_PAGE = 100;

/** The store's webhooks of the last 30 days: told, and played again. */
export class Ledger {
  constructor(
    private readonly env: Env,
    private readonly store: Store,
    private readonly location_id: string,
  ) {}

  list(given: { outcome: string | null; cursor: string | null; limit: number }): {
    data: EventJson[];
    next_cursor: string | null;
  } {
    const before = given.cursor === null ? null : parseCursor(given.cursor);
    const events = this.store.listEvents(given.outcome, before, given.limit + 1);
    const page = events.slice(0, given.limit);
    const last = page.at(-1);
    const more = events.length > given.limit && last !== undefined;
    return {
      data: page.map(eventJson),
      next_cursor: more ? `${last.received_at}.${last.event_id}` : null,
    };
  }

  get(event_id: string): EventJson | null {
    const event = this.found(event_id);
    return event && eventJson(event);
  }

  /** Puts an event through the queue again, under its own id. */
  async replay(event_id: string): Promise<ReplayResult> {
    const event = this.found(event_id);
    if (event === null) return { ok: false, reason: "not_found" };
    return (await this.requeue(event)) ? { ok: true } : { ok: false, reason: "too_large" };
  }

  private found(event_id: string): LedgerEvent | null {
    return this.store.event(event_id) ?? this.store.eventUnder(event_id);
  }

  /** Puts all of them through the queue again, a page a message, when a rebuild has come so far. */
  async replayDue(): Promise<void> {
    if (this.store.get("replay_due") === null) return;
    await this.env.SYNC.send({ kind: "replay", location_id: this.location_id, after: null } satisfies SyncMessage);
    // Forgotten once it is sent: a crash in between plays it twice, which changes nothing.
    this.store.remove("replay_due");
  }

  /** One page of that; where to go on, null at the end. */
  async replayPage(after: string | null): Promise<string | null> {
    const events = this.store.eventsToReplay(after, LEDGER_PAGE);
    for (const event of events) {
      if (await this.requeue(event)) continue;
      const { location_id } = this;
      console.error({ message: "event too large to be played again", location_id, event_id: event.event_id });
    }
    return events.length < LEDGER_PAGE ? null : (events.at(-1)?.event_id ?? null);
  }

  /**
   * Sent first, and marked pending after, so that its own id does not count as a duplicate: a send that fails leaves the
   * event as it was (F80). The mark is made before the message can be here, for this call holds the store's turn.
   * False: it does not fit into a message.
   */
  private async requeue({ event_id, received_at, look, ...event }: LedgerEvent): Promise<boolean> {
    const { location_id } = this;
    // Kept once more: what an earlier version kept may be more than stays today.
    const body = keep(JSON.parse(event.body));
    const message: WebhookMessage = { location_id, event_id, received_at, body, ...(look === null ? {} : { look }) };
    if (!fitsMessage(message)) return false;
    await this.env.WEBHOOKS.send(message);
    this.store.reopenEvent(event_id, "replayed", Date.now());
    return true;
  }
}

function parseCursor(cursor: string): [number, string] | null {
  const dot = cursor.indexOf(".");
  const at = Number(cursor.slice(0, dot));
  return dot > 0 && Number.isFinite(at) ? [at, cursor.slice(dot + 1)] : null;
}
