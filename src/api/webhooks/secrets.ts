import type { LocationRow } from "../../db/locations.ts";
import type { WebhookSecret } from "../../db/schema/accounts.ts";
import { isImpossible } from "../../domain/clock.ts";
import { generateSecret, signatureKey } from "../../dutchie/webhook/signature.ts";
import type { Config } from "../../env.ts";
import { log } from "../../platform/log.ts";
import { keyHint } from "../../security/hint.ts";
import { open, seal } from "../../security/seal.ts";
import type { StoreKey } from "./known-stores.ts";

/** How long a replaced secret still works (the API contract). */
const OVERLAP_MS = 24 * 60 * 60_000;
/** Each secret costs one HMAC per webhook. More rotations than this within a day drop the oldest secret. */
const MAX_SECRETS = 4;

export interface NewSecret {
  /** Shown once. */
  secret: string;
  sealed: WebhookSecret;
  hint: string;
}

export async function newWebhookSecret(config: Config, location_id: string): Promise<NewSecret> {
  const secret = generateSecret();
  const sealed = await seal(config.credential_keys, "webhook_secret", location_id, secret);
  return { secret, sealed: { sealed, until: null }, hint: keyHint(secret) };
}

/** Whether a secret that works until then works now. A time later than it can be is from before our clock was set back: it is over. */
export const stillWorks = (until: number | null, now: number): boolean =>
  until === null || (until > now && !isImpossible(until, now + OVERLAP_MS));

/** The new secret first, then the replaced ones that still work. */
export function afterRotation(row: LocationRow, fresh: WebhookSecret, now: number): WebhookSecret[] {
  // A replaced secret keeps the scheme it was made for: the sender changes both at once.
  const old = row.webhook_secrets
    .filter(({ until }) => stillWorks(until, now))
    .map((secret) => ({ scheme: row.webhook_scheme, ...secret, until: secret.until ?? now + OVERLAP_MS }));
  return [fresh, ...old].slice(0, MAX_SECRETS);
}

/** The keys of a store's secrets, the replaced ones too. A secret that does not open is logged and left out. */
export async function storeKeys(config: Config, row: LocationRow): Promise<StoreKey[]> {
  const keys: StoreKey[] = [];
  for (const { sealed, until, scheme = row.webhook_scheme } of row.webhook_secrets) {
    const opened = await open(config.credential_keys, "webhook_secret", row.location_id, sealed);
    const key = opened.ok ? await signatureKey(scheme.kind, opened.plaintext) : null;
    if (key !== null) keys.push({ scheme, key, until });
    else log("secret_not_opened", { location_id: row.location_id, code: opened.ok ? "unreadable" : opened.reason });
  }
  return keys;
}
