import { type Cursor, counts, isCounting, note, noteCursor } from "./counts.ts";

/**
 * Counts what goes through the Worker's bindings. Their prototypes are wrapped, not the bindings: so the product runs as it is,
 * and whoever opens a database is counted.
 */
type Method = (this: object, ...values: unknown[]) => unknown;
const wrapped = new WeakSet<object>();

/** Replaces a method of the prototype, once. */
function wrap(prototype: object, name: string, by: (original: Method) => Method): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== "function")
    throw new Error(`The runtime has no method ${name} any more: nothing can be counted`);
  Reflect.set(prototype, name, by(original as Method));
}

function once(prototype: object, wrapAll: () => void): void {
  if (wrapped.has(prototype)) return;
  wrapped.add(prototype);
  wrapAll();
}

/** Counts the rows of a Location's own storage, and its timers: each set is a row written too. */
export function countLocation(storage: DurableObjectStorage): void {
  const timers: object = Object.getPrototypeOf(storage);
  once(timers, () =>
    wrap(
      timers,
      "setAlarm",
      (set) =>
        function (...values) {
          counts.location.alarms_set += 1;
          return set.apply(this, values);
        },
    ),
  );
  const prototype: object = Object.getPrototypeOf(storage.sql);
  once(prototype, () =>
    wrap(
      prototype,
      "exec",
      (exec) =>
        function (...values) {
          const cursor = exec.apply(this, values);
          if (isCounting()) noteCursor(String(values[0]), cursor as Cursor);
          return cursor;
        },
    ),
  );
}

/** Whether a binding's own class has the method: one that calls another Worker says of any name that it has it. */
export function isBinding(binding: unknown, method: string): binding is object {
  if (typeof binding !== "object" || binding === null) return false;
  const prototype: unknown = Object.getPrototypeOf(binding);
  return typeof prototype === "object" && prototype !== null && Object.hasOwn(prototype, method);
}

let hasBindings = false;

/** Counts what goes through the Worker's bindings. */
export function countBindings(env: object): void {
  if (hasBindings) return;
  hasBindings = true;
  for (const level of ["log", "info", "warn", "error"]) {
    wrap(console, level, (write) => (...values) => {
      counts.logs += 1;
      return write.apply(console, values);
    });
  }
  for (const [name, binding] of Object.entries(env)) {
    if (isBinding(binding, "prepare")) countDatabase(name, binding);
    else if (isBinding(binding, "sendBatch")) countQueue(binding);
    else if (isBinding(binding, "idFromName")) countNamespace(binding);
  }
}

/** The sessions of the database of accounts. */
const accounts = new WeakSet<object>();

/** All queries of D1 go through one method of its session, which answers with the rows read and written. */
function countDatabase(name: string, database: object): void {
  const session: unknown = Reflect.get(database, "alwaysPrimarySession");
  if (typeof session !== "object" || session === null)
    throw new Error("D1 has no session any more: nothing can be counted");
  if (name === "DB") accounts.add(session);
  let prototype: object = Object.getPrototypeOf(session);
  while (!Object.hasOwn(prototype, "_sendOrThrow")) prototype = Object.getPrototypeOf(prototype);
  once(prototype, () =>
    wrap(
      prototype,
      "_sendOrThrow",
      (send) =>
        async function (...values) {
          // The bench's own queries do not count.
          if (!isCounting() || String(values[1]).startsWith("/* bench */")) return send.apply(this, values);
          const began = performance.now();
          const answer = await send.apply(this, values);
          counts.d1.queries += 1;
          if (accounts.has(this)) counts.d1.accounts += 1;
          counts.d1.ms += performance.now() - began;
          const queries = Array.isArray(values[1]) ? values[1] : [values[1]];
          for (const [i, result] of (Array.isArray(answer) ? answer : [answer]).entries()) {
            const { rows_read = 0, rows_written = 0 } = (result as Partial<D1Result>).meta ?? {};
            counts.d1.statements += 1;
            counts.d1.rows_read += rows_read;
            counts.d1.rows_written += rows_written;
            note(`d1: ${queries[i]}`, rows_read, rows_written);
          }
          return answer;
        },
    ),
  );
}

function countQueue(queue: object): void {
  const prototype: object = Object.getPrototypeOf(queue);
  once(prototype, () => {
    for (const name of ["send", "sendBatch"]) {
      wrap(
        prototype,
        name,
        (send) =>
          function (...values) {
            counts.queues.sends += 1;
            // Not all of these are arrays: any iterable may be sent.
            counts.queues.messages += name === "send" ? 1 : Array.isArray(values[0]) ? values[0].length : 0;
            return send.apply(this, values);
          },
      );
    }
  });
}

function countNamespace(namespace: object): void {
  const prototype: object = Object.getPrototypeOf(namespace);
  once(prototype, () => {
    for (const name of ["get", "getByName"]) {
      wrap(
        prototype,
        name,
        (get) =>
          function (...values) {
            const stub = get.apply(this, values);
            return isCounting() && typeof stub === "object" && stub !== null ? countedStub(stub) : stub;
          },
      );
    }
  });
}

function countedStub(stub: object): object {
  return new Proxy(stub, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...values: unknown[]) => {
        counts.location.calls += 1;
        const began = performance.now();
        const answer: unknown = Reflect.apply(value, target, values);
        const end = () => {
          counts.location.ms += performance.now() - began;
        };
        void Promise.resolve(answer).then(end, end);
        return answer;
      };
    },
  });
}
