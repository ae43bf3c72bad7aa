import { accountsDb } from "../../db/databases.ts";
import { endFailure, listSubscriptions } from "../../db/queries/subscriptions.ts";
import { type Delivery, newDelivery, resumed } from "../../domain/feed/delivery.ts";
import { isSubscribed } from "../../domain/feed/subscribed.ts";
import type { StoreContext } from "../context.ts";
import { resolveAlert } from "../status/alerts.ts";
import { endShownFailure, RECEIVER_FAILING } from "./failing.ts";

/**
 * Takes over the retailer's subscriptions, as far as they are about this store. One that is new, or on again, begins now; one that
 * was changed is tried at once.
 */
export async function followSubscriptions(context: StoreContext): Promise<void> {
  const { env, store, location, now } = context;
  const all = await listSubscriptions(accountsDb(env), location.retailer_id);
  const wanted = all.filter((subscription) => isSubscribed(subscription, location.location_id));
  for (const { subscription_id, changed_at } of wanted) {
    const known = store.deliveries.get(subscription_id);
    if (known?.changed_at === changed_at) continue;
    if (known !== null && known.failing_since !== null) await endShownFailure(context, subscription_id);
    const delivery: Delivery = known === null ? newDelivery(changed_at, now) : resumed(known, null, now);
    store.deliveries.put({ ...delivery, subscription_id, changed_at });
  }
  const ids = new Set(wanted.map(({ subscription_id }) => subscription_id));
  for (const { subscription_id } of store.deliveries.list()) {
    if (!ids.has(subscription_id)) await endDelivery(context, subscription_id);
  }
}

/** Nothing more is sent there. */
async function endDelivery(
  {
    env,
    store,
    location: { location_id },
    now,
  }: Pick<StoreContext, "env" | "store" | "now"> & {
    location: Pick<StoreContext["location"], "location_id">;
  },
  subscription_id: string,
): Promise<void> {
  await endFailure(accountsDb(env), { subscription_id, location_id });
  const alert = { rule: RECEIVER_FAILING, subject: subscription_id } as const;
  await resolveAlert({ env, location: { location_id }, now }, alert, "The subscription was removed or switched off.");
  store.deliveries.remove(subscription_id);
}
