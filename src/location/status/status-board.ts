import type { StatusJson } from "../../contract/http/status.ts";
import type { StoreContext } from "../context.ts";
import { Live } from "./live.ts";
import { readShown, statusJson } from "./status.ts";

/** The store's status, for single requests and for viewers who follow it. */
export class StatusBoard {
  private readonly live: Live;

  constructor(
    private readonly given: {
      /** null: there is no such store. */
      open: () => Promise<StoreContext | null>;
      listeners: () => readonly WebSocket[];
    },
  ) {
    this.live = new Live({ listeners: given.listeners, status: () => this.status() });
  }

  /** null: there is no such store. */
  async status(): Promise<StatusJson | null> {
    const context = await this.given.open();
    return context && statusJson(context, await readShown(context));
  }

  /** The first message for a new viewer; null: there is no such store. */
  first(): Promise<string | null> {
    return this.live.first();
  }

  /** Something changed: viewers get the new status. */
  changed(): void {
    this.live.changed();
  }
}
