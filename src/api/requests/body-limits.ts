import { ApiError, invalid } from "../errors.ts";
import { isDeeperThan, MAX_BODY_MS, MAX_JSON_DEPTH, readLimited } from "./read-limited.ts";

/** The body's bytes; 413 if there are too many, 400 if they do not arrive in time. */
export async function bodyWithinLimits(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readLimited(request);
  if (read.ok) return read.bytes;
  if (read.reason === "too_large") throw tooLarge();
  throw invalid([{ path: "", message: `The body did not arrive within ${MAX_BODY_MS / 1_000} seconds.` }]);
}

/** 400 for JSON that is nested deeper than any real request. */
export function refuseDepth(bytes: Uint8Array): void {
  if (!isDeeperThan(bytes, MAX_JSON_DEPTH)) return;
  throw invalid([{ path: "", message: `The body is nested deeper than ${MAX_JSON_DEPTH} levels.` }]);
}

/** The body as text; 400 if it is not UTF-8. A decoder that guesses would store a question mark in place of each other letter. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw invalid([{ path: "", message: "The body is not JSON: it is not in UTF-8." }]);
  }
}

/** 400 for the key `__proto__`: an object made from the body would drop it in silence. */
export function refusePrototypeKey(text: string): void {
  // The key may be written with an escape. Nearly no body has either.
  const path = /__proto__|\\u/.test(text) ? pathOfPrototypeKey(parsed(text)) : null;
  if (path !== null) throw invalid([{ path: path.join("."), message: "cannot be a key" }]);
}

/** null: it has none. */
function pathOfPrototypeKey(value: unknown): string[] | null {
  if (typeof value !== "object" || value === null) return null;
  for (const [key, each] of Object.entries(value)) {
    const below = key === "__proto__" ? [] : pathOfPrototypeKey(each);
    if (below !== null) return [key, ...below];
  }
  return null;
}

/** null: it is no JSON, which is said elsewhere. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const tooLarge = () => new ApiError("PAYLOAD_TOO_LARGE", "The body must not be larger than 100 KB.");
