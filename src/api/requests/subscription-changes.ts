import { sealChannel } from "../../alerts/sealed.ts";
import { checkTarget, targetHint } from "../../alerts/target.ts";
import type { SubscriptionInput } from "../../contract/http/subscriptions.ts";
import type { SubscriptionRow } from "../../db/schema/accounts.ts";
import { generateSecret } from "../../dutchie/webhook/signature.ts";
import { type Config, endpointRules } from "../../env.ts";
import { keyHint } from "../../security/hint.ts";
import { type Issue, invalid } from "../errors.ts";

export interface ChangedSubscription {
  row: SubscriptionRow;
  /** Shown once; null: the subscription keeps its secret. */
  secret: string | null;
}

/** The retailer's new list. A subscription that comes with its id and its hint keeps address and secret. */
export async function changedSubscriptions(
  stored: readonly SubscriptionRow[],
  given: readonly SubscriptionInput[],
  { config, retailer_id, now }: { config: Config; retailer_id: string; now: number },
): Promise<ChangedSubscription[]> {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const changed: ChangedSubscription[] = [];
  for (const [position, input] of given.entries()) {
    const known = stored.find(({ subscription_id }) => subscription_id === input.subscription_id);
    const checked = checkTarget("webhook", input.url, endpointRules(config));
    const choice = {
      enabled: input.enabled,
      events: [...new Set(input.events)].sort(),
      location_ids: input.location_ids == null ? null : [...new Set(input.location_ids)].sort(),
    };
    if (input.subscription_id !== undefined && (known === undefined || seen.has(known.subscription_id))) {
      issues.push({
        path: `${position}.subscription_id`,
        message: "is not the id of one of your subscriptions, or comes twice; leave it out for a new one",
      });
    } else if (known?.url_hint === input.url) {
      const { enabled, events, location_ids } = known;
      const isSame = JSON.stringify({ enabled, events, location_ids }) === JSON.stringify(choice);
      const changed_at = isSame ? known.changed_at : Math.max(now, known.changed_at + 1);
      changed.push({ row: { ...known, ...choice, position, changed_at }, secret: null });
    } else if (!checked.ok) {
      issues.push({ path: `${position}.url`, message: checked.reason });
    } else {
      const subscription_id = known?.subscription_id ?? newId();
      // A new address gets a new secret: the old receiver must not be able to sign for the new one.
      const secret = generateSecret();
      const row = {
        subscription_id,
        retailer_id,
        sealed: await sealChannel(config.credential_keys, subscription_id, { target: checked.target, secret }),
        url_hint: targetHint("webhook", checked.target),
        secret_hint: keyHint(secret),
        ...choice,
        position,
        created_at: known?.created_at ?? now,
        changed_at: Math.max(now, (known?.changed_at ?? 0) + 1),
      };
      changed.push({ row, secret });
    }
    if (known !== undefined) seen.add(known.subscription_id);
  }
  if (issues.length > 0) throw invalid(issues);
  return changed;
}

const newId = () => `sub_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
