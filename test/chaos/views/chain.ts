import { ReupError } from "../../../src/client/index.ts";
import { numberOf, type Row, type View } from "./view.ts";

/** A store, as its own views show it. */
export interface Own {
  location_id: string;
  status: Row;
  open: Row[];
  decided: Row[];
  alerts: Row[];
  letters: Row[];
}

const HEALTHS = ["failing", "stale", "needs_decision", "never_synced", "healthy"];
const KINDS = ["alert", "review", "dead_letter", "edit"];
const LIMITS = [1, 2, 500] as const;
const inbox = (query = "") => `/v1/inbox?limit=500${query}`;

async function ownViews(view: View, location_id: string): Promise<Own> {
  const of = `&location_id=${location_id}`;
  return {
    location_id,
    status: await view.get(`/v1/locations/${location_id}/status`),
    open: (await view.get<{ data: Row[] }>(inbox(of))).data,
    decided: (await view.get<{ data: Row[] }>(inbox(`${of}&state=decided`))).data,
    alerts: await view.all(`/v1/alerts?location_id=${location_id}`),
    letters: await view.all(`/v1/dead-letters?location_id=${location_id}`),
  };
}

/**
 * What the lists of all stores show is what each store shows, and nothing else. `disconnected`: their alerts and messages stay, and
 * nothing of them waits.
 */
export async function compareChain(
  view: View,
  location_ids: readonly string[],
  disconnected: readonly string[] = [],
): Promise<Own[]> {
  const ids = [...location_ids].sort();
  const locations = await view.all("/v1/locations", view.random.pick(LIMITS));
  const named = locations.map(({ location_id }) => location_id);
  view.same("/v1/locations", named, ids);
  const stores: Own[] = [];
  for (const id of ids) stores.push(await ownViews(view, id));
  await compareOverview(view, stores);
  await compareInbox(view, stores, "open");
  await compareInbox(view, stores, "decided");
  const gone = await view.get<{ data: Row[]; summary: Row }>("/v1/status?health=disconnected");
  view.same("/v1/status?health=disconnected", gone.data.map(idOf).sort(), [...disconnected].sort());
  view.same("/v1/status: disconnected", gone.summary.disconnected, disconnected.length);
  const alerts = stores.flatMap((store) => store.alerts);
  const letters = stores.flatMap((store) => store.letters);
  for (const id of disconnected) {
    alerts.push(...(await view.all(`/v1/alerts?location_id=${id}`)));
    letters.push(...(await view.all(`/v1/dead-letters?location_id=${id}`)));
    const { pagination } = await view.get<{ pagination: Row }>(`/v1/inbox?location_id=${id}`);
    view.same(`what waits in ${id}, which is disconnected`, pagination.total, 0);
  }
  for (const [query, rows] of [
    ["", alerts],
    ["?state=firing", alerts.filter(({ state }) => state === "firing")],
    ["?state=resolved", alerts.filter(({ state }) => state === "resolved")],
  ] as const) {
    view.same(
      `/v1/alerts${query}`,
      sorted(await view.all(`/v1/alerts${query}`, view.random.pick(LIMITS))),
      sorted(rows),
    );
  }
  view.same("/v1/dead-letters", sorted(await view.all("/v1/dead-letters", view.random.pick(LIMITS))), sorted(letters));
  return stores;
}

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

async function compareOverview(view: View, stores: readonly Own[]): Promise<void> {
  const { data, summary, unread_stores } = await view.get<{ data: Row[]; summary: Row; unread_stores: string[] }>(
    "/v1/status",
  );
  view.same("/v1/status: unread_stores", unread_stores, []);
  view.same("/v1/status: stores", data.map(idOf).sort(), stores.map(idOf));
  const byId = new Map(data.map((row) => [row.location_id, row]));
  for (const { location_id, status, alerts } of stores) {
    const row = byId.get(location_id) ?? {};
    for (const field of ["name", "health", "accuracy", "unmapped", "last_success_at", "open_reviews"]) {
      view.same(`/v1/status: ${field} of ${location_id}`, row[field], status[field]);
    }
    // What a run under way waits for is stored with the next look of the store's timer.
    if (status.current_run === null) view.same(`/v1/status: problem of ${location_id}`, row.problem, status.problem);
    const firing = alerts.filter(({ state }) => state === "firing");
    view.same(`/v1/status: active_alerts of ${location_id}`, row.active_alerts, firing.length);
  }
  view.same("/v1/status: summary.stores", summary.stores, stores.length);
  for (const health of HEALTHS) {
    const its = stores.filter(({ status }) => status.health === health);
    view.same(`/v1/status: ${health}`, summary[health], its.length);
    const { data: asked, summary: whole } = await view.get<{ data: Row[]; summary: Row }>(
      `/v1/status?health=${health}`,
    );
    view.same(`/v1/status?health=${health}`, asked.map(idOf).sort(), its.map(idOf));
    view.same(`/v1/status?health=${health}: summary`, whole, summary);
  }
  const has = ({ location_id, status }: Own, q: string) =>
    q.split(" ").every((word) => `${status.name} ${location_id}`.toLowerCase().includes(word));
  for (const q of ["main", "2 st", "broadway", "nowhere", ...stores.slice(0, 1).map((store) => store.location_id)]) {
    const found = await view.get<{ data: Row[] }>(`/v1/status?q=${encodeURIComponent(q)}`);
    view.same(`/v1/status?q=${q}`, found.data.map(idOf).sort(), stores.filter((store) => has(store, q)).map(idOf));
  }
  for (const sort of ["name", "health", "data_age"]) await compareSort(view, sort, data);
}

const idOf = ({ location_id }: { location_id?: unknown }): unknown => location_id;

/** In its order, by one page as by several. */
async function compareSort(view: View, sort: string, all: readonly Row[]): Promise<void> {
  const path = `/v1/status?sort=${sort}`;
  const { data } = await view.get<{ data: Row[] }>(path);
  view.same(`${path}: stores`, data.map(idOf).sort(), all.map(idOf).sort());
  const { rows, totals } = await view.numbered(path, view.random.pick(LIMITS));
  view.same(`${path} by pages`, rows, data);
  view.same(`${path}: total`, totals[0], all.length);
  const rank = (row: Row): number =>
    sort === "health"
      ? HEALTHS.indexOf(String(row.health))
      : sort === "data_age"
        ? -numberOf(row.data_age_seconds ?? Number.MAX_SAFE_INTEGER)
        : 0;
  const name = (row: Row) => String(row.name).toLowerCase();
  const expected = data.toSorted((a, b) => rank(a) - rank(b) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
  view.same(`${path}: order`, data.map(idOf), expected.map(idOf));
}

/** All items of all stores, those of each store in its own order. */
async function compareInbox(view: View, stores: readonly Own[], state: "open" | "decided"): Promise<void> {
  const path = `/v1/inbox?state=${state}`;
  const items = stores.flatMap((store) => store[state]);
  const { rows, totals } = await view.numbered(path, view.random.pick(LIMITS));
  view.same(path, sorted(rows), sorted(items));
  view.same(`${path}: total`, totals[0], items.length);
  for (const store of stores) {
    const its = rows.filter(({ location_id }) => location_id === store.location_id);
    view.same(`${path}: order of ${store.location_id}`, its.map(itemOf), store[state].map(itemOf));
  }
  for (const kind of KINDS) {
    const asked = await view.get<{ data: Row[]; pagination: Row }>(`${path}&kind=${kind}&limit=500`);
    view.same(`${path}&kind=${kind}`, sorted(asked.data), sorted(items.filter((item) => item.kind === kind)));
    view.same(`${path}&kind=${kind}: total`, asked.pagination.total, asked.data.length);
  }
}

const itemOf = ({ item_id }: Row): unknown => item_id;

/** Of a store that is another retailer's, or outside the token's stores, nothing is there. */
export async function compareForeign(view: View, store: Own): Promise<void> {
  const base = `/v1/locations/${store.location_id}`;
  const paths = [
    "",
    "/status",
    "/products",
    "/inventory",
    "/sales",
    "/reviews",
    "/events",
    "/syncs",
    "/pushes",
    "/feed",
  ];
  const others = ["/changes", "/mapping", "/rooms", "/insights/sales", "/categories"];
  for (const path of [...paths, ...others]) {
    view.same(`another's ${path}`, await statusOf(view.get(`${base}${path}`)), 404);
  }
  const snapshot = `/v1/inventory/snapshot?location_id=${store.location_id}&date=2040-01-01`;
  view.same("another's stock of a day", await statusOf(view.get(snapshot)), 404);
  for (const path of ["/v1/alerts", "/v1/dead-letters", "/v1/inbox"]) {
    const asked = view.get<{ data: Row[] }>(`${path}?location_id=${store.location_id}`);
    const listed = await asked.then(({ data }) => data.length).catch((error: ReupError) => error.status);
    view.same(`another's ${path}`, listed, 404);
  }
  const [alert, letter, item] = [store.alerts[0], store.letters[0], store.open[0]];
  if (alert !== undefined) {
    const asked = view.send("POST", `/v1/alerts/${alert.alert_id}/acknowledge`, {});
    view.same("to acknowledge another's alert", await statusOf(asked), 404);
  }
  if (letter !== undefined) {
    const asked = view.send("POST", `/v1/dead-letters/${letter.dead_letter_id}/replay`, {});
    view.same("to replay another's message", await statusOf(asked), 404);
  }
  if (item !== undefined) {
    const [action = "acknowledge"] = item.actions as string[];
    const answer = await view.send("POST", "/v1/inbox/resolve", { item_ids: [item.item_id], action });
    view.same("to settle another's item", (answer as { data: Row[] }).data[0]?.ok, false);
  }
}

async function statusOf(asked: Promise<unknown>): Promise<number> {
  try {
    await asked;
    return 200;
  } catch (error) {
    if (error instanceof ReupError) return error.status;
    throw error;
  }
}

/** While a database is away, the lists say which stores are not all there, and show the others as they are. */
export async function compareAway(view: View, stores: readonly Own[], away: ReadonlySet<unknown>): Promise<void> {
  const { data, summary, unread_stores } = await view.get<{ data: Row[]; summary: Row; unread_stores: string[] }>(
    "/v1/status",
  );
  const unread = stores.map(idOf).filter((id) => away.has(id));
  view.same("away: /v1/status: unread_stores", unread_stores?.toSorted(), unread);
  view.same("away: /v1/status: stores", summary.stores, stores.length);
  for (const { location_id, status } of stores) {
    const row = data.find((each) => each.location_id === location_id) ?? {};
    view.same(
      `away: open_reviews of ${location_id}`,
      row.open_reviews,
      away.has(location_id) ? null : status.open_reviews,
    );
  }
  const list = await view.get<{ data: Row[]; unread_stores: string[] }>(inbox());
  view.same("away: /v1/inbox: unread_stores", [...list.unread_stores].sort(), unread);
  const isRead = (item: Row) => item.kind !== "review" || !away.has(item.location_id);
  const expected = stores.flatMap(({ open }) => open).filter(isRead);
  const shown = list.data.filter((item) => expected.some(({ item_id }) => item_id === item.item_id));
  view.same("away: /v1/inbox", sorted(shown), sorted(expected));
  // An alert that gives way to a review is shown while the review cannot be.
  const more = list.data.filter((item) => !shown.includes(item));
  view.same(
    "away: more in /v1/inbox",
    more.filter((item) => item.kind !== "alert" || !away.has(item.location_id)),
    [],
  );
}
