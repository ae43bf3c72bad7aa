import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createClient, ok, type ReupError, type Status } from "../../../src/client/index.ts";

const answerError = (status: number, code: string) =>
  Response.json({ error: { code, message: "no", details: { a: 1 } } }, { status, headers: { "x-request-id": "r1" } });

/** A server that gives these answers, one a request, and keeps what it was asked. */
function server(...answers: (() => Response)[]) {
  const asked: Request[] = [];
  const client = createClient({
    url: "https://reup.test",
    token: "t.o.k",
    fetch: async (input, init) => {
      asked.push(new Request(input, init));
      const answer = answers[asked.length - 1];
      if (answer === undefined) throw new TypeError("no more answers");
      return answer();
    },
  });
  return { asked, client };
}

const stream = (...pieces: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    }),
    { headers: { "content-type": "text/event-stream" } },
  );

describe("the client of the API", () => {
  it("the client sends the token, and returns the body of a successful answer", async () => {
    const { asked, client } = server(() => Response.json({ data: [] }));
    expect(await ok(client.v1.status.$get({ query: {} }))).toEqual({ data: [] });
    expect(asked[0]?.url).toBe("https://reup.test/v1/status");
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer t.o.k");
  });

  it("the client throws the API's error, and an error if there is no answer", async () => {
    const { client } = server(() => answerError(409, "CONFLICT"));
    await expect(ok(client.v1.status.$get({ query: {} }))).rejects.toMatchObject({
      status: 409,
      code: "CONFLICT",
      message: "no",
      details: { a: 1 },
      request_id: "r1",
      final: true,
    });
    await expect(ok(client.v1.status.$get({ query: {} }))).rejects.toMatchObject({
      status: 0,
      code: "NETWORK",
      final: false,
    });
  });

  it.each([[[]], [{}], [null], ["none"], [7], [{ message: "Hello" }]])(
    "an answer of another kind is refused: %j",
    async (body) => {
      const { client } = server(
        () => Response.json(body),
        () => Response.json(body),
        () => Response.json(body),
      );
      const refused = { status: 200, code: "BAD_RESPONSE", final: false };
      await expect(ok(client.v1.status.$get({ query: {} }))).rejects.toMatchObject(refused);
      const { ":location_id": location } = client.v1.locations;
      await expect(ok(location.$get({ param: { location_id: "loc_1" } }))).rejects.toMatchObject(refused);
      await expect(ok(location.insights.sales.$get({ param: { location_id: "loc_1" } }))).rejects.toMatchObject(
        refused,
      );
    },
  );

  it("a question that nobody answers ends after half a minute; a change is waited for", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const ended: string[] = [];
    const client = createClient({
      url: "https://reup.test",
      token: "t",
      fetch: (_, init) =>
        new Promise((_, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        }),
    });
    const note = (what: string) => (error: unknown) => void ended.push(`${what} ${(error as ReupError).code}`);
    void ok(client.v1.status.$get({ query: {} })).catch(note("list"));
    void client.request("/v1/locations", { method: "POST" }).catch(note("change"));
    const caller = new AbortController();
    void client.request("/v1/status", { signal: caller.signal }).catch((error) => ended.push(`left ${error.name}`));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ended).toEqual([]);
    caller.abort();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(ended).toEqual(["left AbortError", "list NETWORK"]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ended).toHaveLength(2);
  });

  it.each([
    ["a word with a slash", "loc/1", { q: "a&b" }, "/v1/locations/loc%2F1/products?q=a%26b"],
    ["a number, and what is left out", "loc_1", { limit: 5, sku: undefined }, "/v1/locations/loc_1/products?limit=5"],
    ["nothing", "loc_1", {}, "/v1/locations/loc_1/products"],
  ])("the client asks for %s", async (_, location_id, query, path) => {
    const { asked, client } = server(() => Response.json({ data: [], next_cursor: null }));
    await ok(client.v1.locations[":location_id"].products.$get({ param: { location_id }, query }));
    expect(asked[0]?.url).toBe(`https://reup.test${path}`);
  });

  it("the client sends a body as JSON, and an answer without a body is null", async () => {
    const { asked, client } = server(
      () => new Response(null, { status: 204 }),
      () => Response.json({ run_id: "run_1" }, { status: 202 }),
    );
    const param = { location_id: "loc_1" };
    expect(await ok(client.v1.locations[":location_id"].$delete({ param, query: { purge: "false" } }))).toBeNull();
    await ok(client.v1.locations[":location_id"].syncs.$post({ param, json: { mode: "full" } }));
    expect(asked.map(({ method }) => method)).toEqual(["DELETE", "POST"]);
    expect(asked[1]?.headers.get("content-type")).toBe("application/json");
    expect(await asked[1]?.json()).toEqual({ mode: "full" });
  });

  it.each([
    ["a page of HTML", new Response("<html>"), "BAD_RESPONSE", 200],
    ["half an answer", new Response('{"data": ['), "BAD_RESPONSE", 200],
    ["HTML with a status of failure", new Response("<html>", { status: 502 }), "SERVER_ERROR", 502],
  ])("%s in place of an answer is an error of the client's own kind", async (_, response, code, status) => {
    const { client } = server(() => response);
    await expect(ok(client.v1.status.$get())).rejects.toMatchObject({ name: "ReupError", code, status, final: false });
  });

  it.each([
    ["the connection breaks", new TypeError("network error"), { name: "ReupError", code: "NETWORK", status: 0 }],
    ["the caller leaves", new DOMException("left", "AbortError"), { name: "AbortError" }],
  ])("if %s within an answer, the error says so", async (_, cause, error) => {
    const body = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"data": ['));
          controller.error(cause);
        },
      });
    const { client } = server(
      () => new Response(body()),
      () => new Response(body(), { status: 500 }),
    );
    await expect(ok(client.v1.status.$get())).rejects.toMatchObject(error);
    await expect(ok(client.v1.status.$get())).rejects.toMatchObject(
      error.name === "AbortError" ? error : { code: "SERVER_ERROR", status: 500 },
    );
  });

  it.each([
    ["7", 7],
    ["99999999", 3_600],
    ["0", null],
    ["-1", null],
    ["soon", null],
    [null, null],
  ])("Retry-After: %s is told in seconds, an hour at most", async (header, retry_after) => {
    const headers: Record<string, string> = header === null ? {} : { "retry-after": header };
    const { client } = server(() => Response.json({ error: { code: "RATE_LIMITED" } }, { status: 429, headers }));
    await expect(ok(client.v1.status.$get())).rejects.toMatchObject({ retry_after, final: false });
  });

  it("the stream is not asked for again before Retry-After", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const leave = new AbortController();
    const { asked, client } = server(() => Response.json({}, { status: 429, headers: { "retry-after": "40" } }));
    const following = client.subscribeStatus("loc_1", () => {}, { signal: leave.signal });
    await vi.advanceTimersByTimeAsync(39_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
    leave.abort();
    await following;
  });

  it("a token is asked for anew before each request, and without one nothing is sent", async () => {
    const tokens = ["one", "two"];
    const asked: (string | null)[] = [];
    const client = createClient({
      url: "https://reup.test",
      token: async () => tokens.shift() ?? Promise.reject(new Error("signed out")),
      fetch: async (_, init) => {
        asked.push(new Headers(init?.headers).get("authorization"));
        return Response.json({ data: [] });
      },
    });
    await ok(client.v1.status.$get());
    await ok(client.v1.status.$get());
    await expect(ok(client.v1.status.$get())).rejects.toMatchObject({ name: "ReupError", code: "NO_TOKEN", status: 0 });
    expect(asked).toEqual(["Bearer one", "Bearer two"]);
  });

  it("the client continues where the stream broke off", async () => {
    const leave = new AbortController();
    const { asked, client } = server(
      () =>
        stream(
          'id: 1\nevent: status\ndata: {"location_id":"loc/1","na',
          'me":"a"}\n\n: still here\n\n',
          "id: 2\nevent: status\nda",
        ),
      () => answerError(503, "UNAVAILABLE"),
      () => stream(': nothing new\n\nid: 3\r\nevent: status\r\ndata: {"location_id":"loc/1","name":"b"}\r\n\r\n'),
    );
    const seen: string[] = [];
    const problems: (string | null)[] = [];
    await client.subscribeStatus(
      "loc/1",
      ({ name }: Status) => {
        seen.push(name);
        if (name === "b") leave.abort();
      },
      { signal: leave.signal, onConnection: (problem) => problems.push(problem?.code ?? null) },
    );
    expect(seen).toEqual(["a", "b"]);
    expect(asked[0]?.url).toBe("https://reup.test/v1/locations/loc%2F1/status/stream");
    expect(asked.map(({ headers }) => headers.get("last-event-id"))).toEqual([null, "1", "1"]);
    expect(problems).toEqual([null, "UNAVAILABLE", null]);
  });

  const status = (body: unknown, id = 2) => stream(`event: status\nid: ${id}\ndata: ${JSON.stringify(body)}\n\n`);
  it.each<[string, () => Response]>([
    ["null", () => status(null)],
    ["a list", () => status([])],
    ["an error", () => status({ message: "Hello" })],
    ["another store's", () => status({ location_id: "loc_2", name: "b" })],
    ["no JSON", () => stream("event: status\nid: 2\ndata: {\n\n")],
    ["no stream", () => Response.json({})],
  ])(
    "a message that is no status of the store is not passed on, and not asked for without a pause: %s",
    async (_, bad) => {
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      const leave = new AbortController();
      const bads = Array.from({ length: 6 }, () => bad);
      const { asked, client } = server(() => status({ location_id: "loc_1", name: "a" }, 1), ...bads);
      const seen: string[] = [];
      const problems: (string | null)[] = [];
      const following = client.subscribeStatus("loc_1", ({ name }) => void seen.push(name), {
        signal: leave.signal,
        onConnection: (problem) => problems.push(problem?.code ?? null),
      });
      await vi.advanceTimersByTimeAsync(3_000);
      leave.abort();
      await following;
      expect(seen).toEqual(["a"]);
      expect(problems.at(-1)).toBe("BAD_RESPONSE");
      expect(asked.length).toBeLessThan(7);
      // What was not read is asked for again.
      expect(asked.at(-1)?.headers.get("last-event-id")).toBe("1");
    },
  );

  it("the client stops if the server refuses for good", async () => {
    const { client } = server(() => answerError(404, "NOT_FOUND"));
    await expect(client.subscribeStatus("loc_1", () => {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
