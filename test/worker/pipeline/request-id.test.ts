import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { webhookMessage } from "../../../src/contract/messages.ts";
import worker from "../../../src/index.ts";
import { call, signed, token } from "../api/support.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";

type Line = Record<string, unknown>;
const lines: Line[] = [];
beforeEach(() => {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.parse(String(line))));
  }
});
afterEach(() => {
  lines.length = 0;
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const eventsOf = (request_id: string) =>
  lines.flatMap((line) => (line.request_id === request_id ? [String(line.event)] : []));
const body = JSON.stringify({
  type: "inventory.updated",
  data: { inventoryId: 7, productId: 8, quantityAvailable: 3, room: "Vault" },
});

it("the request id of a sync that a person started is in the log of its run and of each step", async () => {
  const rig = await Rig.open({ size: 10 });
  const path = `/v1/locations/${rig.id}/syncs`;
  const headers = { "x-request-id": "req-sync-1" };
  const asked = { token: await token(), body: { mode: "full" }, headers };
  expect((await call("POST", path, asked)).status).toBe(202);
  await rig.drain();
  const found = eventsOf("req-sync-1");
  expect(found.at(0)).toBe("run_started");
  expect(found.at(-2)).toBe("run_ended");
  // The last step's consumer hears of the end after the Location.
  expect(found.at(-1)).toBe("step_ended");
  const steps = lines.filter(({ event }) => event === "step_ended");
  expect(steps.length).toBeGreaterThan(2);
  for (const step of steps) {
    const about = { location_id: rig.id, request_id: "req-sync-1", outcome: "finished", ms: expect.any(Number) };
    expect(step).toMatchObject({ ...about, run_id: expect.any(String), resource: expect.any(String) });
  }
  expect(lines.find(({ event }) => event === "run_ended")).toMatchObject({ kind: "full", outcome: "completed" });
});

it("the request id of a webhook is in its message, and in the log of its consumer and of the Location", async () => {
  const rig = await Rig.open({ size: 10 });
  const jwt = await token();
  const rotated = await call("POST", `/v1/locations/${rig.id}/webhook/rotate`, { token: jwt, body: {} });
  const { secret } = await rotated.json<{ secret: string }>();
  const headers = { ...(await signed(secret, "evt_1", body)), "x-request-id": "req-hook-1" };
  const sent = await call("POST", `/webhooks/dutchie/${rig.id}`, { raw: body, headers, env: rig.env });
  expect(sent.status).toBe(202);
  const messages = rig.queue.splice(0).map((each) => each.body);
  expect(messages).toMatchObject([{ event_id: "evt_1", request_id: "req-hook-1" }]);
  expect(await deliver(WEBHOOKS, messages)).toEqual(["ack"]);
  expect(lines.filter(({ request_id }) => request_id === "req-hook-1")).toMatchObject([
    { event: "webhook_accepted", location_id: rig.id, event_id: "evt_1", queue: WEBHOOKS },
    { event: "event_ended", location_id: rig.id, event_id: "evt_1", outcome: "applied", ms: expect.any(Number) },
  ]);
  expect(lines.find(({ event }) => event === "batch_ended")).toMatchObject({ outcome: "done", count: 1, retried: 0 });
});

it("a message without a request id, or with a bad one, is read all the same", async () => {
  const rig = await Rig.open({ size: 10 });
  const event = { location_id: rig.id, received_at: Date.now(), body: JSON.parse(body) };
  const odd = [{}, { request_id: 7 }, { request_id: "x".repeat(256) }].map((more, at) => ({
    ...event,
    event_id: `evt_${at}`,
    ...more,
  }));
  for (const each of odd) expect(webhookMessage.parse(each).request_id).toBeUndefined();
  expect(new Set(await deliver(WEBHOOKS, odd))).toEqual(new Set(["ack"]));
  const ended = lines.filter(({ event }) => event === "event_ended").flatMap((line) => line.events ?? line) as Line[];
  expect(ended.map(({ event_id, request_id }) => [event_id, request_id]).sort()).toEqual([
    ["evt_0", undefined],
    ["evt_1", undefined],
    ["evt_2", undefined],
  ]);
});

it("webhooks of a store that came together are one line of the consumer and one of the Location, with each one's ids", async () => {
  const rig = await Rig.open({ size: 10 });
  const messages = [1, 2, 3].map((n) => ({
    location_id: rig.id,
    event_id: `evt_${n}`,
    request_id: `req-${n}`,
    received_at: Date.now(),
    body: { ...JSON.parse(body), type: n === 3 ? "unknown.kind" : "inventory.updated" },
  }));
  await deliver(WEBHOOKS, messages.slice(0, 1));
  lines.length = 0;
  expect(await deliver(WEBHOOKS, messages)).toEqual(["ack", "ack", "ack"]);
  const found = lines.filter(({ location_id }) => location_id === rig.id);
  const ids = (n: number) => ({ event_id: `evt_${n}`, request_id: `req-${n}`, attempt: 1 });
  expect(found).toMatchObject([
    { event: "webhook_accepted", count: 3, queue: WEBHOOKS, events: [ids(1), ids(2), ids(3)] },
    {
      event: "event_ended",
      count: 2,
      ms: expect.any(Number),
      events: [
        { ...ids(2), outcome: "applied" },
        { ...ids(3), outcome: "ignored" },
      ],
    },
    { event: "event_ended", ...ids(1), outcome: "duplicate" },
  ]);
});

it("a tick ends with one line of the log", async () => {
  const at = { scheduledTime: Date.now(), cron: "*/5 * * * *", noRetry: () => {} };
  await worker.scheduled(at, { ...env, SYNC: { sendBatch: async () => {} } } as unknown as Env);
  expect(lines.filter(({ event }) => event === "tick_ended")).toEqual([
    { event: "tick_ended", kind: "due_stores", outcome: "done", ms: expect.any(Number) },
  ]);
});
