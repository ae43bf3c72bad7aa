export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const EMPTY: Bytes = new Uint8Array();
const NodeStream = ReadableStream;

export const bytesOf = (data: string | Bytes): Bytes =>
  typeof data === "string" ? (encoder.encode(data) as Bytes) : data;

type Controller = Pick<ReadableStreamDefaultController<Bytes>, "desiredSize" | "enqueue" | "close" | "error">;

interface Source {
  start?(controller: ReadableStreamDefaultController<Bytes>): void | Promise<void>;
  pull?(controller: Controller): void | Promise<void>;
  cancel?(reason: unknown): void | Promise<void>;
}

/** A stream of bytes for one reader, who waits for each piece before he asks for the next one. */
export abstract class LightStream {
  locked = false;
  isDisturbed = false;
  #isCancelled = false;

  /** null: the end. */
  protected abstract next(): Promise<Bytes | null>;
  protected abstract end(reason: unknown): void | Promise<void>;

  /** A reader with a buffer of its own gets the pieces as they are, too. */
  getReader() {
    if (this.locked) throw new TypeError("Invalid state: ReadableStream is locked");
    this.locked = true;
    return {
      read: async () => {
        this.isDisturbed = true;
        const value = this.#isCancelled ? null : await this.next();
        return value === null ? { done: true, value: undefined } : { done: false, value };
      },
      cancel: (reason?: unknown) => this.#cancel(reason),
      releaseLock: () => {
        this.locked = false;
      },
    };
  }

  async cancel(reason?: unknown): Promise<void> {
    if (this.locked) throw new TypeError("Invalid state: ReadableStream is locked");
    await this.#cancel(reason);
  }

  pipeThrough<T>(by: { readable: ReadableStream<T>; writable: WritableStream<Bytes> }): ReadableStream<T> {
    const reader = this.getReader();
    return new NodeStream<Bytes>(
      {
        async pull(controller) {
          const { value } = await reader.read();
          if (value === undefined) controller.close();
          else controller.enqueue(value);
        },
        cancel: reader.cancel,
      },
      { highWaterMark: 0 },
    ).pipeThrough(by);
  }

  async #cancel(reason: unknown): Promise<void> {
    this.isDisturbed = true;
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    await this.end(reason);
  }
}

/** Everything else of a stream throws, because this is none. */
Object.setPrototypeOf(LightStream.prototype, NodeStream.prototype);

/** A text or bytes as a stream. Given to another body unread, it stays what it is. */
export class WholeStream extends LightStream {
  #data: string | Bytes;

  constructor(data: string | Bytes) {
    super();
    this.#data = data;
  }

  /** The whole, once. */
  take(): string | Bytes {
    if (this.locked || this.isDisturbed) throw new TypeError("Body is unusable: Body has already been read");
    this.isDisturbed = true;
    return this.#data;
  }

  protected async next(): Promise<Bytes | null> {
    const bytes = bytesOf(this.#data);
    this.#data = EMPTY;
    return bytes.length === 0 ? null : bytes;
  }

  protected end(): void {}
}

/** What a source makes when somebody reads. */
class PulledStream extends LightStream {
  readonly #source: Source;
  readonly #pieces: Bytes[] = [];
  #isClosed = false;
  #error: { why: unknown } | null = null;
  readonly #controller: Controller = {
    desiredSize: 0,
    enqueue: (piece: Bytes) => void this.#pieces.push(piece),
    close: () => {
      this.#isClosed = true;
    },
    error: (why: unknown) => {
      this.#error ??= { why };
    },
  };

  constructor(source: Source) {
    super();
    this.#source = source;
  }

  protected async next(): Promise<Bytes | null> {
    for (;;) {
      if (this.#error !== null) throw this.#error.why;
      const piece = this.#pieces.shift();
      if (piece !== undefined) return piece;
      if (this.#isClosed) return null;
      try {
        await this.#source.pull?.(this.#controller);
      } catch (why) {
        this.#error = { why };
      }
    }
  }

  protected end(reason: unknown): void | Promise<void> {
    return this.#source.cancel?.(reason);
  }
}

/** Node's, or a lighter one if the source makes a piece only when somebody reads. */
const EitherStream = new Proxy(NodeStream, {
  construct(node, [source, strategy]: [Source, QueuingStrategy<Bytes>?]) {
    const isPulled = source.start === undefined && source.pull !== undefined && strategy?.highWaterMark === 0;
    return isPulled ? new PulledStream(source) : new node(source, strategy);
  },
});

export const streams = {
  install(): void {
    Object.defineProperty(globalThis, "ReadableStream", { value: EitherStream, configurable: true, writable: true });
  },
};
