import type { StatusJson } from "../../contract/http/status.ts";
import type { LocationRow } from "../../db/schema.ts";
import { Runs } from "../runs/runs.ts";
import type { Store } from "../storage/store.ts";
import { Live } from "./live.ts";
import { readShown, statusJson } from "./status.ts";

/** The store's status, for whoever asks and for the viewers who follow it. */
export class StatusBoard {
  private readonly live: Live;

  constructor(
    private readonly given: {
      env: () => Env;
      store: Store;
      location: () => Promise<LocationRow | null>;
      listeners: () => readonly WebSocket[];
    },
  ) {
    this.live = new Live({ listeners: given.listeners, status: () => this.status() });
  }

  /** null: there is no such store. */
  async status(): Promise<StatusJson | null> {
    const { store } = this.given;
    const env = this.given.env();
    const location = await this.given.location();
    if (location === null) return null;
    const { location_id } = location;
    const shown = await readShown(env, location_id);
    return statusJson(location, store, new Runs(store, env, location_id), shown, Date.now());
  }

  /** What a new viewer is told at once; null: there is no such store. */
  first(): Promise<string | null> {
    return this.live.first();
  }

  /** Something changed; viewers hear of it. */
  changed(): void {
    this.live.changed();
  }
}
