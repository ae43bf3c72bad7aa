import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * What makes pseudonyms of a store's customers: random, the store's own, sealed where it is stored. Whoever holds the
 * database alone can neither reverse a pseudonym nor try customer ids against it.
 */
export interface Pepper {
  /** Begins every pseudonym made with it, so that those of an earlier pepper are told apart and deleted. */
  id: string;
  secret: Uint8Array;
}

/** A pepper as it is stored. */
export interface SealedPepper {
  id: string;
  sealed: string;
}

/** 96 bits: a million customers of one store meet by chance once in 10^17 stores. */
const KEY_BYTES = 12;

/** `<pepper id>.<HMAC-SHA-256 of Dutchie's customer id, 96 bits, base64url>`. */
export function customerKey(pepper: Pepper, dutchie_customer_id: string): string {
  const mac = hmac(sha256, pepper.secret, utf8ToBytes(dutchie_customer_id)).subarray(0, KEY_BYTES);
  const text = btoa(String.fromCharCode(...mac))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  return `${pepper.id}.${text}`;
}

/** The pseudonym, if it was made with this pepper; else none. `pepper_id` null: the store keeps no customers. */
export function ownKey(key: string | null, pepper_id: string | null): string | null {
  return key !== null && pepper_id !== null && key.startsWith(`${pepper_id}.`) ? key : null;
}

/** All pseudonyms of a pepper lie from `first` to before `end`. */
export const keyRange = (pepper_id: string) => ({ first: `${pepper_id}.`, end: `${pepper_id}/` });
