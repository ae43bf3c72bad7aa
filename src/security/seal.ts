import { fromBase64, toBase64Url } from "./base64.ts";
import type { KeyRing } from "./key-ring.ts";

/**
 * AES-256-GCM envelopes for secrets in D1: `v1.<key id>.<iv>.<ciphertext and tag>`. Purpose and owner (a store, a channel)
 * are authenticated too, so an envelope that is moved to another row or column does not open.
 */
export type SealPurpose = "credentials" | "webhook_secret" | "alert_target" | "email_consent" | "customer_pepper";

export type OpenResult =
  | { ok: true; plaintext: string }
  /** `does_not_open`: another key under this id, another store or purpose, or a damaged envelope. */
  | { ok: false; reason: "malformed" | "unknown_key" | "does_not_open" };

const ALGORITHM = "AES-GCM";
/** GCM's standard size. Random IVs are safe for up to 2^32 envelopes per key. */
const IV_BYTES = 12;

export async function seal(ring: KeyRing, purpose: SealPurpose, owner_id: string, plaintext: string): Promise<string> {
  const raw = ring.keys.get(ring.sealing_id);
  if (raw === undefined) throw new Error("The key ring lacks its sealing key");
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await crypto.subtle.importKey("raw", raw, ALGORITHM, false, ["encrypt"]);
  const additionalData = context(purpose, owner_id);
  const data = new TextEncoder().encode(plaintext);
  const sealed = await crypto.subtle.encrypt({ name: ALGORITHM, iv, additionalData }, key, data);
  return `v1.${ring.sealing_id}.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
}

export async function open(
  ring: KeyRing,
  purpose: SealPurpose,
  owner_id: string,
  envelope: string,
): Promise<OpenResult> {
  const [version, key_id, ivText, sealedText, ...rest] = envelope.split(".");
  const iv = fromBase64(ivText ?? "");
  const sealed = fromBase64(sealedText ?? "");
  const whole = version === "v1" && key_id !== undefined && sealedText !== undefined && rest.length === 0;
  if (!whole || iv?.length !== IV_BYTES || sealed === null) return { ok: false, reason: "malformed" };
  const raw = ring.keys.get(key_id);
  if (raw === undefined) return { ok: false, reason: "unknown_key" };
  const key = await crypto.subtle.importKey("raw", raw, ALGORITHM, false, ["decrypt"]);
  try {
    const additionalData = context(purpose, owner_id);
    const data = await crypto.subtle.decrypt({ name: ALGORITHM, iv, additionalData }, key, sealed);
    return { ok: true, plaintext: new TextDecoder().decode(data) };
  } catch {
    return { ok: false, reason: "does_not_open" };
  }
}

/** Whether it was sealed with the ring's first key; if not, it must be sealed again. */
export function isSealedWithFirst(ring: KeyRing, envelope: string): boolean {
  return envelope.startsWith(sealedPrefix(ring));
}

/** The beginning of every envelope that the ring's first key sealed. */
export const sealedPrefix = (ring: KeyRing): string => `v1.${ring.sealing_id}.`;

/** No purpose contains a colon, so two pairs never give the same text. */
const context = (purpose: SealPurpose, owner_id: string) => new TextEncoder().encode(`${purpose}:${owner_id}`);
