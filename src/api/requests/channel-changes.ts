import { sealChannel } from "../../alerts/sealed.ts";
import { checkTarget, targetHint } from "../../alerts/target.ts";
import type { ChannelInput, ChannelKind } from "../../contract/http/alert-channels.ts";
import type { AlertChannelRow } from "../../db/schema/accounts.ts";
import { generateSecret } from "../../dutchie/webhook/signature.ts";
import { type Config, endpointRules } from "../../env.ts";
import { keyHint } from "../../security/hint.ts";
import { type Issue, invalid } from "../errors.ts";

export interface ChangedChannel {
  row: AlertChannelRow;
  /** Shown once; null: the channel has no secret, or keeps its secret. */
  secret: string | null;
}

/** The retailer's new list. A channel that comes with its id and its hint keeps target, secret and history. */
export async function changedChannels(
  stored: readonly AlertChannelRow[],
  given: readonly ChannelInput[],
  { config, retailer_id, now }: { config: Config; retailer_id: string; now: number },
): Promise<ChangedChannel[]> {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const changed: ChangedChannel[] = [];
  for (const [index, input] of given.entries()) {
    const known = stored.find(({ channel_id }) => channel_id === input.channel_id);
    const checked = checkTarget(input.kind, input.target, endpointRules(config));
    const choice = { enabled: input.enabled, rules: input.rules ?? null, position: index };
    if (input.channel_id !== undefined && (known === undefined || seen.has(known.channel_id))) {
      issues.push({
        path: `${index}.channel_id`,
        message: "is not the id of one of your channels, or comes twice; leave it out for a new channel",
      });
    } else if (known?.kind === input.kind && known.target_hint === input.target) {
      changed.push({ row: { ...known, ...choice }, secret: null });
    } else if (!checked.ok) {
      issues.push({ path: `${index}.target`, message: checked.reason });
    } else {
      const channel_id = known?.channel_id ?? newChannelId();
      const made = await newTarget(config, channel_id, input.kind, checked.target);
      const row = { channel_id, retailer_id, ...made.columns, ...choice, created_at: now, ...NO_HISTORY };
      changed.push({ row, secret: made.secret });
    }
    if (known !== undefined) seen.add(known.channel_id);
  }
  if (issues.length > 0) throw invalid(issues);
  return changed;
}

const NO_HISTORY = { last_sent_at: null, failed_at: null, last_error: null };

/** A new target gets a new secret: the old receiver must not be able to sign for the new one. */
async function newTarget(config: Config, channel_id: string, kind: ChannelKind, target: string) {
  const secret = kind === "webhook" ? generateSecret() : null;
  const columns = {
    kind,
    sealed: await sealChannel(config.credential_keys, channel_id, { target, secret }),
    target_hint: targetHint(kind, target),
    secret_hint: secret === null ? null : keyHint(secret),
  };
  return { columns, secret };
}

const newChannelId = () => `chn_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
