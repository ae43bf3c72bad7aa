import { describe, expect, it } from "vitest";
import { createClient, ok, type Status } from "../../../src/client/index.ts";

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

  it("the client continues where the stream broke off", async () => {
    const leave = new AbortController();
    const { asked, client } = server(
      () => stream('id: 1\nevent: status\ndata: {"na', 'me":"a"}\n\n: still here\n\n', "id: 2\nevent: status\nda"),
      () => answerError(503, "UNAVAILABLE"),
      () => stream(': nothing new\n\nid: 3\r\nevent: status\r\ndata: {"name":"b"}\r\n\r\n'),
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

  it("the client stops if the server refuses for good", async () => {
    const { client } = server(() => answerError(404, "NOT_FOUND"));
    await expect(client.subscribeStatus("loc_1", () => {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
