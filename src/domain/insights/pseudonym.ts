import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * The secret for the pseudonyms of a store's customers: random, one per store, and stored sealed. With the database alone,
 * nobody can reverse a pseudonym or try customer ids.
 */
export interface Pepper {
  /** Every pseudonym begins with this id, so those of an earlier pepper can be found and deleted. */
  id: string;
  secret: Uint8Array;
}

/** A pepper as it is stored. */
export interface SealedPepper {
  id: string;
  sealed: string;
}

/** 96 bits: among a million customers, two get the same pseudonym by chance in one of 10^17 stores. */
const KEY_BYTES = 12;

/** `<pepper id>.<HMAC-SHA-256 of Dutchie's customer id, 96 bits, base64url>`. */
export function customerKey(pepper: Pepper, dutchie_customer_id: string): string {
  const mac = hmac(sha256, pepper.secret, utf8ToBytes(dutchie_customer_id)).subarray(0, KEY_BYTES);
  const text = btoa(String.fromCharCode(...mac))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  return `${pepper.id}.${text}`;
}

/** The pseudonym if it was made with this pepper, else null. `pepper_id` null: the store keeps no customers. */
export function ownKey(key: string | null, pepper_id: string | null): string | null {
  return key !== null && pepper_id !== null && key.startsWith(`${pepper_id}.`) ? key : null;
}

/** All pseudonyms of a pepper: from `first`, and before `end`. */
export const keyRange = (pepper_id: string) => ({ first: `${pepper_id}.`, end: `${pepper_id}/` });
