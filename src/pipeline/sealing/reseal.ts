import { accountsDb } from "../../db/databases.ts";
import {
  countSealedOtherwise,
  findLocation,
  type LocationRow,
  listSealedOtherwise,
  updateUnchanged,
  type Visible,
} from "../../db/locations.ts";
import { parseConfig } from "../../env.ts";
import { log } from "../../platform/log.ts";
import type { KeyRing } from "../../security/key-ring.ts";
import { isSealedWithFirst, open, type SealPurpose, seal, sealedPrefix } from "../../security/seal.ts";

/** Stores that are sealed again in one step: six envelopes at most and one write each, far under the limits of one invocation. */
export const RESEALED_A_STEP = 50;

export interface ResealStep {
  resealed: number;
  /** Stores, or channels, that still have an envelope of another key. */
  remaining: number;
  /** Those whose envelopes no key of the ring opens: the key must come back, or the credentials be entered again. */
  unopened: string[];
  /** Where the next step goes on; null: done. */
  after: string | null;
}

/**
 * One bounded step of sealing credentials, webhook secrets and peppers with the ring's first key. `who` null: all
 * retailers.
 */
export async function resealStores(env: Env, who: Visible | null, after: string | null): Promise<ResealStep> {
  const ring = parseConfig(env).credential_keys;
  const db = accountsDb(env);
  const ids = await listSealedOtherwise(db, who, sealedPrefix(ring), { after, limit: RESEALED_A_STEP });
  const { resealed, unopened } = await resealEach("location_id", ids, async (id) => {
    const row = await findLocation(db, id);
    return row === null ? "changed" : resealStore(env, row);
  });
  const remaining = await countSealedOtherwise(db, who, sealedPrefix(ring));
  return { resealed, remaining, unopened, after: ids.length < RESEALED_A_STEP ? null : (ids.at(-1) ?? null) };
}

type Outcome = "current" | "resealed" | "unopened" | "changed";

/** Each alone: one that throws counts as not opened, and does not stop the others. */
export async function resealEach(
  kind: "location_id" | "channel_id",
  ids: readonly string[],
  reseal: (id: string) => Promise<Outcome>,
) {
  const outcomes: [string, Outcome][] = [];
  for (const id of ids) {
    try {
      outcomes.push([id, await reseal(id)]);
    } catch (error) {
      log("secret_not_resealed", { [kind]: id, cause: error });
      outcomes.push([id, "unopened"]);
    }
  }
  const idsOf = (wanted: Outcome) => outcomes.flatMap(([id, outcome]) => (outcome === wanted ? [id] : []));
  return { resealed: idsOf("resealed").length, unopened: idsOf("unopened") };
}

/** `changed`: somebody wrote new envelopes meanwhile, which are sealed with the first key already. */
async function resealStore(env: Env, row: LocationRow): Promise<Outcome> {
  const ring = parseConfig(env).credential_keys;
  if (envelopesOf(row).every((envelope) => isSealedWithFirst(ring, envelope))) return "current";
  const credentials = await sealedAnew(ring, "credentials", row.location_id, row.credentials);
  const webhook_secrets = await Promise.all(
    row.webhook_secrets.map(async (secret) => {
      const sealed = await sealedAnew(ring, "webhook_secret", row.location_id, secret.sealed);
      return { ...secret, sealed: sealed ?? secret.sealed };
    }),
  );
  const pepper = row.customer_pepper;
  const customer_pepper = pepper && {
    ...pepper,
    sealed: (await sealedAnew(ring, "customer_pepper", row.location_id, pepper.sealed)) ?? pepper.sealed,
  };
  const fresh = { credentials: credentials ?? row.credentials, webhook_secrets, customer_pepper };
  const stored = await updateUnchanged(accountsDb(env), row, fresh);
  if (!stored) return "changed";
  return envelopesOf(fresh).every((envelope) => isSealedWithFirst(ring, envelope)) ? "resealed" : "unopened";
}

type Sealed = Pick<LocationRow, "credentials" | "webhook_secrets" | "customer_pepper">;

const envelopesOf = ({ credentials, webhook_secrets, customer_pepper }: Sealed): string[] => [
  credentials,
  ...webhook_secrets.map(({ sealed }) => sealed),
  ...(customer_pepper === null ? [] : [customer_pepper.sealed]),
];

/** For the caller that has just opened a store's credentials: seals them with the first key. Never throws. */
export async function resealLazily(env: Env, row: LocationRow): Promise<void> {
  try {
    await resealStore(env, row);
  } catch (error) {
    log("secret_not_resealed", { location_id: row.location_id, cause: error });
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
