import type { ProblemJson } from "../../contract/http/common.ts";
import { MESSAGE_VERSION } from "../../contract/messages.ts";
import type { ClaimedChanges, TellMessage } from "../../contract/telling.ts";
import { headOf, readFeed } from "../../db/queries/read-feed.ts";
import { MAX_TOLD_CHANGES } from "../../domain/bounds.ts";
import { resourcesOf, type ToldEvent } from "../../domain/feed/change-messages.ts";
import {
  afterChange,
  afterClaim,
  afterDelivered,
  afterFailure,
  askAt,
  isDue,
  resumed,
  type Window,
} from "../../domain/feed/delivery.ts";
import { isBeforeLog } from "../../domain/feed/entries.ts";
import { earliest } from "../../domain/runs/type-states.ts";
import { parseConfig } from "../../env.ts";
import type { StoreContext } from "../context.ts";
import type { Store } from "../storage/store.ts";
import { endShownFailure, showFailure } from "./failing.ts";

/** `head`: the newest number of the store's changes. */
export type ResumeResult =
  | { ok: true }
  | { ok: false; reason: "not_followed" }
  | { ok: false; reason: "before_log" | "after_head"; head: number };

/** The subscription gets nothing of this store. */
export const NOT_FOLLOWED = { ok: false, reason: "not_followed" } as const;

/** Marks the receivers as due. It comes before the write of the change, so that a crash after the write loses no notice. */
export function expectChange(store: Store, now: number): void {
  for (const delivery of store.deliveries.list()) store.deliveries.put({ ...delivery, ...afterChange(delivery, now) });
}

/** When the queue is to be asked next, ms; null: nothing waits. */
export function deliveryDueAt({ env, store }: Pick<StoreContext, "env" | "store">): number | null {
  const { queued_ms } = parseConfig(env);
  return earliest(store.deliveries.list().flatMap((delivery) => askAt(delivery, queued_ms) ?? []));
}

/** The timer: sends a message for each receiver that is due. */
export async function askForDelivery({ env, store, location: { location_id }, now }: StoreContext): Promise<void> {
  const { queued_ms } = parseConfig(env);
  for (const delivery of store.deliveries.list()) {
    const at = askAt(delivery, queued_ms);
    if (at === null || at > now) continue;
    await env.NOTICES.send({
      v: MESSAGE_VERSION,
      location_id,
      subscription_id: delivery.subscription_id,
    } satisfies TellMessage);
    // After sending: what could not be sent does not count as asked for.
    store.deliveries.put({ ...delivery, asked_at: now });
  }
}

/**
 * The next changes for a receiver; null: none, or somebody else sends them. In the store's turn: no change is being written, so
 * when nothing is found, the next change asks anew.
 */
export async function claimChanges(
  { db, store, location: { location_id, last_success_at }, now }: StoreContext,
  { subscription_id, events }: { subscription_id: string; events: readonly ToldEvent[] },
): Promise<ClaimedChanges | null> {
  const delivery = store.deliveries.get(subscription_id);
  if (delivery === null || !isDue(delivery, now)) return null;
  const head = delivery.upto ?? (await headOf(db, location_id));
  const given = { after: delivery.sequence, head, resources: resourcesOf(events), limit: MAX_TOLD_CHANGES };
  const { entries, more } = await readFeed(db, location_id, given);
  const upto = more ? (entries.at(-1)?.sequence ?? head) : head;
  const isNone = upto <= delivery.sequence;
  store.deliveries.put({ ...delivery, ...afterClaim(delivery, isNone ? null : upto, now) });
  const { sequence: after, replays } = delivery;
  return isNone ? null : { after, upto, replays, entries, synced_at: last_success_at };
}

/** The window was accepted, or nothing in it is for this receiver. */
export async function changesDelivered(context: StoreContext, subscription_id: string, window: Window): Promise<void> {
  const { store, now } = context;
  const delivery = store.deliveries.get(subscription_id);
  if (delivery === null) return;
  const delivered = { ...delivery, ...afterDelivered(delivery, window, now) };
  if (delivered.sequence === delivery.sequence) return;
  if (delivery.failing_since !== null) await endShownFailure(context, subscription_id);
  store.deliveries.put(delivered);
}

export async function changesFailed(
  context: StoreContext,
  subscription_id: string,
  { window, error, asked_ms }: { window: Window; error: ProblemJson; asked_ms: number | null },
): Promise<void> {
  const { store, now } = context;
  const delivery = store.deliveries.get(subscription_id);
  if (delivery === null) return;
  const failed = { ...delivery, ...afterFailure(delivery, window, { asked_ms, now }) };
  if (failed.failures === delivery.failures) return;
  await showFailure(context, failed, error);
  store.deliveries.put(failed);
}

/** A person lets a receiver go on, perhaps from an earlier number that the log still has. */
export async function resumeDelivery(
  context: StoreContext,
  subscription_id: string,
  after: number | null,
): Promise<ResumeResult> {
  const { db, store, location, now } = context;
  const delivery = store.deliveries.get(subscription_id);
  if (delivery === null) return NOT_FOLLOWED;
  if (after !== null) {
    const head = await headOf(db, location.location_id);
    if (isBeforeLog(after, location, now)) return { ok: false, reason: "before_log", head };
    // Nothing would be sent until the numbers get there: perhaps never.
    if (after > head) return { ok: false, reason: "after_head", head };
  }
  await endShownFailure(context, subscription_id);
  store.deliveries.put({ ...delivery, ...resumed(delivery, after, now) });
  return { ok: true };
}
