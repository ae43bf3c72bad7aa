import { expect, it } from "vitest";
import { http } from "../../support/node-platform/http.ts";
import { streams } from "../../support/node-platform/streams.ts";

type Source = ConstructorParameters<typeof ReadableStream<Uint8Array>>[0];

const [NodeStream, NodeResponse] = [ReadableStream, Response];
streams.install();
const [LightStream, LightResponse] = [ReadableStream, http.Response as unknown as typeof Response];

const bytes = (text: string) => new TextEncoder().encode(text);

/** A source that makes a piece each time that it is asked, and then ends, or fails. */
function sourceOf(texts: readonly string[], end: "close" | "error" | "throw", asked: string[] = []): Source {
  const left = [...texts];
  return {
    async pull(controller) {
      const text = left.shift();
      asked.push(text ?? end);
      if (text !== undefined) controller.enqueue(bytes(text));
      else if (end === "close") controller.close();
      else if (end === "error") controller.error(new TypeError("cut"));
      else throw new TypeError("cut");
    },
    cancel: () => void asked.push("cancelled"),
  };
}

const PULLED = { highWaterMark: 0 };

async function piecesOf(body: ReadableStream<Uint8Array>): Promise<string[]> {
  const reader = body.getReader();
  const pieces: string[] = [];
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      pieces.push(new TextDecoder().decode(read.value));
    }
  } catch (error) {
    pieces.push(String(error));
  }
  return pieces;
}

it.each<[string, (stream: typeof ReadableStream, response: typeof Response) => Promise<unknown>]>([
  ["pieces", (Stream) => piecesOf(new Stream(sourceOf(["a", "b"], "close"), PULLED))],
  ["no pieces", (Stream) => piecesOf(new Stream(sourceOf([], "close"), PULLED))],
  ["a failure after a piece", (Stream) => piecesOf(new Stream(sourceOf(["a"], "error"), PULLED))],
  ["a source that throws", (Stream) => piecesOf(new Stream(sourceOf(["a"], "throw"), PULLED))],
  [
    "a source that is asked only when somebody reads",
    async (Stream) => {
      const asked: string[] = [];
      const reader = new Stream(sourceOf(["a", "b"], "close", asked), PULLED).getReader();
      const before = [...asked];
      await reader.read();
      return [before, asked];
    },
  ],
  [
    "a reader that cancels",
    async (Stream) => {
      const asked: string[] = [];
      const reader = new Stream(sourceOf(["a", "b"], "close", asked), PULLED).getReader();
      await reader.read();
      await reader.cancel();
      return [await reader.read(), asked];
    },
  ],
  [
    "a stream that nobody reads, cancelled twice",
    async (Stream) => {
      const asked: string[] = [];
      const stream = new Stream(sourceOf(["a"], "close", asked), PULLED);
      await stream.cancel();
      await stream.cancel();
      return asked;
    },
  ],
  [
    "pieces through a transformer",
    (Stream) => piecesOf(new Stream(sourceOf(["a", "b"], "close"), PULLED).pipeThrough(new TransformStream())),
  ],
  [
    "a failure through a transformer",
    (Stream) => piecesOf(new Stream(sourceOf(["a"], "error"), PULLED).pipeThrough(new TransformStream())),
  ],
  ["a body", (Stream, Answer) => new Answer(new Stream(sourceOf(["a", "b"], "close"), PULLED)).text()],
  [
    "a body, read twice",
    async (Stream, Answer) => {
      const answer = new Answer(new Stream(sourceOf(["a"], "close"), PULLED));
      await answer.text();
      return [answer.bodyUsed, await answer.text().catch((error: Error) => error.name)];
    },
  ],
  [
    "a source that makes its pieces at once",
    (Stream) =>
      piecesOf(
        new Stream<Uint8Array>({
          start(controller) {
            controller.enqueue(bytes("a"));
            controller.close();
          },
        }),
      ),
  ],
])("the platform's streams are like Node's: %s", async (_, use) => {
  expect(await use(LightStream, LightResponse)).toEqual(await use(NodeStream, NodeResponse));
});

it("a stream of the platform is one, wherever it is asked", () => {
  expect(new LightStream(sourceOf([], "close"), PULLED)).toBeInstanceOf(NodeStream);
  expect(new LightStream(sourceOf([], "close"), PULLED)).toBeInstanceOf(LightStream);
});
