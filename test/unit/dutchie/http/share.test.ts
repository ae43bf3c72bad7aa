import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_USAGE, READ_LIMITS, type ReadLimits, type ReadUsage } from "../../../../src/domain/limits/read-limits.ts";
import { createClient } from "../../../../src/dutchie/client.ts";
import { testConnection } from "../../../../src/dutchie/connect/connection-test.ts";
import { Meter } from "../../../../src/dutchie/http/meter.ts";
import { all, readError } from "../support/collect.ts";
import { config } from "../support/server.ts";

const encoder = new TextEncoder();

/** A body that sends `next(n)` again and again, `ms` apart, and never ends. */
function endless(next: (n: number) => string, ms = 0): { body: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let [n, isCancelled] = [0, false];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) =>
      new Promise((resolve) => {
        timer = setTimeout(() => resolve(controller.enqueue(encoder.encode(next(n++)))), ms);
      }),
    cancel: () => {
      clearTimeout(timer);
      isCancelled = true;
    },
  });
  return { body, cancelled: () => isCancelled };
}

function client(
  answer: (url: URL) => Promise<Response> | Response,
  share: Partial<ReadLimits> = {},
  before?: ReadUsage,
) {
  const meter = new Meter({ ...READ_LIMITS, ...share }, before);
  return createClient(config("https://dutchie.test", { profile: "guide" }), {
    fetch: async (url) => answer(new URL(url)),
    meter,
  });
}

async function broken(given: ReturnType<typeof client>) {
  const { error, page } = await readError(async () => {
    const read = await given.read("products");
    if (!read.ok) return expect.fail(`${read.error.code} before a row came: ${read.error.message}`);
    return all(read.rows);
  });
  return { ...error, page };
}

/** The error of a read that breaks before its first row or later. */
async function refused(given: ReturnType<typeof client>) {
  const read = await given.read("products");
  return read.ok ? (await readError(() => all(read.rows))).error : read.error;
}

/** A hundred rows. */
const piece = (text: (n: number) => string) => (n: number) =>
  (n === 0 ? "[" : ",") + Array.from({ length: 100 }, (_, at) => text(n * 100 + at + 1)).join(",");
const row = piece((n) => `{"id":${n},"name":"Product ${n}"}`);

describe("an endless answer ends with a reason and never counts as complete", () => {
  test.each<[string, (n: number) => string, Partial<ReadLimits>, RegExp]>([
    ["rows", row, { rows: 5_000 }, /sent more than 5,000 rows for one list/],
    ["values that are no rows", piece(() => "0"), { rows: 2_000 }, /sent more than 2,000 rows for one list/],
    [
      "one text",
      (n) => (n === 0 ? '[{"name":"' : "x".repeat(65_536)),
      { bytes: 4 * 1_048_576 },
      /sent more than 4 MB for one list/,
    ],
    ["blanks", (n) => (n === 0 ? "[" : " ".repeat(65_536)), { bytes: 2 * 1_048_576 }, /sent more than 2 MB/],
    [
      "a JSON string of JSON",
      (n) => (n === 0 ? '"[' : `{\\"id\\":${n}},`.repeat(5_000)),
      { bytes: 2 * 1_048_576, rows: 1e9 },
      /sent more than 2 MB/,
    ],
  ])("F83: an endless answer ends with a reason: %s", async (_, next, share, words) => {
    const stream = endless(next);
    const error = await refused(client(() => new Response(stream.body), share));
    expect(error).toMatchObject({ code: "TOO_LARGE", message: expect.stringMatching(words) });
    expect(error.hint).toContain("tries again later");
    expect(stream.cancelled()).toBe(true);
  });

  test("F83: endless pages end, even if each is in order and none is repeated", async () => {
    let asked = 0;
    const given = client(() => Response.json({ data: [{ id: ++asked, name: "x" }], next: `c${asked}` }), {
      requests: 40,
    });
    expect(await broken(given)).toMatchObject({ code: "TOO_LARGE", message: expect.stringContaining("40 requests") });
    expect(asked).toBe(40);
  });

  test("F83: endless pages without a row end", async () => {
    let asked = 0;
    const given = client(() => Response.json({ data: [], next: `c${asked++}` }), { requests: 40 });
    expect(await refused(given)).toMatchObject({ code: "TOO_LARGE" });
  });

  test("F83: the limit counts pages over several attempts; rate limits in between do not reset it", async () => {
    let asked = 0;
    let taken: ReadUsage = NO_USAGE;
    let page: string | undefined;
    const codes: string[] = [];
    for (let go = 0; go < 10 && codes.at(-1) !== "TOO_LARGE"; go++) {
      let left = 7;
      const given = client(
        () =>
          left-- > 0
            ? Response.json({ data: [{ id: ++asked, name: "x" }], next: `c${asked}` })
            : new Response("", { status: 429 }),
        { requests: 40 },
        taken,
      );
      const read = await given.read("products", page === undefined ? {} : { page });
      const broke = read.ok ? await readError(() => all(read.rows)) : { error: read.error, page: null };
      codes.push(broke.error.code);
      page = broke.page ?? undefined;
      taken = given.meter.usage;
    }
    expect(codes).toEqual([...Array(codes.length - 1).fill("RATE_LIMITED"), "TOO_LARGE"]);
    expect(taken.rows).toBeLessThanOrEqual(40);
  });
});

describe("the time that a store keeps ReUp waiting is limited over all its answers", () => {
  const slow = { go_ms: 150 };

  // A time of its own: it moves when all wait, so a slow machine takes no time.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    vi.setTimerTickMode("nextTimerAsync");
  });
  afterEach(() => vi.useRealTimers());

  test("F83: a store that sends no headers is ended", async () => {
    const error = await refused(client(() => new Promise<Response>(() => {}), slow));
    expect(error).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("kept ReUp waiting for 0 s") });
  });

  test("F83: a store that sends a byte now and then, each soon enough, is ended", async () => {
    const stream = endless((n) => (n === 0 ? "[" : " "), 20);
    const error = await refused(client(() => new Response(stream.body), slow));
    expect(error.code).toBe("TIMEOUT");
    expect(stream.cancelled()).toBe(true);
  });

  test("F83: slow pages, each soon enough, are continued at the page that did not come", async () => {
    let asked = 0;
    const answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return Response.json({ data: [{ id: asked, name: "x" }], next: asked === 8 ? null : `c${++asked}` });
    };
    const given = client(answer, slow);
    const broke = await broken(given);
    expect(broke.code).toBe("TIMEOUT");
    expect(broke.page).toBe("c3");
    expect(given.meter.isBeyondLane).toBe(true);
    // In all there is an end to it, too.
    const before = { ...given.meter.usage, waited_ms: READ_LIMITS.waited_ms };
    expect(await client(answer, {}, before).read("products", { page: "c4" })).toMatchObject({
      ok: false,
      error: { code: "TIMEOUT" },
    });
  });

  test("F83: /whoami, raw rows and writes count as reads do", async () => {
    const never = () => new Promise<Response>(() => {});
    expect(await client(never, slow).whoami()).toMatchObject({ ok: false, error: { code: "TIMEOUT" } });
    expect(await client(never, slow).readRaw(new Set(["1"]), {})).toMatchObject({ error: { code: "TIMEOUT" } });
    const write = client(never, slow);
    const call = write.profile.writes.sparseCall([{ dutchie_product_id: "1", values: { unit_price: 1 } }]);
    expect(await write.write(call)).toMatchObject({ ok: false, error: { code: "TIMEOUT" } });
    const raw = client(() => new Response(endless(row).body), { rows: 3_000 });
    expect(await raw.readRaw(new Set(["1"]), {})).toMatchObject({ ok: false, error: { code: "TOO_LARGE" } });
  });

  test("F83: our own slowness does not count", async () => {
    const given = client(() => Response.json([{ id: 1, name: "x" }]), slow);
    const read = await given.read("products");
    if (!read.ok) throw new Error(read.error.message);
    for await (const _ of read.rows) await new Promise((resolve) => setTimeout(resolve, 200));
    expect(given.meter).toMatchObject({ waited_ms: 0, took_ms: 200 });
  });

  test("F83: a turn ends, whatever took the time", async () => {
    const given = client(() => new Response(endless(row, 1).body), { turn_ms: 100 });
    expect(await refused(given)).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("not done with") });
    expect(given.meter.isBeyondLane).toBe(true);
  });

  test("F83: a connection test has one limit for all its requests", async () => {
    let asked = 0;
    const result = await testConnection(
      { endpoint: "https://dutchie.test", api_key: "key-123456" },
      ["products", "inventory", "sales"],
      {
        meter: new Meter({ ...READ_LIMITS, go_ms: 150 }),
        fetch: () => {
          asked++;
          return new Promise((resolve) => setTimeout(() => resolve(new Response("", { status: 404 })), 60));
        },
      },
    );
    expect(result.error?.code).toBe("TIMEOUT");
    expect(asked).toBe(3);
  });
});

test("F83: a store of the largest known size is far below its limits", async () => {
  const given = client(() => {
    const rows = Array.from({ length: 50_000 }, (_, n) => ({ id: n + 1, name: `Product ${n}` }));
    return Response.json(rows);
  });
  const read = await given.read("products");
  if (!read.ok) throw new Error(read.error.message);
  expect((await all(read.rows)).flatMap(({ rows }) => rows)).toHaveLength(50_000);
  expect(given.meter.usage).toMatchObject({ rows: 50_000, requests: 1 });
});
