import type { SyncMessage, WebhookMessage } from "../pipeline/messages.ts";
import type { EventJson } from "./protocol.ts";
import { eventJson, type LedgerEvent, type Store } from "./store.ts";

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
      data: page.map((event) => eventJson(event, false)),
      next_cursor: more ? `${last.received_at}.${last.event_id}` : null,
    };
  }

  get(event_id: string): EventJson | null {
    const event = this.store.event(event_id);
    return event && eventJson(event, true);
  }

  /** Puts an event through the queue again, under its own id. */
  async replay(event_id: string): Promise<{ ok: true } | { ok: false; reason: "not_found" }> {
    const event = this.store.event(event_id);
    if (event === null) return { ok: false, reason: "not_found" };
    await this.requeue(event);
    return { ok: true };
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
    for (const event of events) await this.requeue(event);
    return events.length < LEDGER_PAGE ? null : (events.at(-1)?.event_id ?? null);
  }

  /** Pending again, so that its own id does not count as a duplicate. */
  private async requeue(event: LedgerEvent): Promise<void> {
    this.store.reopenEvent(event.event_id, "replayed", Date.now());
    const { event_id, received_at } = event;
    const body: unknown = JSON.parse(event.body);
    const { location_id } = this;
    await this.env.WEBHOOKS.send({ location_id, event_id, received_at, body } satisfies WebhookMessage);
  }
}

function parseCursor(cursor: string): [number, string] | null {
  const dot = cursor.indexOf(".");
  const at = Number(cursor.slice(0, dot));
  return dot > 0 && Number.isFinite(at) ? [at, cursor.slice(dot + 1)] : null;
}
