import { expect, it } from "vitest";
import { http } from "../../support/node-platform/http.ts";

interface Web {
  Headers: typeof Headers;
  Request: typeof Request;
  Response: typeof Response;
}

const web: Web = { Headers, Request, Response };
const URL_OF = "http://worker.test/a?b=%20c";

const streamOf = (...texts: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });

async function readWhole(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const [reader, decoder] = [body?.getReader(), new TextDecoder()];
  let text = "";
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
}

/** What a use leads to: its result, or the name of its error. */
async function outcomeOf(use: (given: Web) => unknown, given: Web): Promise<unknown> {
  try {
    return await use(given);
  } catch (error) {
    return (error as Error).name;
  }
}

const post = (body: BodyInit, headers = {}) => ({ method: "post", body, headers });

it.each<[string, (given: Web) => unknown]>([
  [
    "names of headers in any case, values without blanks around, all sorted",
    ({ Headers }) => {
      const headers = new Headers({ "X-B": " 1\t", a: "2" });
      headers.append("x-b", "3");
      headers.set("A", "4");
      headers.delete("none");
      const each: string[] = [];
      headers.forEach((value, name) => {
        each.push(name, value);
      });
      return [[...headers], each, headers.get("X-b"), headers.get("none"), headers.has("A"), [...new Headers(headers)]];
    },
  ],
  [
    "headers as a list",
    ({ Headers }) => [
      ...new Headers([
        ["B", "1"],
        ["a", "2"],
        ["b", "3"],
      ]),
    ],
  ],
  ["a name with a blank", ({ Headers }) => new Headers({ "a b": "1" })],
  ["a value with a line's end inside", ({ Headers }) => new Headers({ a: "1\n2" })],
  ["a value beyond one byte", ({ Headers }) => new Headers({ a: "\u0100" })],
  ["a value of one byte", ({ Headers }) => new Headers({ a: "\u00ff" }).get("a")],
  ["a number as a value", ({ Headers }) => new Headers({ a: 1 as never }).get("a")],
  [
    "the parts of a request",
    ({ Request }) => {
      const { url, method, redirect, bodyUsed, body } = new Request(URL_OF);
      return { url, method, redirect, bodyUsed, body };
    },
  ],
  ["an address without a host", ({ Request }) => new Request("/a").url],
  ["a method in small letters", ({ Request }) => new Request(URL_OF, post("x")).method],
  ["a GET with a body", ({ Request }) => new Request(URL_OF, { body: "x" })],
  ["a type for a text", ({ Request }) => [...new Request(URL_OF, post("x")).headers]],
  ["a type of its own", ({ Request }) => [...new Request(URL_OF, post("{}", { "Content-Type": "a/b" })).headers]],
  ["no type for bytes", ({ Response }) => [...new Response(new Uint8Array([1])).headers]],
  [
    "a request made from another, with another body",
    async ({ Request }) => {
      const first = new Request(URL_OF, post("x", { a: "1" }));
      const next = new Request(first, { body: "y" });
      return [next.url, next.method, [...next.headers], await next.text()];
    },
  ],
  ["a signal that nobody aborted", ({ Request }) => new Request(URL_OF).signal.aborted],
  [
    "a signal that somebody aborted",
    ({ Request }) => new Request(URL_OF, { signal: AbortSignal.abort() }).signal.aborted,
  ],
  [
    "the parts of a response",
    ({ Response }) => {
      const { status, statusText, ok, type, url, redirected, body } = new Response(null, {
        status: 404,
        statusText: "No",
      });
      return { status, statusText, ok, type, url, redirected, body };
    },
  ],
  [
    "a response as its own parts",
    ({ Response }) => {
      const { status, headers } = new Response("x", new Response("y", { status: 201, headers: { a: "1" } }));
      return [status, [...headers]];
    },
  ],
  ["a status below 200", ({ Response }) => new Response(null, { status: 199 })],
  ["a status above 599", ({ Response }) => new Response(null, { status: 600 })],
  ["a 204 with a body", ({ Response }) => new Response("", { status: 204 })],
  ["a 304 without one", ({ Response }) => new Response(null, { status: 304 }).status],
  ["text", ({ Response }) => new Response("grüß").text()],
  ["text with a mark of its order", ({ Response }) => new Response("\uFEFFa\uFEFF").text()],
  ["half a character", ({ Response }) => new Response("a\ud83d").text()],
  ["bytes that are no text", ({ Response }) => new Response(new Uint8Array([0x61, 0xff])).text()],
  ["JSON", ({ Response }) => new Response('{"a":[1]}').json()],
  ["no JSON", ({ Response }) => new Response("{").json()],
  ["JSON of no body", ({ Response }) => new Response(null).json()],
  ["bytes", async ({ Response }) => [...new Uint8Array(await new Response("é").arrayBuffer())]],
  [
    "bytes of bytes",
    async ({ Response }) => [...new Uint8Array(await new Response(new Uint8Array([1, 2]).subarray(1)).arrayBuffer())],
  ],
  ["bytes of a buffer", ({ Response }) => new Response(new Uint8Array([0x61]).buffer).text()],
  ["a text as a stream", async ({ Response }) => readWhole(new Response("grüß").body)],
  ["an empty text as a stream", async ({ Response }) => readWhole(new Response("").body)],
  ["a stream as a text", ({ Response }) => new Response(streamOf("a", "b")).text()],
  ["a stream as a stream", ({ Response }) => readWhole(new Response(streamOf("a", "b")).body)],
  [
    "a text read twice",
    async ({ Response }) => {
      const response = new Response("a");
      return [response.bodyUsed, await response.text(), response.bodyUsed, await response.text()];
    },
  ],
  [
    "a stream read twice",
    async ({ Response }) => {
      const response = new Response(streamOf("a"));
      return [response.bodyUsed, await response.text(), response.bodyUsed, await response.text()];
    },
  ],
  [
    "a body that somebody reads",
    async ({ Response }) => {
      const response = new Response("a");
      response.body?.getReader();
      return [response.bodyUsed, await response.text()];
    },
  ],
  [
    "a body with two readers",
    async ({ Response }) => {
      const { body } = new Response("a");
      body?.getReader();
      body?.getReader();
    },
  ],
  [
    "a reader that cancels",
    async ({ Response }) => {
      const response = new Response("a");
      const reader = response.body?.getReader();
      await reader?.cancel();
      return [response.bodyUsed, (await reader?.read())?.done];
    },
  ],
  [
    "the body of one response for another",
    async ({ Response }) => {
      const first = new Response("a");
      return new Response(first.body, { status: 201 }).text();
    },
  ],
  [
    "a body that is used up, for another response",
    async ({ Response }) => {
      const first = new Response("a");
      await first.text();
      return new Response(first.body);
    },
  ],
  [
    "a text through a transformer",
    async ({ Response }) => readWhole(new Response("a").body?.pipeThrough(new TransformStream()) ?? null),
  ],
])("the platform's requests and answers are like Node's: %s", async (_, use) => {
  expect(await outcomeOf(use, http as unknown as Web)).toEqual(await outcomeOf(use, web));
});

it("a response of the platform is one, wherever it is asked", () => {
  expect(new http.Response("a").body).toBeInstanceOf(ReadableStream);
  expect(new http.Request(URL_OF)).toBeInstanceOf(http.Request);
});

it.each([
  ["a cookie", () => new http.Headers({ "set-cookie": "a=1" })],
  ["a form", () => new http.Response(new FormData() as never)],
])("what the platform does not offer throws: %s", (_, use) => {
  expect(use).toThrow("not among what the platform for tests offers");
});
