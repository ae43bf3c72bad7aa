/** Largest body, in bytes: a webhook's body must fit into a queue message, which holds 128 KB. */
const MAX_BODY_BYTES = 100 * 1024;
/** Longest time for a body, in ms: an honest sender needs far less for 100 KB. */
export const MAX_BODY_MS = 10_000;
/** Deepest nesting of lists and objects; what honest senders send has fewer than ten levels. */
export const MAX_JSON_DEPTH = 50;

export type ReadBody =
  | { ok: true; bytes: Uint8Array<ArrayBuffer> }
  /** The rest of the body is not read. */
  | { ok: false; reason: "too_large" | "too_slow" };

/** The body's bytes, within a size and a time. If the body breaks off, the bytes that arrived. */
export async function readLimited(
  message: Pick<Request | Response, "headers" | "body">,
  { bytes = MAX_BODY_BYTES, ms = MAX_BODY_MS }: { bytes?: number; ms?: number } = {},
): Promise<ReadBody> {
  if (Number(message.headers.get("content-length") ?? 0) > bytes) return { ok: false, reason: "too_large" };
  if (message.body === null) return { ok: true, bytes: new Uint8Array() };
  const reader = message.body.getReader();
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
    // Not awaited: with a sender that stands still it may never end. After the end of the body it does nothing.
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

/** Whether a JSON text is nested deeper than `max`. Checked on the bytes before parsing, because parsers recurse. */
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
