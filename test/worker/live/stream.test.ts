import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createClient, type Status } from "../../../src/client/index.ts";
import type { Location } from "../../../src/location/location.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { call, errorOf, fakeLocation, seedStore, token } from "../api/support.ts";

const stub = (location_id: string) =>
  env.LOCATION.get(env.LOCATION.idFromName(location_id)) as DurableObjectStub<Location>;

/** A viewer who keeps reading and stores each status. */
function viewer(location_id: string, given: string) {
  const leave = new AbortController();
  const seen: Status[] = [];
  const times: number[] = [];
  const client = createClient({
    url: "https://worker.test",
    token: given,
    fetch: async (input, init) => {
      const path = String(input).replace("https://worker.test", "");
      const headers = Object.fromEntries(new Headers(init?.headers));
      return call("GET", path, { headers });
    },
  });
  const done = client.subscribeStatus(
    location_id,
    (status) => {
      seen.push(status);
      times.push(Date.now());
    },
    { signal: leave.signal },
  );
  return { seen, times, done, leave: () => leave.abort() };
}

const listeners = (location_id: string) =>
  runInDurableObject(stub(location_id), (_, state) => state.getWebSockets().length);

describe("the status stream", () => {
  it("what the sweep gives up is told at once, and so is every answer after it", async () => {
    const { row } = await seedStore();
    const { location_id } = row;
    await runInDurableObject(stub(location_id), (_, { storage }) => {
      storage.sql.exec(
        `insert into events values ('evt_1', 'inventory.updated', 1, 1, 1, null, 'pending', null, null, '{}')`,
      );
    });
    const one = viewer(location_id, await token());
    await expect.poll(() => one.seen.at(-1)?.queue.pending_events).toBe(1);
    await locationStub(env, location_id).sweep();
    await expect.poll(() => one.seen.at(-1)?.queue.pending_events).toBe(0);
    one.leave();
    await one.done;
  });

  it("the stream shows two viewers a moving run, at most four times a second", async () => {
    const { row } = await seedStore();
    const { location_id } = row;
    const [one, two] = [viewer(location_id, await token()), viewer(location_id, await token({ role: "viewer" }))];
    await expect.poll(() => [one.seen.length, two.seen.length]).toEqual([1, 1]);
    expect(one.seen[0]).toMatchObject({ location_id, current_run: null });

    const location = locationStub(env, location_id);
    const started = await location.startRun({ mode: "full", trigger: "manual", heal: false });
    if (!started.ok) throw new Error(started.reason);
    await location.beginStep(started.run.run_id, 0);
    for (let i = 0; i < 40; i++) await location.configured();
    await expect.poll(() => two.seen.at(-1)?.current_run?.state).toBe("running");
    await location.cancelRun(started.run.run_id);
    for (const { seen } of [one, two]) {
      await expect.poll(() => seen.at(-1)).toMatchObject({ current_run: null, last_run: { state: "cancelled" } });
    }
    expect(two.seen.slice(1)).toEqual(one.seen.slice(1));
    const gaps = one.times.slice(2).map((at, i) => at - (one.times[i + 1] ?? 0));
    // 250 ms where they are sent; a little less where they arrive.
    for (const gap of gaps) expect(gap).toBeGreaterThan(150);
    one.leave();
    two.leave();
    await Promise.all([one.done, two.done]);
  });

  it("the stream drops a viewer who leaves", async () => {
    const { row } = await seedStore();
    const { location_id } = row;
    const one = viewer(location_id, await token());
    await expect.poll(() => one.seen).toHaveLength(1);
    expect(await listeners(location_id)).toBe(1);
    one.leave();
    await one.done;
    await expect.poll(() => listeners(location_id)).toBe(0);
  });

  it("the stream continues after the Location was evicted", async () => {
    const { row } = await seedStore();
    const { location_id } = row;
    const one = viewer(location_id, await token());
    await expect.poll(() => one.seen).toHaveLength(1);
    await evictDurableObject(stub(location_id));
    const started = await locationStub(env, location_id).startRun({ mode: "full", trigger: "manual", heal: false });
    expect(started.ok).toBe(true);
    await expect.poll(() => one.seen.at(-1)?.current_run).not.toBeNull();
    one.leave();
    await one.done;
  });

  it("the stream tells a returning viewer whether something was missed", async () => {
    const { row } = await seedStore();
    const path = `/v1/locations/${row.location_id}/status/stream`;
    const first = async (headers: Record<string, string> = {}) => {
      const response = await call("GET", path, { token: await token(), headers });
      expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
      const reader = response.body?.getReader();
      const { value } = (await reader?.read()) ?? {};
      await reader?.cancel();
      return new TextDecoder().decode(value);
    };
    const message = await first();
    const [, id = ""] = /^id: (\w+)\nevent: status\ndata: \{.*\}\n\n$/.exec(message) ?? [];
    expect(id).not.toBe("");
    expect(await first({ "last-event-id": id })).toBe(": nothing new\n\n");
    expect(await first({ "last-event-id": "older" })).toMatch(/^id: /);
  });

  it("the stream needs a token, and is for the store's own retailer", async () => {
    const { row } = await seedStore();
    const path = `/v1/locations/${row.location_id}/status/stream`;
    const ask = async (given: Parameters<typeof call>[2], query = "") => {
      const response = await call("GET", path + query, given);
      await response.body?.cancel();
      return response.status;
    };
    expect(await ask({ token: await token({ retailer_id: "ret_2" }) })).toBe(404);
    expect(await ask({ token: await token({ location_ids: ["another"] }) })).toBe(404);
    expect(await ask({})).toBe(401);
    expect(await ask({ token: await token({}, { secret: "another-secret-of-at-least-32-bytes-00000" }) })).toBe(401);
    expect(await ask({}, "?access_token=nonsense")).toBe(401);
    expect(await ask({}, `?access_token=${await token()}`)).toBe(200);
    const elsewhere = `/v1/locations/${row.location_id}/status?access_token=${await token()}`;
    expect((await call("GET", elsewhere)).status).toBe(401);
  });

  it("the stream ends with the token, and for good if the server refuses", async () => {
    const { row } = await seedStore();
    const soon = Math.floor(Date.now() / 1000) - 59;
    const path = `/v1/locations/${row.location_id}/status/stream`;
    const response = await call("GET", path, { token: await token({}, { expires: soon }) });
    expect(await response.text()).toMatch(/^id: /);
    const expired = viewer(row.location_id, await token({}, { expires: soon - 600 }));
    await expect(expired.done).rejects.toMatchObject({ status: 401, code: "UNAUTHORIZED" });
  });

  it("the stream is 503 if the Location gives no socket", async () => {
    const { row } = await seedStore();
    const broken = fakeLocation({ fetch: async () => new Response(null) });
    const response = await call("GET", `/v1/locations/${row.location_id}/status/stream`, {
      token: await token(),
      env: broken,
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([503, "UNAVAILABLE"]);
  });

  it("a viewer whose first status cannot be read is told so, and leaves no socket behind", async () => {
    const { row } = await seedStore();
    const { location_id } = row;
    // D1 does not answer this one question.
    await runInDurableObject(stub(location_id), (location) => {
      vi.spyOn(location as unknown as { opened: () => unknown }, "opened").mockRejectedValueOnce(new Error("D1_ERROR"));
    });
    const path = `/v1/locations/${location_id}/status/stream`;
    const refused = await call("GET", path, { token: await token() });
    await refused.body?.cancel();
    expect(refused.status).toBeGreaterThanOrEqual(500);
    await expect.poll(() => listeners(location_id)).toBe(0);
    const one = viewer(location_id, await token());
    await expect.poll(() => one.seen).toHaveLength(1);
    one.leave();
    await one.done;
  });
});
