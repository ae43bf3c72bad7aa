import type { IncomingEvent } from "../../contract/location.ts";
import { answerTogether, loadTogether, type NamedRecords } from "../../db/load-together.ts";
import { customersUpdate, plannedProducts, salesUpsert } from "../../db/statements.ts";
import type { ProductHint } from "../../domain/records/mapping.ts";
import { saleId } from "../../domain/records/records.ts";
import { type EventsPlan, planEvents } from "../../domain/resolve/events.ts";
import { mayHaveMoved } from "../../domain/resolve/inventory.ts";
import type { PlannedEvent } from "../../domain/resolve/planned-event.ts";
import { questionsOf } from "../../domain/resolve/questions.ts";
import { packageLosses, productLosses } from "../../domain/snapshots/losses.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { writeRecords } from "../records/write-records.ts";
import { noteLosses } from "../snapshots/mass-change.ts";
import { noteSales } from "../snapshots/sale-scale.ts";
import { type End, endOf, endWithoutRows } from "./end.ts";
import { requestRefresh } from "./refresh.ts";

/** Rows of the events that are applied together: what is loaded for them, planned and written fits well into one call. */
const MAX_ROWS = 1_000;

/**
 * How many of these events, from the first, may be applied together. An event stands alone if its store is read instead, if
 * our code failed on it, or if its product may have edits of ReUp's to be compared with.
 */
export function countTogether({ store, location }: StoreContext, events: readonly IncomingEvent[]): number {
  const isEdited = location.settings.direction === "bidirectional" || store.outbox.hasAnswered();
  let rows = 0;
  const end = events.findIndex((event) => {
    rows += event.rows?.rows.length ?? 0;
    const standsAlone = event.isFault || event.refresh_reason !== undefined || event.rows?.resource === "rooms";
    return standsAlone || rows > MAX_ROWS || (isEdited && event.rows?.resource === "products");
  });
  return end === -1 ? events.length : end;
}

/**
 * Applies events of one store in their order: one load, one plan, one write. Returns what became of the first ones; the
 * next one must be applied alone. Throws when nothing was written.
 */
export async function applyTogether(
  context: StoreContext,
  events: readonly IncomingEvent[],
  clock: () => number,
): Promise<End[]> {
  const early = events.map((event) => endWithoutRows(context.location, event));
  const ends = await applyRows(
    context,
    events.flatMap((event, index) => (early[index] === null ? rowsOf(event) : [])),
  );
  const applied_at = clock();
  const all: End[] = [];
  for (const [index, event] of events.entries()) {
    const end = early[index] ?? null;
    if (end !== null) {
      all.push(end);
      continue;
    }
    const planned = ends.shift();
    if (planned === undefined) break;
    all.push(endOf(event, planned, applied_at));
  }
  return all;
}

async function applyRows(context: StoreContext, events: readonly PlannedEvent[]): Promise<EventsPlan["ends"]> {
  if (events.length === 0) return [];
  const { db, store, location, now } = context;
  const { location_id, customer_pepper } = location;
  const stored = await loadTogether(db, location_id, namedBy(events));
  const answers = await answerTogether(db, location_id, questionsOf(events, stored.products));
  // The plan changes what is stored.
  const before = {
    products: new Map(stored.products),
    packages: new Map(stored.inventory),
    sales: [...stored.sales.values()],
  };
  const plan = planEvents({
    events,
    stored,
    answers,
    floors: store.floors(now),
    room_types: location.settings.room_types,
    pepper_id: customer_pepper?.id ?? null,
    now,
  });
  if (plan.products.length + plan.inventory.length > 0) store.put("words_due", true);
  if (plan.fault !== null)
    log("event_not_planned", {
      location_id,
      event_id: events[plan.ends.length]?.origin.ref ?? undefined,
      fault: plan.fault,
    });
  noteLosses(context, productLosses(before.products, plan.products));
  noteLosses(context, packageLosses(before.packages, plan.inventory));
  if (plan.sales.length > 0) noteSales(context);
  const planned = { rows: plan.products, filled: plan.filled };
  const statements = [
    ...plannedProducts(location, planned, { newer: now, before: before.products.values() }),
    ...salesUpsert(location, plan.sales, { newer: now, before: before.sales }),
    ...customersUpdate(location_id, plan.keyed),
  ];
  const packages = { rows: plan.inventory, guard: { newer: now, before: [...before.packages.values()].flat() } };
  // Before the write: once the rows are written, nobody who comes again after a crash sees the move.
  if (mayHaveMoved(before.packages, plan.inventory)) await requestRefresh(context);
  await writeRecords(context, statements, { changes: plan.changes, named: plan.named }, packages);
  return plan.ends;
}

const rowsOf = ({ event_id, occurred_at, received_at, rows }: IncomingEvent): PlannedEvent[] =>
  rows === null || rows.resource === "rooms"
    ? []
    : [
        {
          rows,
          read: { kind: "event", occurred_at, received_at },
          origin: { cause: "webhook", ref: event_id },
        },
      ];

function namedBy(events: readonly PlannedEvent[]): NamedRecords {
  const named = {
    products: new Set<string>(),
    packages: new Set<string>(),
    sales: new Set<string>(),
  };
  const addHints = (hints: readonly ProductHint[]) => {
    for (const { dutchie_product_id } of hints) if (dutchie_product_id !== null) named.products.add(dutchie_product_id);
  };
  for (const { rows } of events) {
    if (rows.resource === "products") for (const row of rows.rows) named.products.add(row.dutchie_product_id);
    if (rows.resource === "inventory") {
      for (const row of rows.rows) named.packages.add(row.dutchie_inventory_id);
      addHints(rows.rows.flatMap(({ hint }) => hint ?? []));
    }
    if (rows.resource === "sales") {
      for (const row of rows.rows) named.sales.add(saleId(row.dutchie_transaction_id));
      addHints(rows.rows.flatMap(({ hints }) => hints));
    }
  }
  return named;
}
