import { z } from "zod";
import { fromBase64 } from "./base64.ts";

/** Keys by id. The first key seals and all keys open: to replace a key, put the new one in front. */
export interface KeyRing {
  sealing_id: string;
  keys: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export type KeyRingResult = { ok: true; ring: KeyRing } | { ok: false; reason: string };

const KEY_BYTES = 32;

/** `{"<id>": "<32 bytes, base64>", …}`. The reason never contains a key. */
export function parseKeyRing(text: string): KeyRingResult {
  const json = parseJson(text);
  const shape = z.record(z.string(), z.string()).safeParse(json);
  if (!shape.success) return refuse('must be JSON of the form {"<id>": "<32 bytes, base64>"}');
  const keys = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [id, encoded] of Object.entries(shape.data)) {
    // A leading letter, because JavaScript puts number-like names first, and the first key seals. No dot, because
    // envelopes are split at dots.
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(id)) {
      return refuse("has a key id that is not a letter followed by up to 31 letters, digits, _ or -");
    }
    const key = fromBase64(encoded);
    if (key?.length !== KEY_BYTES) return refuse(`has a key ("${id}") that is not 32 bytes in base64`);
    keys.set(id, key);
  }
  const [sealing_id] = keys.keys();
  return sealing_id === undefined ? refuse("contains no key") : { ok: true, ring: { sealing_id, keys } };
}

const refuse = (reason: string): KeyRingResult => ({ ok: false, reason });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
