import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { EventJson } from "../../../src/contract/http/records.ts";
import type { RunJson } from "../../../src/contract/http/runs.ts";
import type { StatusJson } from "../../../src/contract/http/status.ts";
import { accountsDb, recordsDb } from "../../../src/db/databases.ts";
import { alerts } from "../../../src/db/schema/accounts.ts";
import { reviews, runs } from "../../../src/db/schema/records.ts";
import { newRunId } from "../../../src/domain/runs/run.ts";
import { textOf } from "../../../src/location/status/status-text.ts";
import { call, errorOf, fakeLocation, seedStore, token } from "./support.ts";

function run(location_id: string, run_id: string, given: Partial<RunJson> = {}): RunJson {
  return {
    run_id,
    location_id,
    mode: "full",
    trigger: "manual",
    state: "running",
    started_at: "2026-10-01T00:00:00.000Z",
    finished_at: null,
    duration_ms: null,
    waiting_until: null,
    phases: [],
    percent: 0,
    eta_seconds: null,
    records_processed: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    failed: 0,
    error_rate: 0,
    error: null,
    failures: [],
    verification: null,
    ...given,
  };
}

async function storeWithRuns(...documents: string[]) {
  const { row } = await seedStore();
  const finished_at = "2026-10-01T00:01:00.000Z";
  for (const run_id of documents) {
    const document = run(row.location_id, run_id, { state: "completed", finished_at, percent: 100 });
    const columns = {
      mode: "full",
      trigger: "manual",
      state: "completed",
      started_at: 0,
      records_processed: 0,
      failed: 0,
    };
    await recordsDb(env, row)
      .insert(runs)
      .values({ location_id: row.location_id, run_id, ...columns, document });
  }
  return { row, location_id: row.location_id, path: `/v1/locations/${row.location_id}` };
}

describe("runs in the API", () => {
  it("a start is 202, and 409 with the running id while a run goes on", async () => {
    const { location_id, path } = await storeWithRuns();
    const startRun = vi.fn(async () => ({ ok: true, run: run(location_id, "run_1") }));
    const given = { token: await token({ role: "manager" }), body: { mode: "verify", heal: true } };
    const started = await call("POST", `${path}/syncs`, { ...given, env: fakeLocation({ startRun }) });
    expect(started.status).toBe(202);
    expect(await started.json()).toEqual(run(location_id, "run_1"));
    const request_id = started.headers.get("x-request-id");
    expect(startRun).toHaveBeenCalledWith({ mode: "verify", heal: true, trigger: "manual", request_id });

    const busy = fakeLocation({ startRun: async () => ({ ok: false, reason: "running", run_id: "run_1" }) });
    const refused = await call("POST", `${path}/syncs`, { ...given, env: busy });
    expect(refused.status).toBe(409);
    expect(await errorOf(refused)).toMatchObject({ code: "CONFLICT", details: { run_id: "run_1" } });
  });

  it.each([{}, { mode: "half" }, { mode: "full", heal: "yes" }, { mode: "full", speed: 2 }, [], null])(
    "a start with %j is refused",
    async (body) => {
      const { path } = await storeWithRuns();
      expect((await call("POST", `${path}/syncs`, { token: await token(), body })).status).toBe(400);
    },
  );

  it("runs are listed newest first: the live run instead of its row, or first if it has no row yet", async () => {
    const { location_id, path } = await storeWithRuns("run_1", "run_2", "run_3");
    const list = async (live: RunJson | null, query = "") => {
      const given = { token: await token({ role: "viewer" }), env: fakeLocation({ currentRun: async () => live }) };
      const response = await call("GET", `${path}/syncs${query}`, given);
      return response.json<{ data: RunJson[]; next_cursor: string | null }>();
    };
    const shown = (page: { data: RunJson[] }) => page.data.map(({ run_id, state }) => `${run_id} ${state}`);
    expect(shown(await list(null))).toEqual(["run_3 completed", "run_2 completed", "run_1 completed"]);
    expect(shown(await list(run(location_id, "run_3")))[0]).toBe("run_3 running");
    const first = await list(run(location_id, "run_4"), "?limit=2");
    expect(shown(first)).toEqual(["run_4 running", "run_3 completed"]);
    const second = await list(run(location_id, "run_4"), `?limit=2&cursor=${first.next_cursor}`);
    expect(shown(second)).toEqual(["run_2 completed", "run_1 completed"]);
    expect(second.next_cursor).toBeNull();
  });

  it("runs are listed up to a time, the live one included only if it began before", async () => {
    const began = Date.parse("2026-11-26T12:00:00Z");
    const idAt = (at: number) => newRunId(at, "00000000");
    const { location_id, path } = await storeWithRuns(idAt(began - 2), idAt(began - 1), idAt(began));
    const live = run(location_id, idAt(began + 1), { started_at: new Date(began + 1).toISOString() });
    const list = async (until: number) => {
      const given = { token: await token(), env: fakeLocation({ currentRun: async () => live }) };
      const response = await call("GET", `${path}/syncs?until=${new Date(until).toISOString()}`, given);
      return (await response.json<{ data: RunJson[] }>()).data.map(({ run_id }) => run_id);
    };
    expect(await list(began)).toEqual([idAt(began - 1), idAt(began - 2)]);
    expect(await list(began + 1)).toEqual([idAt(began), idAt(began - 1), idAt(began - 2)]);
    expect(await list(began + 2)).toEqual([idAt(began + 1), idAt(began), idAt(began - 1), idAt(began - 2)]);
  });

  it("runs are listed in brief: the figures without the long parts", async () => {
    const { row: store, location_id, path } = await storeWithRuns();
    const failures: RunJson["failures"] = [{ resource: "products", dutchie_id: "1", reason: "the product has no id" }];
    const document = run(location_id, "run_1", { state: "completed_with_errors", failed: 1, failures });
    const columns = { mode: "full", trigger: "manual", state: "completed_with_errors", started_at: 0, failed: 1 };
    const row = { location_id, run_id: "run_1", ...columns, records_processed: 9, document };
    await recordsDb(env, store).insert(runs).values(row);
    const given = { token: await token(), env: fakeLocation({ currentRun: async () => null }) };
    const list = async (query: string) =>
      (await (await call("GET", `${path}/syncs${query}`, given)).json<{ data: RunJson[] }>()).data;
    expect(await list("")).toEqual([document]);
    expect(await list("?brief=true")).toEqual([{ ...document, phases: [], failures: [], verification: null }]);
  });

  it("a run is read by its id: the live run from the Location, an ended run from its row, another store's is 404", async () => {
    const { location_id, path } = await storeWithRuns("run_1");
    const live = fakeLocation({ currentRun: async () => run(location_id, "run_2") });
    const one = async (id: string) => call("GET", `${path}/syncs/${id}`, { token: await token(), env: live });
    expect(await (await one("run_1")).json()).toMatchObject({ state: "completed" });
    expect(await (await one("run_2")).json()).toMatchObject({ state: "running" });
    expect((await one("run_3")).status).toBe(404);
  });

  it("a run is cancelled with 202, is 404 if unknown, and 409 if over", async () => {
    const { location_id, path } = await storeWithRuns("run_1");
    const cancelled = { ok: true, run: run(location_id, "run_2", { state: "cancelled" }) };
    const cancelRun = async (run_id: string) => (run_id === "run_2" ? cancelled : { ok: false });
    const given = { token: await token(), env: fakeLocation({ cancelRun }) };
    const cancel = async (run_id: string) => call("POST", `${path}/syncs/${run_id}/cancel`, given);
    expect((await cancel("run_2")).status).toBe(202);
    expect((await cancel("run_3")).status).toBe(404);
    const over = await cancel("run_1");
    expect(over.status).toBe(409);
    expect(await over.json()).toMatchObject({ error: { code: "CONFLICT", message: "The run is over already." } });
  });
});

describe("the status in the API", () => {
  it("the status has an ETag that ignores the time of the answer, and answers 304 to it", async () => {
    const { path } = await storeWithRuns();
    let status = { location_id: "x", state: "idle", updated_at: "2026-10-01T00:00:00.000Z" } as StatusJson;
    const given = { token: await token({ role: "viewer" }), env: fakeLocation({ statusText: () => textOf(status) }) };
    const first = await call("GET", `${path}/status`, given);
    const etag = first.headers.get("etag") ?? "";
    expect([first.status, await first.json()]).toEqual([200, status]);
    status = { ...status, updated_at: "2026-10-01T00:00:09.000Z" };
    for (const tag of [etag, etag.replace("W/", ""), `"x", ${etag}`, "*"]) {
      const same = await call("GET", `${path}/status`, { ...given, headers: { "if-none-match": tag } });
      expect([same.status, same.headers.get("etag"), await same.text()]).toEqual([304, etag, ""]);
    }
    status = { ...status, state: "syncing" };
    const changed = await call("GET", `${path}/status`, { ...given, headers: { "if-none-match": etag } });
    expect(changed.status).toBe(200);
  });

  it("the status of a new store comes from its real Location", async () => {
    const { path } = await storeWithRuns();
    const response = await call("GET", `${path}/status`, { token: await token() });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ name: "Main St", current_run: null, active_alerts: [] });
  });

  it("an error rate is shown until 24 hours without a sync have gone by", async () => {
    const claims = { retailer_id: "ret_rates" };
    const endedIn = (hour: number) => ({
      standing: { types: {}, failed: null, run: null, accuracy: null, unmapped: 0, hours: [{ hour, failed: true }] },
      error_rate_24h: 0.25,
    });
    const hour = Math.floor(Date.now() / 3_600_000);
    const stores = [
      { ...(await seedStore({ ...claims, name: "A", ...endedIn(hour - 1) })).row, shown: 0.25 },
      { ...(await seedStore({ ...claims, name: "B", ...endedIn(hour - 24) })).row, shown: 0 },
    ];
    const asked = async (path: string) => (await call("GET", path, { token: await token(claims) })).json();
    expect(await asked("/v1/status")).toMatchObject({ data: stores.map(({ shown }) => ({ error_rate_24h: shown })) });
    for (const { location_id, shown } of stores) {
      expect(await asked(`/v1/locations/${location_id}`)).toMatchObject({ status_summary: { error_rate_24h: shown } });
    }
  });

  it("the statuses of all stores come from D1, with counts of open reviews and firing alerts", async () => {
    const claims = { retailer_id: "ret_glance" };
    const { row } = await seedStore({ ...claims, name: "B", last_success_at: 0, error_rate_24h: 0.25 });
    await seedStore({ ...claims, name: "A", state: "never_synced" });
    await seedStore({ ...claims, name: "C", deleted_at: 1, state: "disconnected" });
    // Its records are being deleted.
    await seedStore({ ...claims, name: "D", deleted_at: 1, state: "disconnected", endpoint: "" });
    const { location_id } = row;
    const db = recordsDb(env, row);
    const review = {
      location_id,
      kind: "duplicate_sku",
      subject: "s",
      reason: "r",
      candidates: [] as string[],
      conflicts: null,
      facts_hash: "h",
    } as const;
    await db.insert(reviews).values([
      { ...review, review_id: "1", state: "open", opened_at: 0 },
      { ...review, review_id: "2", state: "open", opened_at: 0 },
      { ...review, review_id: "3", state: "resolved", opened_at: 0 },
    ]);
    const alert = { location_id, retailer_id: "ret_glance", rule: "stale", severity: "warning", message: "m" } as const;
    await accountsDb(env)
      .insert(alerts)
      .values([
        { ...alert, alert_id: "1", state: "firing", started_at: 0 },
        { ...alert, alert_id: "2", state: "resolved", started_at: 0 },
      ]);
    const nobody = fakeLocation({});
    const response = await call("GET", "/v1/status", {
      token: await token({ ...claims, role: "viewer" }),
      env: nobody,
    });
    expect(await response.json()).toMatchObject({
      data: [
        { name: "A", state: "never_synced", last_success_at: null, open_reviews: 0, active_alerts: 0 },
        {
          location_id,
          name: "B",
          state: "idle",
          last_success_at: "1970-01-01T00:00:00.000Z",
          error_rate_24h: 0,
          open_reviews: 2,
          active_alerts: 1,
          health: "stale",
          activity: "idle",
          problem: { code: "STALE", action: "run_sync" },
          data_types: { products: { last_success_at: "1970-01-01T00:00:00.000Z", error: null } },
          unmapped: 0,
        },
      ],
      summary: { stores: 2, healthy: 0, needs_decision: 0, stale: 1, failing: 0, never_synced: 1, disconnected: 1 },
    });
    const asked = async (query: string) =>
      (await call("GET", `/v1/status?${query}`, { token: await token(claims), env: nobody })).json();
    expect(await asked("health=stale&page=1&limit=5")).toMatchObject({
      data: [{ name: "B" }],
      summary: { stores: 2 },
      pagination: { page: 1, limit: 5, total: 1 },
    });
    expect(await asked("sort=health&page=2&limit=1")).toMatchObject({
      data: [{ name: "A", health: "never_synced" }],
      pagination: { page: 2, limit: 1, total: 2 },
    });
    // A limit is kept without a page, too.
    expect(await asked("limit=1")).toMatchObject({
      data: [{ name: "A" }],
      pagination: { page: 1, limit: 1, total: 2 },
    });
    expect(await asked("page=1")).toMatchObject({ pagination: { page: 1, limit: 100, total: 2 } });
    expect(await asked("sort=name")).not.toHaveProperty("pagination");
    expect(await asked("q=b")).toMatchObject({ data: [{ name: "B" }] });
    const gone = await asked("health=disconnected");
    expect(gone).toMatchObject({
      data: [{ name: "C", disconnected_at: "1970-01-01T00:00:00.001Z", problem: null, open_reviews: 0 }],
      summary: { stores: 2 },
    });
    expect((gone as { data: object[] }).data).toHaveLength(1);
  });
});

describe("events in the API", () => {
  const event: EventJson = {
    event_id: "evt/1 ü",
    type: "inventory.updated",
    occurred_at: "2026-10-01T00:00:00.000Z",
    received_at: "2026-10-01T00:00:01.000Z",
    applied_at: null,
    outcome: "stale",
    reason: "older than what is stored",
  };

  it("events are listed by outcome, page by page", async () => {
    const { path } = await storeWithRuns();
    const listEvents = vi.fn(async () => ({ data: [event], next_cursor: "mark" }));
    const given = { token: await token({ role: "viewer" }), env: fakeLocation({ listEvents }) };
    const first = await (await call("GET", `${path}/events?outcome=stale&limit=1`, given)).json<{
      next_cursor: string;
    }>();
    expect(first).toEqual({ data: [event], next_cursor: expect.any(String) });
    await call("GET", `${path}/events?limit=1&cursor=${first.next_cursor}`, given);
    expect(listEvents.mock.calls).toEqual([
      [{ outcome: "stale", cursor: null, limit: 1 }],
      [{ outcome: null, cursor: "mark", limit: 1 }],
    ]);
    expect((await call("GET", `${path}/events?outcome=lost`, given)).status).toBe(400);
  });

  it("an event is read with its body, and replayed", async () => {
    const { path } = await storeWithRuns();
    const full = { ...event, body: { data: [] } };
    const location = fakeLocation({
      getEvent: async (id: string) => (id === event.event_id ? full : null),
      replayEvent: async (id: string) => (id === event.event_id ? { ok: true } : { ok: false, reason: "not_found" }),
    });
    const given = { token: await token(), env: location };
    const at = `${path}/events/${encodeURIComponent(event.event_id)}`;
    expect(await (await call("GET", at, given)).json()).toEqual(full);
    expect((await call("GET", `${path}/events/none`, given)).status).toBe(404);
    const replayed = await call("POST", `${at}/replay`, given);
    expect([replayed.status, await replayed.json()]).toEqual([202, { status: "accepted", event_id: event.event_id }]);
    expect((await call("POST", `${path}/events/none/replay`, given)).status).toBe(404);
  });
});
