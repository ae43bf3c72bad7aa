import { countPresent } from "../../db/queries/count-present.ts";
import { HOLD_UNITS, RECENT_MS } from "../../domain/snapshots/absence.ts";
import { backText, lostText } from "../../domain/snapshots/loss-text.ts";
import {
  type Losses,
  type LossSubject,
  type MassChange,
  type MassSubject,
  planMass,
  presenceFor,
  shareFor,
  subjectsOf,
} from "../../domain/snapshots/losses.ts";
import type { GuardedResource } from "../../domain/snapshots/presence.ts";
import type { StoreContext } from "../context.ts";
import { isFiring, isUnseen, raiseAlert, resolveAlert } from "../status/alerts.ts";
import type { Store } from "../storage/store.ts";

export const RULE = "mass_change";
/** How long losses wait for the end of a list, ms: longer than from one poll to the next, so that a poll counts them. */
export const COUNT_AFTER_MS = 20 * 60_000;

/** Rows of Dutchie's are about to be written: what they make of stored records is recorded. */
export function noteLosses({ store, now }: Pick<StoreContext, "store" | "now">, losses: Losses): void {
  const notified = store.get("mass_changes") ?? {};
  // A change of yesterday, of which nobody was notified, says nothing of what is far from a value today.
  for (const { subject, values } of losses.shifts)
    if (values.length > 0 && notified[subject] === undefined) store.losses.forget(subject, now - RECENT_MS);
  store.losses.note(losses, now);
  if (store.get("count_losses_at") !== null) return;
  // While an alert fires, values may come back.
  if (store.losses.isAnyFresh() || Object.keys(notified).length > 0) store.put("count_losses_at", now + COUNT_AFTER_MS);
}

/**
 * A list was read to its end: a mass of records that lost a value, or changed it beyond belief, is an alert until somebody has
 * seen it, or until the values are back. What was lost within an hour counts together. What a read that broke off has lost counts
 * at the end of the next, or by the timer.
 */
export async function notifyMassChanges(context: StoreContext, resource: GuardedResource): Promise<void> {
  for (const subject of subjectsOf(resource)) await notifyMassChange(context, subject);
  if (!context.store.losses.isAnyFresh()) context.store.remove("count_losses_at");
}

/** The timer: webhooks lose values, too, and the next list may be a day away, or never come to its end. */
export async function countLossesDue(context: StoreContext): Promise<void> {
  if ((context.store.get("count_losses_at") ?? Infinity) > context.now) return;
  await notifyMassChanges(context, "products");
  await notifyMassChanges(context, "inventory");
}

async function notifyMassChange(context: StoreContext, subject: LossSubject): Promise<void> {
  const { db, store, location, now } = context;
  const alert = { rule: RULE, subject } as const;
  const known = store.get("mass_changes")?.[subject] ?? null;
  const notified = known !== null && (await isFiring(context, alert)) ? known : null;
  // Somebody has seen it: nobody is notified of the same again.
  if (notified === null) store.losses.forget(subject, known === null ? now - RECENT_MS : now);
  const { lost, fresh } = store.losses.count(subject);
  // All is as the alert says; or was no mass when it was counted.
  if (fresh === 0 && (lost === notified?.lost || known === null)) return;
  const present = lost < HOLD_UNITS ? 0 : await countPresent(db, location.location_id, subject);
  // A record that lost its value is not among those that have one.
  const had = presenceFor(subject) === subject ? lost + present : Math.max(lost, present);
  const plan = planMass({ lost, fresh, had, share: shareFor(subject), notified, now });
  if (plan.kind === "raise") {
    const message = lostText(subject, plan.mass);
    // First: a crash in between repeats it, and never leaves it untold.
    await raiseAlert(context, { ...alert, severity: "critical", message }, plan.again);
  }
  if (plan.kind === "over" && notified !== null) await resolveAlert(context, alert, backText(subject, notified, lost));
  remember(store, subject, plan.kind === "raise" ? plan.mass : plan.kind === "over" ? null : notified);
  store.losses.counted(subject);
}

/** The store is connected again: the alerts that its disconnection ended, and nobody had seen, fire again. */
export async function notifyUnseenMasses(context: StoreContext): Promise<void> {
  const masses = context.store.get("mass_changes") ?? {};
  for (const [subject, mass] of Object.entries(masses) as [MassSubject, MassChange][]) {
    const alert = { rule: RULE, subject } as const;
    if (!(await isUnseen(context, alert))) continue;
    await raiseAlert(context, { ...alert, severity: "critical", message: lostText(subject, mass) });
  }
}

/** What people were notified of; null: it is over. */
export function remember(store: Store, subject: MassSubject, mass: MassChange | null): void {
  const { [subject]: before, ...others } = store.get("mass_changes") ?? {};
  if (mass === before || (mass === null && before === undefined)) return;
  store.put("mass_changes", mass === null ? others : { ...others, [subject]: mass });
}
