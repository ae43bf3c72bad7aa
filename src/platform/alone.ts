import { log } from "./log.ts";

/** Rejects when the work takes longer. The work itself goes on: whoever waits for several goes on with the others. */
export function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Does the same for each, some at a time. One that throws, or does not end in time, delays and stops no other. */
export async function eachAlone<T>(
  items: readonly T[],
  { at_once, within_ms }: { at_once: number; within_ms: number },
  task: (item: T) => Promise<void>,
  failed: (item: T, error: unknown) => void | Promise<void>,
): Promise<void> {
  const left = [...items];
  const told = async (item: T, error: unknown) => {
    try {
      await failed(item, error);
    } catch (again) {
      log("failure_not_handled", { cause: again });
    }
  };
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      try {
        await inTime(task(item), within_ms);
      } catch (error) {
        await told(item, error);
      }
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
}
