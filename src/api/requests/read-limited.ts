/** Largest body that is accepted: a queue message holds 128 KB, and the body travels in one. */
const MAX_BODY_BYTES = 100 * 1024;
/** Whoever needs longer for 100 KB holds a request open rather than sends one. */
export const MAX_BODY_MS = 10_000;
/** Levels of lists and objects in each other; what the API and Dutchie send has fewer than ten. */
export const MAX_JSON_DEPTH = 50;

export type ReadBody =
  | { ok: true; bytes: Uint8Array<ArrayBuffer> }
  /** Known before the rest of the body has come. */
  | { ok: false; reason: "too_large" | "too_slow" };

/** The body's bytes, at most so many and in so much time; of one that breaks off, what came of it. */
export async function readLimited(
  request: Request,
  { bytes = MAX_BODY_BYTES, ms = MAX_BODY_MS }: { bytes?: number; ms?: number } = {},
): Promise<ReadBody> {
  if (Number(request.headers.get("content-length") ?? 0) > bytes) return { ok: false, reason: "too_large" };
  if (request.body === null) return { ok: true, bytes: new Uint8Array() };
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let expire: (outcome: "too_slow") => void = () => undefined;
  const deadline = new Promise<"too_slow">((resolve) => {
    expire = resolve;
  });
  const timer = setTimeout(() => expire("too_slow"), ms);
  try {
    // The declared length is only a hint: a chunked body has none.
    for (;;) {
      const read = await Promise.race([reader.read(), deadline]);
      if (read === "too_slow") return { ok: false, reason: "too_slow" };
      if (read.done) return { ok: true, bytes: joined(chunks, size) };
      size += read.value.byteLength;
      if (size > bytes) return { ok: false, reason: "too_large" };
      chunks.push(read.value);
    }
  } finally {
    clearTimeout(timer);
    // Not awaited: a sender that stands still may never let it settle. After the end it does nothing.
    reader.cancel().catch(() => undefined);
  }
}

function joined(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Does a JSON text nest deeper than this? Asked of the bytes, before a parser is: parsers recurse. */
export function isDeeperThan(bytes: Uint8Array, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > max) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}
