import { openChannel, sealChannel } from "../../alerts/sealed.ts";
import { accountsDb } from "../../db/databases.ts";
import type { Visible } from "../../db/locations.ts";
import {
  countChannelsSealedOtherwise,
  findChannel,
  listChannelsSealedOtherwise,
  replaceSealedChannel,
} from "../../db/queries/alert-channels.ts";
import { parseConfig } from "../../env.ts";
import { sealedPrefix } from "../../security/seal.ts";
import { RESEALED_A_STEP, type ResealStep, resealEach } from "./reseal.ts";

/** One bounded step of sealing alert channels with the ring's first key. `who` null: all retailers. */
export async function resealChannels(env: Env, who: Visible | null, after: string | null): Promise<ResealStep> {
  // A token for some stores gives no access to the retailer's channels.
  if (who !== null && who.location_ids !== null) return { resealed: 0, remaining: 0, unopened: [], after: null };
  const ring = parseConfig(env).credential_keys;
  const db = accountsDb(env);
  const [retailer_id, prefix] = [who?.retailer_id ?? null, sealedPrefix(ring)];
  const ids = await listChannelsSealedOtherwise(db, retailer_id, prefix, { after, limit: RESEALED_A_STEP });
  const { resealed, unopened } = await resealEach("channel_id", ids, async (id) => {
    const row = await findChannel(db, id);
    if (row === null) return "changed";
    const opened = await openChannel(ring, row);
    if (opened === null) return "unopened";
    const stored = await replaceSealedChannel(db, row, await sealChannel(ring, id, opened));
    return stored ? "resealed" : "changed";
  });
  const remaining = await countChannelsSealedOtherwise(db, retailer_id, prefix);
  return { resealed, remaining, unopened, after: ids.length < RESEALED_A_STEP ? null : (ids.at(-1) ?? null) };
}
