import type { Pepper, SealedPepper } from "../domain/insights/pseudonym.ts";
import { fromBase64, toBase64Url } from "./base64.ts";
import type { KeyRing } from "./key-ring.ts";
import { open, seal } from "./seal.ts";

/** The size of the hash: RFC 2104 asks for no less. */
const SECRET_BYTES = 32;
/** 36 bits are enough to distinguish the peppers of one store. */
const ID_CHARACTERS = 6;

/** A pepper for a store that starts to keep customers. Random, so that pseudonyms of two stores or periods cannot be matched. */
export async function newPepper(ring: KeyRing, location_id: string): Promise<SealedPepper> {
  const id = toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).slice(0, ID_CHARACTERS);
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  return { id, sealed: await seal(ring, "customer_pepper", location_id, secret) };
}

/** null: the store keeps no customers. Throws when the pepper does not open: its key was removed from CREDENTIAL_KEYS too early. */
export async function openPepper(
  ring: KeyRing,
  { location_id, customer_pepper }: { location_id: string; customer_pepper: SealedPepper | null },
): Promise<Pepper | null> {
  if (customer_pepper === null) return null;
  const { id, sealed } = customer_pepper;
  const opened = await open(ring, "customer_pepper", location_id, sealed);
  const secret = opened.ok ? fromBase64(opened.plaintext) : null;
  if (secret === null) throw new Error(`The pepper of ${location_id} does not open`);
  return { id, secret };
}
