import {
  countSealedOtherwise,
  type LocationRow,
  listSealedOtherwise,
  replaceSealed,
  type Visible,
} from "../db/locations.ts";
import { accountsDb } from "../db/records.ts";
import { parseConfig } from "../env.ts";
import { causeOf } from "../failures.ts";
import type { KeyRing } from "../security/key-ring.ts";
import { isSealedWithFirst, open, type SealPurpose, seal, sealedPrefix } from "../security/seal.ts";

/** Stores sealed anew in one step: four envelopes and one write each, far under the limits of one invocation. */
export const RESEALED_A_STEP = 50;

export interface ResealStep {
  resealed: number;
  /** Stores, or channels, that still hold an envelope of another key. */
  remaining: number;
  /** Those whose envelopes no key of the ring opens: the key must come back, or the credentials be entered again. */
  unopened: string[];
  /** Where the next step goes on; null: all were looked at. */
  after: string | null;
}

/** One bounded step of sealing credentials and webhook secrets with the ring's first key. `who` null: all retailers. */
export async function resealStores(env: Env, who: Visible | null, after: string | null): Promise<ResealStep> {
  const ring = parseConfig(env).credential_keys;
  const db = accountsDb(env);
  const rows = await listSealedOtherwise(db, who, sealedPrefix(ring), { after, limit: RESEALED_A_STEP });
  const unopened: string[] = [];
  let resealed = 0;
  for (const row of rows) {
    const outcome = await resealStore(env, row);
    if (outcome === "resealed") resealed += 1;
    if (outcome === "unopened") unopened.push(row.location_id);
  }
  const remaining = await countSealedOtherwise(db, who, sealedPrefix(ring));
  const last = rows.at(-1)?.location_id ?? null;
  return { resealed, remaining, unopened, after: rows.length < RESEALED_A_STEP ? null : last };
}

/** `changed`: somebody wrote new envelopes meanwhile, which are sealed with the first key already. */
export async function resealStore(
  env: Env,
  row: LocationRow,
): Promise<"current" | "resealed" | "unopened" | "changed"> {
  const ring = parseConfig(env).credential_keys;
  const envelopes = [row.credentials, ...row.webhook_secrets.map(({ sealed }) => sealed)];
  if (envelopes.every((envelope) => isSealedWithFirst(ring, envelope))) return "current";
  const credentials = await sealedAnew(ring, "credentials", row.location_id, row.credentials);
  const webhook_secrets = await Promise.all(
    row.webhook_secrets.map(async (secret) => {
      const sealed = await sealedAnew(ring, "webhook_secret", row.location_id, secret.sealed);
      return { ...secret, sealed: sealed ?? secret.sealed };
    }),
  );
  const fresh = { credentials: credentials ?? row.credentials, webhook_secrets };
  const all = [fresh.credentials, ...webhook_secrets.map(({ sealed }) => sealed)];
  const stored = await replaceSealed(accountsDb(env), row, fresh);
  if (!stored) return "changed";
  return all.every((envelope) => isSealedWithFirst(ring, envelope)) ? "resealed" : "unopened";
}

/** For whoever has just opened a store's credentials: brings them under the first key, and never fails its caller. */
export async function resealLazily(env: Env, row: LocationRow): Promise<void> {
  try {
    await resealStore(env, row);
  } catch (error) {
    console.error({ message: "credentials not sealed anew", location_id: row.location_id, cause: causeOf(error) });
  }
}

/** null: it does not open. */
async function sealedAnew(
  ring: KeyRing,
  purpose: SealPurpose,
  location_id: string,
  envelope: string,
): Promise<string | null> {
  if (isSealedWithFirst(ring, envelope)) return envelope;
  const opened = await open(ring, purpose, location_id, envelope);
  return opened.ok ? seal(ring, purpose, location_id, opened.plaintext) : null;
}
