type Listener = (event: { data?: unknown }) => void;

/** One end of a WebSocketPair. What comes before it is accepted waits. */
export class Socket {
  peer: Socket | null = null;
  isClosed = false;
  /** Hears that the other end was closed. */
  onClosed: () => void = () => {};
  readonly #listeners = new Map<string, Listener[]>();
  #waiting: unknown[] | null = [];

  addEventListener(name: string, listener: Listener): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  accept(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const data of waiting) this.#tell("message", { data });
  }

  send(data: unknown): void {
    if (this.isClosed) throw new TypeError("Can't call WebSocket send() after close().");
    if (this.peer?.isClosed === false) this.peer.#receive(data);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClosed();
    const { peer } = this;
    if (peer === null || peer.isClosed) return;
    peer.isClosed = true;
    peer.onClosed();
    peer.#tell("close", {});
  }

  #receive(data: unknown): void {
    if (this.#waiting === null) this.#tell("message", { data });
    else this.#waiting.push(data);
  }

  #tell(name: string, event: { data?: unknown }): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }
}

class SocketPair {
  readonly 0 = new Socket();
  readonly 1 = new Socket();

  constructor() {
    [this[0].peer, this[1].peer] = [this[1], this[0]];
  }
}

export const sockets = {
  install(): void {
    Object.defineProperty(globalThis, "WebSocketPair", { value: SocketPair, configurable: true });
  },
};
