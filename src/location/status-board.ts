import type { LocationRow } from "../db/schema.ts";
import { Live } from "./live.ts";
import type { StatusJson } from "./protocol.ts";
import { Runs } from "./runs.ts";
import { countRecords, type RecordCounts, readAttention, statusJson } from "./status.ts";
import type { Store } from "./store.ts";

/** Counts in the status may be this old while rows are being written; they are exact a moment after the last write. */
const COUNTS_TTL_MS = 2_000;
/** And this old for viewers who follow along: counting a store ten times a minute would be most of its cost. */
const LIVE_COUNTS_TTL_MS = 10_000;

/** The store's status, for whoever asks and for the viewers who follow it. */
export class StatusBoard {
  private counts: { at: number; writes: number; value: RecordCounts } | null = null;
  /** How often records may have been written since this object woke; counts taken before the last time are of the past. */
  private writes = 0;
  private wasSyncing = false;
  private readonly live: Live;

  constructor(
    private readonly given: {
      env: () => Env;
      store: Store;
      location: () => Promise<LocationRow | null>;
      listeners: () => readonly WebSocket[];
    },
  ) {
    this.live = new Live({
      listeners: given.listeners,
      status: () => this.liveStatus(),
      lagging: () => this.counts?.writes !== this.writes,
      lag_ms: LIVE_COUNTS_TTL_MS,
    });
  }

  async status(counts_ttl_ms = COUNTS_TTL_MS): Promise<StatusJson | null> {
    const { store } = this.given;
    const env = this.given.env();
    const location = await this.given.location();
    if (location === null) return null;
    const now = Date.now();
    const { writes } = this;
    const { location_id } = location;
    if (this.counts === null || (this.counts.writes !== writes && now - this.counts.at >= counts_ttl_ms)) {
      this.counts = { at: now, writes, value: await countRecords(env, location_id) };
    }
    const attention = await readAttention(env, location_id);
    return statusJson(location, store, new Runs(store, env, location_id), this.counts.value, attention, now);
  }

  /** What a new viewer is told at once; null: there is no such store. */
  first(): Promise<string | null> {
    return this.live.first();
  }

  /** Something changed; viewers hear of it. */
  changed(): void {
    this.live.changed();
  }

  /** Records may have been written. */
  written(): void {
    this.writes += 1;
    this.live.changed();
  }

  /** Whoever asks next gets exact counts. */
  recount(): void {
    this.counts = null;
  }

  /** With cheap counts while a run goes on, and exact ones at its end. */
  private liveStatus(): Promise<StatusJson | null> {
    const syncing = this.given.store.get("run") !== null;
    const ended = this.wasSyncing && !syncing;
    this.wasSyncing = syncing;
    return this.status(ended ? 0 : LIVE_COUNTS_TTL_MS);
  }
}
