import { createHash } from "node:crypto";
import { sha256 as portable } from "../../../../node_modules/@noble/hashes/sha2.js";

/** Replaces `@noble/hashes/sha2.js`: the same hash in native code. Everything else comes from the library. */
export const sha256 = Object.assign(
  (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest()),
  portable,
);
