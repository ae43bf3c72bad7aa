const RealDate = Date;

let now = RealDate.now();

class FakeDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(now);
    else super(...(given as [number]));
  }

  static override now(): number {
    return now;
  }

  /** Dates from before `install`, or from a structured clone, are dates too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.toString.call(value) === "[object Date]";
  }
}

interface Timer {
  at: number;
  every: number | null;
  task: () => void;
}

let timers = new Map<number, Timer>();
let lastId = 0;

const start = (task: () => void, ms: number, every: number | null): number => {
  lastId += 1;
  timers.set(lastId, { at: now + ms, every, task });
  return lastId;
};

const end = (id: unknown): void => {
  timers.delete(id as number);
};

/** A clock that changes only when it is set, for dates, timers and `performance`. */
export const clock = {
  install(): void {
    const define = (on: object, name: string, value: unknown) =>
      Object.defineProperty(on, name, { value, configurable: true, writable: true });
    define(globalThis, "Date", FakeDate);
    define(globalThis, "setTimeout", (task: () => void, ms = 0) => start(task, ms, null));
    define(globalThis, "setInterval", (task: () => void, ms = 0) => start(task, ms, ms));
    define(globalThis, "clearTimeout", end);
    define(globalThis, "clearInterval", end);
    define(performance, "now", () => now);
  },

  /** Starts again without timers. */
  begin(at: number): void {
    now = at;
    timers = new Map();
  },

  /** Fires due timers, the earliest first. */
  set(at: number): void {
    for (;;) {
      let first: [number, Timer] | null = null;
      for (const each of timers) if (each[1].at <= at && (first === null || each[1].at < first[1].at)) first = each;
      if (first === null) break;
      const [id, timer] = first;
      now = Math.max(now, timer.at);
      if (timer.every === null) timers.delete(id);
      else timer.at = now + Math.max(1, timer.every);
      timer.task();
    }
    now = at;
  },
};
