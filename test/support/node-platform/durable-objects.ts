import { copyOf } from "./copy.ts";
import type { Socket } from "./sockets.ts";
import { objects, Sqlite } from "./sqlite.ts";

type Method = (...args: unknown[]) => unknown;
type Instance = Record<string, Method | undefined>;
type Class = new (ctx: DurableState, env: never) => object;

interface Running {
  instance: Instance;
  /** Its constructor's `blockConcurrencyWhile` has ended. */
  ready: Promise<unknown>;
}

/** The objects of one class in this process. Arguments and results are copied, as between isolates. */
export class Namespace {
  readonly #running = new Map<string, Running>();
  readonly #storages = new Map<string, Storage>();
  /** They outlive an instance that hibernates. */
  readonly #sockets = new Map<string, Set<Socket>>();
  readonly #spare: Storage[] = [];

  /** `env` is a function because it contains this namespace. `prepare` makes the tables once for all objects. */
  constructor(private readonly given: { type: Class; env: () => unknown; prepare: (storage: Storage) => void }) {}

  idFromName(name: string): ObjectId {
    return new ObjectId(name);
  }

  get({ name }: ObjectId): object {
    return new Proxy(
      {},
      {
        get: (_, method) =>
          // `await` must not mistake a stub for a promise.
          typeof method === "string" && method !== "then"
            ? (...args: unknown[]) => this.#call(name, method, args)
            : undefined,
      },
    );
  }

  /** The object's storage, after it has started. */
  async storageOf(name: string): Promise<Storage> {
    await this.#start(name).ready;
    return this.#storageOf(name);
  }

  /** Ends the instance. Its storage stays; its viewers' connections break off. */
  evict(name: string): void {
    this.#running.delete(name);
    for (const socket of [...this.#socketsOf(name)]) socket.close();
  }

  /** Ends an instance that has nothing to do. Its viewers notice nothing. */
  hibernate(name: string): void {
    this.#running.delete(name);
  }

  #socketsOf(name: string): Set<Socket> {
    const sockets = this.#sockets.get(name) ?? new Set();
    this.#sockets.set(name, sockets);
    return sockets;
  }

  /** Removes all objects and their storage. */
  reset(): void {
    this.#running.clear();
    this.#sockets.clear();
    for (const storage of this.#storages.values()) {
      storage.reset();
      this.#spare.push(storage);
    }
    this.#storages.clear();
  }

  async #call(name: string, method: string, args: unknown[]): Promise<unknown> {
    const copies = copyOf(args);
    const { instance, ready } = this.#start(name);
    await ready;
    const called = instance[method];
    if (called === undefined) throw new TypeError(`The RPC receiver does not implement the method "${method}".`);
    try {
      const answer = await called.apply(instance, copies);
      return answer instanceof Response ? answer : copyOf(answer);
    } catch (error) {
      // An error keeps its name and message between isolates, but not its class.
      throw structuredClone(error);
    }
  }

  #start(name: string): Running {
    const known = this.#running.get(name);
    if (known !== undefined) return known;
    const state = new DurableState(new ObjectId(name), this.#storageOf(name), this.#socketsOf(name), () =>
      this.evict(name),
    );
    const instance = new this.given.type(state, this.given.env() as never) as Instance;
    const running = { instance, ready: state.ready };
    this.#running.set(name, running);
    return running;
  }

  #storageOf(name: string): Storage {
    const storage = this.#storages.get(name) ?? this.#spare.pop() ?? this.#made();
    this.#storages.set(name, storage);
    return storage;
  }

  #made(): Storage {
    const storage = new Storage();
    this.given.prepare(storage);
    storage.begin();
    return storage;
  }
}

class ObjectId {
  constructor(readonly name: string) {}

  toString(): string {
    return this.name;
  }

  equals(other: ObjectId): boolean {
    return other.name === this.name;
  }
}

class DurableState {
  ready: Promise<unknown> = Promise.resolve();

  constructor(
    readonly id: ObjectId,
    readonly storage: Storage,
    private readonly sockets: Set<Socket>,
    private readonly end: () => void,
  ) {}

  async blockConcurrencyWhile<T>(task: () => Promise<T>): Promise<T> {
    const result = task();
    this.ready = Promise.all([this.ready, result]);
    return result;
  }

  acceptWebSocket(socket: Socket): void {
    this.sockets.add(socket);
    socket.onClosed = () => void this.sockets.delete(socket);
  }

  getWebSockets(): Socket[] {
    return [...this.sockets];
  }

  abort(reason: string): never {
    this.end();
    throw new Error(reason);
  }
}

/** An object's storage: SQL and one alarm. The alarm never fires: the driver is the clock. */
export class Storage {
  readonly #sqlite = new Sqlite();
  readonly sql = new Sql(this.#sqlite);
  #alarm: number | null = null;

  transactionSync<T>(task: () => T): T {
    return this.#sqlite.atomically(task);
  }

  async getAlarm(): Promise<number | null> {
    return this.#alarm;
  }

  async setAlarm(at: number): Promise<void> {
    this.#alarm = at;
  }

  async deleteAlarm(): Promise<void> {
    this.#alarm = null;
  }

  begin(): void {
    this.#sqlite.begin();
  }

  reset(): void {
    this.#sqlite.reset();
    this.#alarm = null;
  }

  async deleteAll(): Promise<void> {
    this.reset();
  }
}

class Sql {
  constructor(private readonly sqlite: Sqlite) {}

  exec(sql: string, ...params: unknown[]): Cursor {
    // Preparing a script would prepare only its first statement.
    const isScript = params.length === 0 && /;\s*\S/.test(sql);
    if (!isScript) {
      const result = this.sqlite.query(sql, params);
      return new Cursor(result.columns, objects(result), result.written);
    }
    this.sqlite.script(sql);
    return new Cursor([], [], 0);
  }
}

class Cursor {
  constructor(
    readonly columnNames: readonly string[],
    private readonly rows: Record<string, unknown>[],
    readonly rowsWritten: number,
  ) {}

  get rowsRead(): number {
    return this.rows.length;
  }

  toArray(): Record<string, unknown>[] {
    return this.rows;
  }

  one(): Record<string, unknown> {
    const [row] = this.rows;
    if (row === undefined || this.rows.length > 1) {
      throw new Error(
        `Expected exactly one result from SQL query, but got ${this.rows.length === 0 ? "no" : "multiple"} results.`,
      );
    }
    return row;
  }

  [Symbol.iterator](): Iterator<Record<string, unknown>> {
    return this.rows[Symbol.iterator]();
  }
}
