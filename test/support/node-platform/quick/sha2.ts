import { hash } from "node:crypto";
import { sha256 as portable } from "../../../../node_modules/@noble/hashes/sha2.js";

/** In the place of `@noble/hashes/sha2.js`: the same hash in native code. Whatever else is asked of it is the library's own. */
export const sha256 = Object.assign(
  (data: Uint8Array): Uint8Array => new Uint8Array(hash("sha256", data, "buffer")),
  portable,
);
