import type { LocationRow } from "../../db/schema/accounts.ts";
import { MAX_WAIT_MS } from "../../domain/bounds.ts";
import { dueWithin, isImpossible, untilNow } from "../../domain/clock.ts";
import { refreshBelieved } from "../../domain/events/refresh.ts";
import { deliveryBelieved } from "../../domain/feed/delivery.ts";
import { MAX_NIGHT_MS } from "../../domain/runs/schedule.ts";
import { runBelieved, typesBelieved } from "../../domain/runs/set-back.ts";
import type { Store } from "./store.ts";
import type { Values } from "./values.ts";

/**
 * Our clock may have been set back since something was stored (`domain/runs/set-back.ts`). Versions, floors, cursors and budgets are
 * compared where they are used. What makes the store work at all is corrected here: when an instance begins, and when its
 * clock goes back.
 */
export class SetBack {
  /** The latest time that was seen. */
  private latest = Infinity;

  constructor(private readonly store: Store) {}

  /** Before each call. */
  correct(now: number): void {
    if (now < this.latest) correctTimes(this.store, now);
    this.latest = now;
  }
}

function correctTimes(store: Store, now: number): void {
  const correct = <K extends keyof Values>(key: K, believed: (value: Values[K]) => Values[K]) => {
    const value = store.get(key);
    if (value !== null) store.put(key, believed(value));
  };
  correct("types", (types) => typesBelieved(types, now));
  correct("run", (run) => runBelieved(run, now));
  correct("refresh", (refresh) => refreshBelieved(refresh, now));
  correct("last_success_at", (at) => untilNow(at, now));
  correct("webhooks", (heard) => ({ ...heard, last_at: untilNow(heard.last_at, now) }));
  correct("verification", (last) => ({ ...last, checked_at: untilNow(last.checked_at, now) }));
  correct("reapply_at", (at) => dueWithin(at, MAX_WAIT_MS, now));
  correct("count_losses_at", (at) => dueWithin(at, MAX_WAIT_MS, now));
  correct("check_sales_at", (at) => dueWithin(at, MAX_WAIT_MS, now));
  correct("configure_at", (at) => dueWithin(at, MAX_WAIT_MS, now));
  correct("disconnected", ({ again_at }) => ({ again_at: again_at && dueWithin(again_at, MAX_WAIT_MS, now) }));
  // Whether a message still waits is unknown: a second one does no harm.
  if (isImpossible(store.get("pushes_asked_at") ?? 0, now)) store.remove("pushes_asked_at");
  store.outbox.dueWithin(MAX_WAIT_MS, now);
  for (const delivery of store.deliveries.list())
    store.deliveries.put({ ...delivery, ...deliveryBelieved(delivery, now) });
}

/** The same for the times in the store's row. The end of a run, and an evaluation of the alerts, write them anew. */
export function rowBelieved(row: LocationRow, now: number): LocationRow {
  const { next_full_at, last_success_at } = row;
  return {
    ...row,
    next_full_at: next_full_at === null ? null : dueWithin(next_full_at, MAX_NIGHT_MS, now),
    last_success_at: last_success_at === null ? null : untilNow(last_success_at, now),
  };
}
