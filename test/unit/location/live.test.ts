import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Live } from "../../../src/location/status/live.ts";

const NOW = 1_800_000_000_000;

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

/** A store whose status is another each time that it is asked for. */
function viewed(viewers: number) {
  const sent: string[] = [];
  const socket = { send: (text: string) => void sent.push(text), close: () => {} } as unknown as WebSocket;
  const store = { asked: 0, viewers };
  const live = new Live(
    {
      listeners: () => Array.from({ length: store.viewers }, () => socket),
      text: async () => ({ id: String(++store.asked), json: "{}", is_disconnected: false }),
      head: async () => 0,
      changedAfter: async () => null,
    },
    NOW,
  );
  return { live, store, sent };
}

describe("the status of a store for its viewers", () => {
  it("many changes within a quarter of a second are one message, and the next quarter has the next one", async () => {
    const { live, sent } = viewed(1);
    for (let change = 0; change < 5; change++) live.changed();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["id: 1\nevent: status\ndata: {}\n\n"]);
    for (let change = 0; change < 5; change++) live.changed();
    await vi.advanceTimersByTimeAsync(249);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(2);
  });

  it("one computation serves all viewers", async () => {
    const { live, store, sent } = viewed(3);
    live.changed();
    await vi.advanceTimersByTimeAsync(250);
    expect(store.asked).toBe(1);
    expect(sent).toEqual(Array.from({ length: 3 }, () => "id: 1\nevent: status\ndata: {}\n\n"));
  });

  it("viewers get a change within a quarter of a second, also after the clock was set back by an hour", async () => {
    const { live, sent } = viewed(1);
    live.changed();
    await vi.advanceTimersByTimeAsync(0);
    vi.setSystemTime(NOW - 3_600_000);
    live.changed();
    await vi.advanceTimersByTimeAsync(250);
    expect(sent).toHaveLength(2);
  });

  it("nothing is computed and no timer waits when nobody listens", async () => {
    const { live, store } = viewed(0);
    live.changed();
    expect(vi.getTimerCount()).toBe(0);
    store.viewers = 1;
    live.changed();
    store.viewers = 0;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.asked).toBe(0);
  });
});
