import type { SplitRow } from "./parse-row.ts";
import { RowSplitter } from "./row-splitter.ts";
import { Unquoter } from "./unquote.ts";

export type { SplitRow } from "./parse-row.ts";

export interface SplitOptions {
  /** The whole body. Default 512 MB: five times the largest known catalogue (50,000 products, about 100 MB). */
  max_bytes?: number;
  /** One row; a larger one becomes a failed row. Default 2 MB, D1's limit for a row. */
  max_row_bytes?: number;
  /** Keys under which the rows may be, besides `data` and the like; in lower case. */
  names?: readonly string[];
}

export interface SplitEnd {
  /** `next` of a `{data, next}` answer, as sent; null without one. */
  next: unknown;
  count: number;
  /** How many rows and pages the whole list has, by the answer's own count; null: no count. */
  total_rows: number | null;
  total_pages: number | null;
}

/** Bytes. Larger chunks are cut, so that one chunk never becomes thousands of rows in memory. */
const PIECE = 65_536;

/**
 * Yields the rows of a JSON list while it arrives, as many at once as ended in a piece. The body is `[…]`, an object with the list (`{"data": […], "next": …}`,
 * keys in any order), or either inside a JSON string. Memory stays flat at any size. The generator ends only when the body
 * was complete and valid to its last byte; else it throws DutchieReadError. Leaving it early cancels the body.
 */
export async function* splitRows(
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  options: SplitOptions = {},
): AsyncGenerator<SplitRow[], SplitEnd, undefined> {
  const splitter = new RowSplitter({
    max_bytes: options.max_bytes ?? 512 * 1_048_576,
    max_row_bytes: options.max_row_bytes ?? 2 * 1_048_576,
    names: options.names ?? [],
  });
  const unquoter = new Unquoter();
  for await (const chunk of body instanceof ReadableStream ? chunksOf(body) : body) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const rows = splitter.push(unquoter.push(chunk.subarray(at, at + PIECE)));
      if (rows.length > 0) yield rows;
    }
  }
  unquoter.end();
  splitter.end();
  const { next, total_rows, total_pages } = splitter.envelope;
  return { next, count: splitter.count, total_rows, total_pages };
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Does nothing after a complete read. After an early exit it makes Dutchie stop sending.
    await reader.cancel().catch(() => undefined);
  }
}
