import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Live } from "../../../src/location/status/live.ts";

const NOW = 1_800_000_000_000;

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const socketTo = (sent: string[]) =>
  ({ send: (text: string) => void sent.push(text), close: () => void sent.push("closed") }) as unknown as WebSocket;

/** A store whose status is another each time that it is asked for. */
function viewed(viewers: number) {
  const sent: string[] = [];
  const sockets = Array.from({ length: 3 }, () => socketTo(sent));
  const store = { asked: 0, viewers };
  const live = new Live(
    {
      listeners: () => sockets.slice(0, store.viewers),
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

/** A store whose status is what `shown` says, or what answers when the test says so. */
function shown(first: string) {
  const viewers = new Map<WebSocket, string[]>();
  const store = { status: first, isAway: false, asked: 0, head: 0, held: null as Promise<void> | null };
  const live = new Live(
    {
      listeners: () => [...viewers.keys()],
      async text() {
        store.asked += 1;
        const { status: id, isAway, held } = store;
        await held;
        if (isAway) throw new Error("D1 is away.");
        return { id, json: `"${id}"`, is_disconnected: false };
      },
      head: async () => store.head,
      changedAfter: async () => null,
    },
    NOW,
  );
  const join = () => {
    const sent: string[] = [];
    const socket = socketTo(sent);
    const accept = () => {
      viewers.set(socket, sent);
      return socket;
    };
    return { sent, joined: live.join(accept) };
  };
  const leave = () => viewers.clear();
  const now = async (status: string) => {
    store.status = status;
    live.changed();
    await vi.advanceTimersByTimeAsync(1_000);
  };
  return { live, store, join, leave, now };
}

const message = (id: string) => `id: ${id}\nevent: status\ndata: "${id}"\n\n`;

describe("in the end a viewer has the status that there is", () => {
  it("after the last change could not be read", async () => {
    const { store, join, now } = shown("a");
    const { sent, joined } = join();
    await joined;
    store.isAway = true;
    await now("b");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([message("a")]);
    // The tries are seconds apart, as long as somebody looks.
    expect(store.asked).toBeLessThan(30);
    store.isAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([message("a"), message("b")]);
    await now("c");
    expect(sent.at(-1)).toBe(message("c"));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("and nobody tries again once the last viewer has left", async () => {
    const { store, join, leave, now } = shown("a");
    await join().joined;
    store.isAway = true;
    await now("b");
    leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([store.asked, vi.getTimerCount()]).toEqual([2, 0]);
  });

  it("which is again what the viewers before had", async () => {
    const { join, leave, now } = shown("a");
    await join().joined;
    await now("b");
    leave();
    await now("a");
    const { sent, joined } = join();
    await joined;
    await now("b");
    expect(sent).toEqual([message("a"), message("b")]);
  });

  it("and not one that was read earlier and came later", async () => {
    const { store, join, now } = shown("a");
    let answer = () => {};
    store.held = new Promise((resolve) => {
      answer = resolve;
    });
    const { sent, joined } = join();
    await vi.advanceTimersByTimeAsync(0);
    store.held = null;
    await now("b");
    answer();
    await joined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent.at(-1)).toBe(message("b"));
  });

  it("and each gets it once", async () => {
    const { join, now } = shown("a");
    const one = join();
    await one.joined;
    await now("b");
    const two = join();
    await two.joined;
    await now("b");
    await now("c");
    expect([one.sent, two.sent]).toEqual([
      [message("a"), message("b"), message("c")],
      [message("b"), message("c")],
    ]);
  });
});
