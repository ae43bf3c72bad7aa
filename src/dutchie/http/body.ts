import { classifyThrown } from "./classify-thrown.ts";
import { DutchieReadError } from "./errors.ts";
import type { Meter } from "./meter.ts";

/** A body being read, with its time-outs. `close` may be called at any time, any number of times. */
export interface BodyReader {
  /** null: the answer had no body at all. A chunk's bytes are there until the next one is asked for. */
  chunks: AsyncIterable<Uint8Array> | null;
  close(): Promise<void>;
}

interface BodyOptions {
  controller: AbortController;
  idle_ms: number;
  total_ms: number;
  url: string;
  meter: Meter;
}

/**
 * Reads a body within two time-outs and the meter's limits. Turns any failure into a DutchieReadError. The idle time-out
 * runs only while we wait for Dutchie: a slow database write between two chunks is not Dutchie's fault.
 */
export function openBody(body: ReadableStream<Uint8Array> | null, options: BodyOptions): BodyReader {
  const { controller, idle_ms, total_ms, url, meter } = options;
  if (body === null) return { chunks: null, close: async () => controller.abort(CLOSED) };
  const reader = bytesOf(body);
  const totalTimer = setTimeout(() => controller.abort(timeout("the whole answer took too long")), total_ms);

  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    clearTimeout(totalTimer);
    // Cancel before abort: abort would reject a read that nobody awaits. Not awaited: a stuck body may never finish.
    reader.cancel().catch(() => undefined);
    controller.abort(CLOSED);
  };

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const value = await meter.wait(reader.read(), idle_ms, stopped, controller.signal);
        if (value === null) return;
        meter.count("bytes", value.length);
        yield value;
      }
    } catch (error) {
      if (error instanceof DutchieReadError) throw error;
      throw new DutchieReadError(classifyThrown(error, { url, phase: "body" }));
    } finally {
      await close();
    }
  }
  return { chunks: chunks(), close };
}

/** Bytes of the buffer into which an answer is read: as large as the pieces that the splitter takes. */
const READ_BYTES = 65_536;

interface Bytes {
  /** null: the end. */
  read(): Promise<Uint8Array | null>;
  cancel(): Promise<void>;
}

/**
 * Reads a body into one buffer, again and again: else each chunk has a buffer of its own, which waits for the collector. Only a
 * stream of bytes, as a network's are, can be read so. Any other is read as it comes.
 */
function bytesOf(body: ReadableStream<Uint8Array>): Bytes {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    const plain = body.getReader();
    return { read: async () => (await plain.read()).value ?? null, cancel: () => plain.cancel() };
  }
  let buffer: ArrayBufferLike = new ArrayBuffer(READ_BYTES);
  return {
    read: async () => {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done || value === undefined) return null;
      buffer = value.buffer;
      return value;
    },
    cancel: () => reader.cancel(),
  };
}

/** At most `limit` bytes of a body as text. A failure or time-out only makes the text shorter. Closes the body. */
export async function readText(body: BodyReader, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for await (const chunk of body.chunks ?? []) {
      text += decoder.decode(chunk.subarray(0, limit - size), { stream: true });
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // Ignored: the status says enough, and the text is only for the message.
  } finally {
    await body.close();
  }
  return text;
}

/** Made once: an error with a stack is the dearest part of closing an answer, and nobody reads this one. */
const CLOSED = new DOMException("the answer was read", "AbortError");

const stopped = () => timeout("the answer stopped");

function timeout(message: string): DOMException {
  return new DOMException(message, "TimeoutError");
}
