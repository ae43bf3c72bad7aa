import { accountsDb } from "../../db/databases.ts";
import { keepSettledEdit } from "../../db/queries/settled-items.ts";
import {
  afterFailure,
  coalesce,
  type EditConflict,
  type PushError,
  type PushFields,
  pushEntries,
} from "../../domain/pushes/push.ts";
import { type Rendition, renditionText } from "../../domain/pushes/rendition.ts";
import type { Decider } from "../../domain/records/change.ts";
import type { StoreContext } from "../context.ts";
import type { Push } from "../storage/outbox.ts";
import { openConflict } from "./edit-conflicts.ts";
import { endEdits } from "./edits.ts";
import { notifyParked } from "./parked.ts";

/** The ways in which sending a push ends, for now or for good. */

/** Dutchie has the values. `otherwise`: the push's reason when Dutchie stored them unchanged. */
export async function donePush(
  context: StoreContext,
  push: Push,
  { kept, otherwise }: { kept: readonly Rendition[]; otherwise: string | null },
): Promise<void> {
  const { outbox } = context.store;
  await endEdits(context, [push]);
  const reason = kept.length > 0 ? renditionText(kept) : otherwise;
  outbox.put({ ...push, state: "done", next_at: null, error: null, reason, updated_at: context.now });
  outbox.rebase(push.product_id, asKept(push.fields, kept));
}

export async function cancelPushes(context: StoreContext, pushes: readonly Push[], reason: string): Promise<void> {
  const { store, now: updated_at } = context;
  await endEdits(context, pushes);
  for (const push of pushes) store.outbox.put({ ...push, state: "cancelled", next_at: null, reason, updated_at });
}

/** Dutchie changed the same fields: a person is asked. */
export async function stopPush(context: StoreContext, push: Push, conflicts: readonly EditConflict[]): Promise<void> {
  const whole = fold(context, push);
  const reason = "Changed in Dutchie while ReUp's edit was on its way.";
  await openConflict(context, { product_id: push.product_id, conflicts, reason });
  // Dutchie's value is what counts until a person has decided.
  await endEdits(context, [whole]);
  context.store.outbox.put({ ...whole, state: "conflict", next_at: null, reason, updated_at: context.now });
}

/** Tried again later, or parked. */
export async function failPush(context: StoreContext, push: Push, failure: PushError): Promise<void> {
  const { attempts, next_at, error } = afterFailure(push, failure, context.now);
  const state = next_at === null ? "parked" : "waiting";
  context.store.outbox.put({ ...fold(context, push), state, attempts, next_at, error, updated_at: context.now });
  if (state === "parked") await notifyParked(context);
}

/** Sends the push again now, because a person asks. null: it is over, or being sent. */
export async function retryPush(context: StoreContext, push: Push, who: Decider): Promise<Push | null> {
  if (push.state !== "parked" && push.state !== "waiting") return null;
  const { env, location, store, now } = context;
  const { location_id, retailer_id } = location;
  const { push_id, product_id, error, updated_at: since } = push;
  // First: a crash in between leaves the edit where it was, and the person asks again.
  const failed = { location_id, retailer_id, push_id, product_id, failure: error?.message ?? null, since };
  await keepSettledEdit(accountsDb(env), failed, { action: "retry", ...who, now });
  const again: Push = { ...push, state: "waiting", attempts: 0, next_at: now, updated_at: now };
  store.outbox.put(again);
  await notifyParked(context);
  return again;
}

/**
 * Edits that were made while it was being sent become part of it, so that a product has one open push. Stored in one step: what
 * fails later loses none of them.
 */
function fold({ store: { outbox }, now }: StoreContext, push: Push): Push {
  const isLater = ({ state, push_id }: Push) => state === "waiting" && push_id > push.push_id;
  const later = outbox.ofProduct(push.product_id).filter(isLater);
  if (later.length === 0) return push;
  const whole = { ...push, fields: later.reduce((fields, each) => coalesce(fields, each.fields), push.fields) };
  outbox.put(whole);
  const reason = `Joined ${push.push_id}, which is still on its way.`;
  for (const each of later) outbox.put({ ...each, state: "cancelled", next_at: null, reason, updated_at: now });
  return whole;
}

/** The fields with the values that Dutchie stored: later edits are compared with these. */
function asKept(fields: PushFields, kept: readonly Rendition[]): PushFields {
  const words = new Map(kept.map((each) => [each.field, each.kept]));
  return Object.fromEntries(
    pushEntries(fields).map(([field, entry]) => [field, { ...entry, value: words.get(field) ?? entry.value }]),
  );
}
