import type { Records } from "./records.ts";
import { numberOf, type Row, sum, type View } from "./view.ts";

/** What the status, the overview and the inbox count is what the lists have. */
export async function compareStatus(view: View, { products, inventory, sales }: Records): Promise<void> {
  const id = view.location_id;
  const status = await view.get("/status");
  view.same("/status: records", status.records, {
    products: products.filter((row) => row.status !== "deleted").length,
    inventory: inventory.filter((row) => row.quantity !== 0).length,
    sales: sales.length,
  });
  const reviews = await view.all("/reviews", view.random.pick([1, 500]));
  const open = reviews.filter(({ state }) => state === "open");
  view.same("/reviews?state=open", await view.all("/reviews?state=open"), open);
  view.same("/status: open_reviews", status.open_reviews, open.length);
  for (const kind of ["duplicate_sku", "ambiguous_match", "edit_conflict", "held_snapshot"]) {
    view.same(
      `/reviews?kind=${kind}`,
      await view.all(`/reviews?kind=${kind}`, view.random.pick([1, 500])),
      reviews.filter((row) => row.kind === kind),
    );
  }
  const alerts = await view.all(`/v1/alerts?location_id=${id}`, view.random.pick([1, 500]));
  const firing = alerts.filter(({ state }) => state === "firing");
  const byId = (rows: unknown) =>
    [...(rows as Row[])].sort((a, b) => (String(a.alert_id) < String(b.alert_id) ? -1 : 1));
  view.same("/status: active_alerts", byId(status.active_alerts), byId(firing));
  view.same("/v1/alerts?state=firing", byId(await view.all(`/v1/alerts?state=firing&location_id=${id}`)), byId(firing));
  const letters = await view.all(`/v1/dead-letters?location_id=${id}`, view.random.pick([1, 500]));
  const unhealed = letters.filter(({ healed_at }) => healed_at === null);
  const queue = status.queue as Row;
  view.same("/status: dead_letters", queue.dead_letters, unhealed.length);
  const events = await view.all("/events", view.random.pick([3, 500]));
  for (const outcome of ["pending", "applied", "duplicate", "stale", "invalid", "ignored"]) {
    const its = events.filter((event) => event.outcome === outcome);
    view.same(`/events?outcome=${outcome}`, await view.all(`/events?outcome=${outcome}`), its);
  }
  view.same(
    "/status: pending_events",
    queue.pending_events,
    events.filter(({ outcome }) => outcome === "pending").length,
  );
  const pushes = await view.all("/pushes", view.random.pick([1, 500]));
  const parked = pushes.filter(({ state }) => state === "parked");
  const unsent = pushes.filter(({ state }) => ["waiting", "sending", "parked"].includes(String(state)));
  view.same("/status: pending_pushes", queue.pending_pushes, unsent.length);
  for (const state of ["waiting", "sending", "done", "parked", "conflict", "cancelled"]) {
    const its = pushes.filter((push) => push.state === state);
    view.same(`/pushes?state=${state}`, await view.all(`/pushes?state=${state}`), its);
  }
  comparePending(view, products, pushes);
  const inbox = await view.get<{ data: Row[]; pagination: Row }>(`/v1/inbox?location_id=${id}&limit=500`);
  // An alert that only says that there are other items gives way to them.
  const said: Record<string, readonly Row[]> = {
    held_snapshot: open.filter(({ kind }) => kind === "held_snapshot"),
    dead_letter: unhealed,
    push_parked: parked,
  };
  const unseen = firing.filter(
    ({ acknowledged_at, rule }) => acknowledged_at === null && (said[String(rule)] ?? []).length === 0,
  );
  view.same("/v1/inbox: total", inbox.pagination.total, inbox.data.length);
  const kinds = { alert: unseen, review: open, dead_letter: unhealed, edit: parked };
  for (const [kind, behind] of Object.entries(kinds)) {
    const asked = await view.get<{ pagination: Row }>(`/v1/inbox?location_id=${id}&kind=${kind}&limit=1`);
    view.same(`/v1/inbox: ${kind}`, asked.pagination.total, behind.length);
    view.same(`/v1/inbox: ${kind} in all`, inbox.data.filter((item) => item.kind === kind).length, behind.length);
  }
  compareHeld(view, status, open);
  compareReviews(view, { products, inventory, sales }, open);
  const runs = await compareRuns(view, status);
  compareDay(view, status, { runs, events });
  await compareDecided(view, reviews, alerts);
  await compareFleet(view, status, { firing, runs });
  for (const event of events.slice(0, 2)) {
    const { body: _, ...alone } = await view.get(`/events/${event.event_id}`);
    view.same(`${event.event_id} alone`, alone, event);
  }
  view.same("the status has not changed while it was compared", timeless(await view.get("/status")), timeless(status));
}

const timeless = ({ updated_at: _, data_age_seconds: __, ...status }: Row) => status;

/** A field on its way to Dutchie has an edit that is not there yet. */
function comparePending(view: View, products: readonly Row[], pushes: readonly Row[]): void {
  const open = new Set(
    pushes
      .filter(({ state }) => ["waiting", "sending", "parked", "conflict"].includes(String(state)))
      .flatMap(({ product_id, fields }) => (fields as Row[]).map(({ field }) => `${product_id} ${field}`)),
  );
  for (const { product_id, pending } of products) {
    for (const { field } of pending as Row[]) {
      if (!open.has(`${product_id} ${field}`)) view.wrong.push(`${product_id}: ${field} is pending, without an edit`);
    }
  }
}

function compareHeld(view: View, status: Row, open: readonly Row[]): void {
  const held = status.held_snapshot as Row | null;
  const reviews = open.filter(({ kind }) => kind === "held_snapshot");
  const review = reviews.find(({ subject }) => subject === held?.resource);
  view.same("/status: held_snapshot, and reviews", held !== null, reviews.length > 0);
  view.same("held: rows", review?.held_rows, held?.rows);
  view.same("held: value", review?.value_at_stake, held?.value_at_stake);
}

/** A review shows its products as the list does. */
function compareReviews(view: View, { products, inventory }: Records, open: readonly Row[]): void {
  const rootOf = (id: unknown) => byId.get(id)?.merged_into ?? id;
  const packagesOf = (id: unknown) => {
    const its = inventory.filter((row) => row.quantity !== 0 && rootOf(row.product_id) === id);
    return new Set(its.map((row) => row.dutchie_inventory_id)).size;
  };
  const byId = new Map(products.map((row) => [row.product_id, row]));
  for (const { review_id, candidates, preview } of open) {
    const shown = candidates as Row[];
    const listed = shown.filter((row) => byId.has(row.product_id));
    for (const row of listed)
      view.same(`${row.product_id} in ${review_id}`, row, {
        ...byId.get(row.product_id),
        packages: packagesOf(row.product_id),
      });
    const merged = preview as Row | null;
    if (merged === null || listed.length < shown.length) continue;
    const all = sum(listed.map(({ quantity }) => numberOf(quantity)));
    view.near(`the quantity that ${review_id} would lead to`, merged.quantity, all);
  }
}

const COUNTS = ["created", "updated", "unchanged", "deleted", "failed"] as const;

async function compareRuns(view: View, status: Row): Promise<Row[]> {
  const runs = await view.all("/syncs", view.random.pick([2, 500]));
  const current = status.current_run as Row | null;
  const ended = runs.filter(({ finished_at }) => finished_at !== null);
  const last = status.last_run as Row | null;
  view.same("the newest run of /syncs", runs[0]?.started_at ?? null, (current ?? last)?.started_at ?? null);
  // Runs that began in the same millisecond are in any order.
  const newest = ended.filter(({ started_at }) => started_at === ended[0]?.started_at);
  view.same("/status: last_run", last, newest.find(({ run_id }) => run_id === last?.run_id) ?? newest[0] ?? null);
  view.same("/status: last_sync_at", status.last_sync_at, last?.finished_at ?? null);
  for (const run of runs) {
    const { run_id, finished_at, started_at, duration_ms, state, percent } = run;
    const phases = run.phases as Row[];
    view.same(
      `records_processed of ${run_id}`,
      run.records_processed,
      sum(phases.map((each) => numberOf(each.processed))),
    );
    for (const count of COUNTS) {
      view.same(`${count} of ${run_id}`, run[count], sum(phases.map((each) => numberOf(each[count]))));
    }
    for (const phase of phases) {
      const counted = sum(["created", "updated", "unchanged", "failed"].map((count) => numberOf(phase[count])));
      view.same(`${phase.resource} of ${run_id}: created, updated, unchanged and failed`, counted, phase.processed);
      if (phase.state === "completed") view.same(`${phase.resource} of ${run_id}: total`, phase.total, phase.processed);
    }
    const processed = numberOf(run.records_processed);
    const rate = processed > 0 ? numberOf(run.failed) / processed : state === "failed" ? 1 : 0;
    view.near(`error_rate of ${run_id}`, run.error_rate, rate);
    if (finished_at !== null) {
      view.same(`duration of ${run_id}`, duration_ms, Date.parse(String(finished_at)) - Date.parse(String(started_at)));
    }
    if (state === "completed" || state === "completed_with_errors") view.same(`percent of ${run_id}`, percent, 100);
    if (run.verification !== null) compareVerification(view, run.verification as Row, String(run_id));
  }
  for (const { run_id } of runs.slice(0, 2)) {
    const listed = runs.find((run) => run.run_id === run_id);
    if (listed?.finished_at !== null) view.same(`${run_id} alone`, await view.get(`/syncs/${run_id}`), listed);
  }
  const brief = await view.all("/syncs?brief=true");
  view.same(
    "/syncs?brief=true",
    brief,
    runs.map((run) => ({ ...run, phases: [], failures: [], verification: null })),
  );
  const verified = ended.find(
    ({ verification, state }) => verification !== null && String(state).startsWith("completed"),
  );
  const accuracy = status.accuracy as Row | null;
  if (verified !== undefined && accuracy !== null) {
    view.same("/status: accuracy", accuracy.value, (verified.verification as Row).accuracy);
  }
  return ended;
}

function compareVerification(view: View, verification: Row, run_id: string): void {
  let [matching, compared] = [0, 0];
  for (const each of verification.resources as Row[]) {
    const of = (name: string) => numberOf(each[name]);
    const what = `${each.resource} as ${run_id} verified them`;
    const differ = of("mismatching") + of("missing") + of("extra");
    matching += of("matching");
    compared += of("matching") + differ + of("in_flight");
    if (of("matching") + of("mismatching") + of("missing") > of("dutchie_count")) {
      view.wrong.push(`${what}: more are compared than Dutchie has: ${JSON.stringify(each)}`);
    }
    const left = of("dutchie_count") - of("matching") - of("mismatching") - of("missing");
    if (left > of("in_flight")) view.wrong.push(`${what}: ${left} rows are in no count: ${JSON.stringify(each)}`);
  }
  view.near(`accuracy of ${run_id}`, verification.accuracy, compared === 0 ? 1 : matching / compared);
}

/** This hour of the clock, and the 23 before it: what came and what ended in them, as far as the lists still say so. */
function compareDay(view: View, status: Row, { runs, events }: { runs: readonly Row[]; events: readonly Row[] }): void {
  const since = (Math.floor(Date.now() / 3_600_000) - 23) * 3_600_000;
  const day = status.last_24h as Row;
  const webhooks = day.webhooks as Row;
  const isAfter = (at: unknown) => Date.parse(String(at)) >= since;
  // An event that came before may be counted within.
  if (events.every(({ received_at }) => isAfter(received_at))) {
    view.same("/status: received", webhooks.received, events.length);
  }
  const ended = runs.filter(({ finished_at, state }) => state !== "cancelled" && isAfter(finished_at));
  view.same("/status: runs", day.runs, ended.length);
  view.same("/status: failed_runs", day.failed_runs, ended.filter(({ state }) => state === "failed").length);
  view.same(
    "/status: records_processed",
    day.records_processed,
    sum(ended.map((run) => numberOf(run.records_processed))),
  );
  view.same("/status: records_failed", day.records_failed, sum(ended.map((run) => numberOf(run.failed))));
  const durations = ended.map((run) => numberOf(run.duration_ms));
  view.near("/status: avg_duration_ms", day.avg_duration_ms ?? 0, sum(durations) / Math.max(1, ended.length), 0.51);
}

/** The last 24 hours of the overview are those in which the listed runs ended. */
function compareHours(view: View, hours: unknown, runs: readonly Row[]): void {
  const first = Math.floor(Date.now() / 3_600_000) - 23;
  const cells = Array.from({ length: 24 }, (_, at) => {
    const its = runs.filter(
      ({ finished_at, state }) =>
        state !== "cancelled" && Math.floor(Date.parse(String(finished_at)) / 3_600_000) === first + at,
    );
    return its.length === 0 ? null : its.some(({ state }) => state === "failed") ? "failed" : "good";
  });
  view.same("/v1/status: hours", hours, cells);
}

/** What was decided is in the inbox of the decided. */
async function compareDecided(view: View, reviews: readonly Row[], alerts: readonly Row[]): Promise<void> {
  const path = `/v1/inbox?location_id=${view.location_id}&state=decided`;
  const decided = {
    review: reviews.filter(({ state, action }) => state === "resolved" && action !== null),
    alert: alerts.filter(({ acknowledged_at }) => acknowledged_at !== null),
  };
  for (const [kind, behind] of Object.entries(decided)) {
    const { data, pagination } = await view.get<{ data: Row[]; pagination: Row }>(`${path}&kind=${kind}&limit=500`);
    view.same(`${path}: ${kind}`, pagination.total, behind.length);
    view.same(`${path}: ${kind}, all decided`, data.filter(({ decision }) => decision === null).length, 0);
  }
}

async function compareFleet(
  view: View,
  status: Row,
  { firing, runs }: { firing: readonly Row[]; runs: readonly Row[] },
): Promise<void> {
  const { data, summary } = await view.get<{ data: Row[]; summary: Row }>("/v1/status");
  const row = data.find(({ location_id }) => location_id === view.location_id) ?? {};
  const location = await view.get("");
  for (const field of ["name", "health", "problem", "accuracy", "unmapped", "last_success_at", "open_reviews"]) {
    view.same(`/v1/status: ${field}`, row[field], status[field]);
  }
  view.near("/v1/status: data_age_seconds", row.data_age_seconds ?? -1, numberOf(status.data_age_seconds ?? -1), 1);
  const types = Object.entries(status.data_types as Record<string, Row | null>).map(([type, state]) => {
    if (state === null) return [type, null];
    const { next_sync_at: _, ...shown } = state;
    return [type, shown];
  });
  view.same("/v1/status: data_types", row.data_types, Object.fromEntries(types));
  view.same("/v1/status: activity in a run", row.activity === "syncing" && status.current_run === null, false);
  view.same("/v1/status: active_alerts", row.active_alerts, firing.length);
  compareHours(
    view,
    row.hours,
    runs.filter(({ finished_at }) => finished_at !== null),
  );
  const { last_24h } = status as { last_24h: Row };
  view.near("/v1/status: error_rate_24h", row.error_rate_24h, numberOf(last_24h.error_rate));
  const shown = location.status_summary as Row;
  for (const field of ["last_sync_at", "last_success_at", "next_sync_at"]) {
    view.same(`status_summary: ${field}`, shown[field], status[field]);
  }
  if (status.current_run === null) {
    view.same("/v1/status: state", row.state, status.state);
    view.same("/v1/status: activity", row.activity, status.activity);
    view.same("status_summary: state", shown.state, status.state);
  }
  view.near("status_summary: error_rate_24h", shown.error_rate_24h, numberOf(last_24h.error_rate));
  view.same("/v1/status: stores", summary.stores, data.length);
  for (const health of ["healthy", "needs_decision", "stale", "failing", "never_synced"]) {
    view.same(`/v1/status: ${health}`, summary[health], data.filter((each) => each.health === health).length);
    const asked = await view.get<{ data: Row[] }>(`/v1/status?health=${health}`);
    view.same(`/v1/status?health=${health}`, asked.data.length, summary[health]);
  }
  const gone = await view.get<{ data: Row[] }>("/v1/status?health=disconnected");
  view.same("/v1/status: disconnected", summary.disconnected, gone.data.length);
}
