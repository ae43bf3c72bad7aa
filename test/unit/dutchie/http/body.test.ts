import { expect, it } from "vitest";
import { openBody } from "../../../../src/dutchie/http/body.ts";
import { Meter } from "../../../../src/dutchie/http/meter.ts";

const PART = 30_000;
const part = (n: number) => new Uint8Array(PART).fill(n);

interface Source {
  body: ReadableStream<Uint8Array>;
  isCancelled(): boolean;
}

/** Streams that send so many parts and then end: of bytes, as a network's are, or made of JavaScript. */
const streams: Record<"bytes" | "plain", (parts: number) => Source> = {
  bytes: (parts) => {
    let [sent, cancelled] = [0, false];
    const pull = (controller: ReadableByteStreamController) => {
      if (sent < parts) return controller.enqueue(part(sent++));
      controller.close();
      controller.byobRequest?.respond(0);
    };
    const cancel = () => {
      cancelled = true;
    };
    return { body: new ReadableStream({ type: "bytes", pull, cancel }), isCancelled: () => cancelled };
  },
  plain: (parts) => {
    let [sent, cancelled] = [0, false];
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      if (sent < parts) controller.enqueue(part(sent++));
      else controller.close();
    };
    const cancel = () => {
      cancelled = true;
    };
    return { body: new ReadableStream({ pull, cancel }), isCancelled: () => cancelled };
  },
};

const open = (body: ReadableStream<Uint8Array>) =>
  openBody(body, {
    controller: new AbortController(),
    idle_ms: 1_000,
    total_ms: 1_000,
    url: "https://x.test",
    meter: new Meter(),
  });

it.each(["bytes", "plain"] as const)("a body of %s is read to its end, in order", async (kind) => {
  const { chunks } = open(streams[kind](7).body);
  const read: number[] = [];
  for await (const chunk of chunks ?? []) read.push(...chunk);
  expect(read.length).toBe(7 * PART);
  expect([0, 1, 2, 3, 4, 5, 6].map((n) => read.filter((byte) => byte === n).length)).toEqual(Array(7).fill(PART));
  expect(read).toEqual(read.toSorted((a, b) => a - b));
});

it.each(["bytes", "plain"] as const)("a body of %s that nobody reads further is cancelled", async (kind) => {
  const { body, isCancelled } = streams[kind](1_000);
  const reader = open(body);
  for await (const chunk of reader.chunks ?? []) {
    expect(chunk[0]).toBe(0);
    break;
  }
  expect(isCancelled()).toBe(true);
});

it("a body of bytes is read into one buffer, so a chunk is there until the next one is asked for", async () => {
  const { chunks } = open(streams.bytes(3).body);
  const first = await chunks?.[Symbol.asyncIterator]().next();
  const kept = first?.value;
  await chunks?.[Symbol.asyncIterator]().next();
  expect(kept?.byteLength).toBe(0);
});
