import type { StatusJson } from "../../contract/http/status.ts";
import { headOf, readFeed } from "../../db/queries/read-feed.ts";
import { MAX_CHANGED } from "../../domain/bounds.ts";
import { isWithin } from "../../domain/clock.ts";
import { changedOf } from "../../domain/feed/changed.ts";
import { FEED_RESOURCES } from "../../domain/feed/entries.ts";
import type { StoreContext } from "../context.ts";
import { Live } from "./live.ts";
import { readShown, statusJson } from "./status.ts";
import { type StatusText, textOf } from "./status-text.ts";

/**
 * How long a status is used again if nothing changes here, ms: pages that follow a store ask for it together. It bounds how
 * late the status shows what others write to D1 without a notice.
 */
const KEPT_MS = 1_000;

/** The store's status, for single requests and for viewers who follow it. */
export class StatusBoard {
  private readonly live: Live;
  /** The promise is kept, not the value: requests that come together share one. */
  private kept: {
    status: Promise<StatusJson | null>;
    text: Promise<StatusText | null> | null;
    read_at: number;
  } | null = null;

  constructor(
    private readonly given: {
      /** null: there is no such store. */
      open: () => Promise<StoreContext | null>;
      listeners: () => readonly WebSocket[];
    },
  ) {
    this.live = new Live(
      {
        listeners: given.listeners,
        text: () => this.text(),
        head: () => this.head(),
        changedAfter: (sequence) => this.changedAfter(sequence),
      },
      Date.now(),
    );
  }

  /** null: there is no such store. */
  status(): Promise<StatusJson | null> {
    return this.recent().status;
  }

  /** The same as a text, which is made once for all who ask. */
  text(): Promise<StatusText | null> {
    const kept = this.recent();
    kept.text ??= kept.status.then((status) => status && textOf(status));
    return kept.text;
  }

  private recent() {
    const now = Date.now();
    const { kept } = this;
    if (kept !== null && isWithin(kept.read_at, KEPT_MS, now)) return kept;
    const fresh = { status: this.read(), text: null, read_at: now };
    this.kept = fresh;
    // A failed read is not kept. The caller sees the failure through the returned promise.
    fresh.status.catch(() => {
      if (this.kept === fresh) this.kept = null;
    });
    return this.kept;
  }

  private async read(): Promise<StatusJson | null> {
    const context = await this.given.open();
    return context && statusJson(context, await readShown(context));
  }

  private async head(): Promise<number> {
    const context = await this.given.open();
    return context === null ? 0 : newest(context);
  }

  private async changedAfter(after: number) {
    const context = await this.given.open();
    if (context === null) return null;
    const { db, location } = context;
    const head = await newest(context);
    if (head <= after) return null;
    const given = { after, head, resources: FEED_RESOURCES, limit: MAX_CHANGED };
    const { entries, more } = await readFeed(db, location.location_id, given);
    return { changed: changedOf(entries), sequence: more ? (entries.at(-1)?.sequence ?? head) : head, more };
  }

  /** Lets a new viewer in, with a first message. */
  join(accept: () => WebSocket): Promise<void> {
    return this.live.join(accept);
  }

  /** Something changed: viewers get the new status. */
  changed(): void {
    this.kept = null;
    this.live.changed();
  }
}

/** Asks D1 only if it may be another than the last one written here. */
const newest = async ({ db, store, location }: StoreContext): Promise<number> =>
  store.sequence ?? headOf(db, location.location_id);
