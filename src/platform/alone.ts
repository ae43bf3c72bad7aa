import { log } from "./log.ts";

/** Rejects when the work takes longer. The work itself is not stopped; its caller continues without it. */
export function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Runs the task for each item, some at a time. An item that throws or takes too long does not stop the others. */
export async function eachAlone<T>(
  items: readonly T[],
  { at_once, within_ms }: { at_once: number; within_ms: number },
  task: (item: T) => Promise<void>,
  failed: (item: T, error: unknown) => void | Promise<void>,
): Promise<void> {
  const left = [...items];
  const report = async (item: T, error: unknown) => {
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
        await report(item, error);
      }
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
}
