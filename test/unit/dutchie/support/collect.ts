import { DutchieReadError } from "../../../../src/dutchie/http/errors.ts";
import type { SplitRow } from "../../../../src/dutchie/stream/split.ts";
import { type SplitOptions, splitRows } from "../../../../src/dutchie/stream/split.ts";

export async function* pieces(text: string | Uint8Array, cuts: number[] = []): AsyncGenerator<Uint8Array, void> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < borders.length; i++) yield bytes.subarray(borders[i - 1], borders[i]);
}

/** Everything the splitter says about a body, the error as a value. */
export async function split(text: string | Uint8Array, options: SplitOptions & { cuts?: number[] } = {}) {
  const rows: SplitRow[] = [];
  try {
    const source = splitRows(pieces(text, options.cuts), options);
    for (;;) {
      const step = await source.next();
      if (step.done) return { rows, next: step.value.next, count: step.value.count, error: null };
      rows.push(...step.value);
    }
  } catch (error) {
    if (!(error instanceof DutchieReadError)) throw error;
    return { rows, next: null, count: rows.length, error: error.error };
  }
}

/** The error that a promise or generator breaks with; fails the test when it does not. */
export async function readError(
  work: () => Promise<unknown>,
): Promise<Pick<DutchieReadError, "error" | "page" | "before">> {
  try {
    await work();
  } catch (error) {
    if (error instanceof DutchieReadError) return error;
    throw error;
  }
  throw new Error("the read ended as if it were complete");
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) found.push(each);
  return found;
}
