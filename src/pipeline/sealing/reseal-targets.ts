import { openChannel, sealChannel } from "../../alerts/sealed.ts";
import { accountsDb } from "../../db/databases.ts";
import type { Visible } from "../../db/locations.ts";
import {
  countTargetsSealedOtherwise,
  findSealed,
  listTargetsSealedOtherwise,
  replaceSealedTarget,
  type TargetKind,
} from "../../db/queries/sealed-targets.ts";
import { parseConfig } from "../../env.ts";
import { sealedPrefix } from "../../security/seal.ts";
import { RESEALED_A_STEP, type ResealStep, resealEach } from "./reseal.ts";

/** What the log calls an id of these. */
export const TARGET_ID = { channels: "channel_id", subscriptions: "subscription_id" } as const;

/** One bounded step of sealing alert channels, or subscriptions, with the ring's first key. `who` null: all retailers. */
export async function resealTargets(
  env: Env,
  kind: TargetKind,
  who: Visible | null,
  after: string | null,
): Promise<ResealStep> {
  // A token for some stores gives no access to what is the retailer's.
  if (who !== null && who.location_ids !== null) return { resealed: 0, remaining: 0, unopened: [], after: null };
  const ring = parseConfig(env).credential_keys;
  const db = accountsDb(env);
  const those = { retailer_id: who?.retailer_id ?? null, prefix: sealedPrefix(ring) };
  const ids = await listTargetsSealedOtherwise(db, kind, those, { after, limit: RESEALED_A_STEP });
  const { resealed, unopened } = await resealEach(TARGET_ID[kind], ids, async (id) => {
    const sealed = await findSealed(db, kind, id);
    if (sealed === null) return "changed";
    const opened = await openChannel(ring, { channel_id: id, sealed });
    if (opened === null) return "unopened";
    const envelopes = { read: sealed, fresh: await sealChannel(ring, id, opened) };
    return (await replaceSealedTarget(db, kind, id, envelopes)) ? "resealed" : "changed";
  });
  const remaining = await countTargetsSealedOtherwise(db, kind, those);
  return { resealed, remaining, unopened, after: ids.length < RESEALED_A_STEP ? null : (ids.at(-1) ?? null) };
}
