import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Client, Status } from "../../../src/client/index.ts";
import { ReupError } from "../../../src/client/index.ts";
import { followStore } from "../../../src/client/react/follow-store.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The part of a status that says whether records may have changed. */
const statusOf = (applied: number, last_success_at = "2026-11-26T10:00:00.000Z") =>
  ({
    last_success_at,
    records: { products: 1, inventory: 1, sales: 1 },
    last_24h: { webhooks: { applied } },
  }) as Status;

/** A store's stream, told by hand; `refuse` ends it for good. */
function followed() {
  const seen: string[] = [];
  const streams: {
    tell: (status: Status) => void;
    change: () => void;
    connect: (problem?: ReupError) => void;
    refuse: () => void;
    signal: AbortSignal;
  }[] = [];
  const subscribeStatus: Client["subscribeStatus"] = (_, tell, { signal, onConnection, onChanged } = {}) =>
    new Promise((resolve, reject) => {
      if (signal === undefined) throw new Error("a stream that nobody can end");
      signal.addEventListener("abort", () => resolve());
      const refuse = () => reject(new ReupError(401, "UNAUTHORIZED", "no"));
      const change = () => onChanged?.({ sequence: 1, resource: "inventory", ids: ["inv_1"], count: 1 });
      streams.push({ tell, change, connect: (problem) => onConnection?.(problem ?? null), refuse, signal });
    });
  const leave = followStore({ subscribeStatus }, "loc_1", {
    onConnection: (live) => seen.push(live ? "live" : "not live"),
    onStatus: ({ last_24h }) => seen.push(`status ${last_24h.webhooks.applied}`),
    onRecords: () => seen.push("records"),
  });
  return { seen, streams, leave };
}

it("many changes together let the lists be read once, 3 s after the first", async () => {
  const { seen, streams, leave } = followed();
  streams[0]?.connect();
  for (const applied of [1, 2, 3]) streams[0]?.tell(statusOf(applied));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(seen).toEqual(["not live", "live", "status 1", "status 2", "status 3"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen.at(-1)).toBe("records");
  streams[0]?.tell(statusOf(3, "2026-11-26T10:15:00.000Z"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen.slice(6)).toEqual(["status 3", "records"]);
  leave();
});

it("the first status, and one after which the records are the same, let nothing be read", async () => {
  const { seen, streams, leave } = followed();
  for (const applied of [1, 1, 1]) streams[0]?.tell(statusOf(applied));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen).not.toContain("records");
  leave();
});

it("a change of records lets the lists be read, and so does a connection after a break, in which nothing was told", async () => {
  const { seen, streams, leave } = followed();
  streams[0]?.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual(["not live", "live"]);
  for (let times = 0; times < 5; times++) streams[0]?.change();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen.slice(2)).toEqual(["records"]);
  streams[0]?.connect(new ReupError(0, "NETWORK", "broken"));
  streams[0]?.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen.slice(3)).toEqual(["not live", "live", "records"]);
  leave();
});

it("what changed while a stream was over or refused was not told: on the next connection the lists are read", async () => {
  const { seen, streams, leave } = followed();
  streams[0]?.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  // The server ends a stream with its token. The client opens the next one without a problem between them.
  streams[0]?.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual(["not live", "live", "live", "records"]);
  streams[0]?.refuse();
  await vi.advanceTimersByTimeAsync(60_000);
  streams[1]?.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen.slice(4)).toEqual(["not live", "live", "records"]);
  leave();
});

it("a refused stream is tried again a minute later", async () => {
  const { seen, streams, leave } = followed();
  streams[0]?.connect();
  streams[0]?.refuse();
  await vi.advanceTimersByTimeAsync(59_999);
  expect(streams).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  streams[1]?.connect();
  expect(seen).toEqual(["not live", "live", "not live", "live"]);
  leave();
});

it("after the last viewer has left, nothing is open and nothing is read", async () => {
  const { seen, streams, leave } = followed();
  streams[0]?.tell(statusOf(1));
  streams[0]?.tell(statusOf(2));
  leave();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(streams.map(({ signal }) => signal.aborted)).toEqual([true]);
  expect(seen).toEqual(["not live", "status 1", "status 2"]);
  expect(vi.getTimerCount()).toBe(0);
});
