import type { ActiveFault } from "../lies/faults.ts";

const CHUNK = 64 * 1024;

export interface ArrayBody {
  rows: Iterable<unknown>;
  /** About how many rows there are; only a cut needs it. */
  count: number;
  before?: string;
  after?: string;
  cut?: ActiveFault | undefined;
  /** The whole body as JSON inside a JSON string. */
  asText?: boolean;
  /** Destroys the connection. Without one (in-process), the stream fails. */
  sever?: (() => void) | undefined;
}

/** An array as a stream, so that 50,000 rows never exist as one string, and a cut is a real cut. */
export function arrayResponse(body: ArrayBody): Response {
  return new Response(arrayStream(body), { headers: { "content-type": "application/json; charset=utf-8" } });
}

function arrayStream(body: ArrayBody): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = body.asText === true ? quoted(text(body)) : text(body);
  let end: "close" | "destroy" | null = null;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let buffer = "";
        while (end === null && buffer.length < CHUNK) {
          const { value, done } = pieces.next();
          if (done) end = value;
          else buffer += value;
        }
        if (buffer !== "") controller.enqueue(encoder.encode(buffer));
        else if (end === "close") controller.close();
        else await sever(controller, body.sever);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Breaks the connection after the sent bytes have left: a cut is half an answer, not none. */
async function sever(controller: ReadableStreamDefaultController<Uint8Array>, connection: (() => void) | undefined) {
  if (connection === undefined) return controller.error(new Error("connection cut by a fault"));
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  connection();
}

/** The pieces of the text. Returns how the body ends. */
function* text({ rows, count, before = "[", after = "]", cut }: ArrayBody): Generator<string, "close" | "destroy"> {
  const cutAt = cut === undefined ? Number.POSITIVE_INFINITY : Math.floor(count * (cut.share ?? 0.5));
  const end = cut?.end ?? "destroy";
  let index = 0;
  yield before;
  for (const row of rows) {
    const json = JSON.stringify(row);
    if (index === cutAt) {
      // In the middle of a row: the hardest case.
      yield `${index === 0 ? "" : ","}${json.slice(0, Math.ceil(json.length / 2))}`;
      return end;
    }
    yield index === 0 ? json : `,${json}`;
    index++;
  }
  if (cut !== undefined) return end;
  yield after;
  return "close";
}

function* quoted(pieces: Generator<string, "close" | "destroy">): Generator<string, "close" | "destroy"> {
  yield '"';
  for (;;) {
    const { value, done } = pieces.next();
    if (done) {
      if (value === "close") yield '"';
      return value;
    }
    yield JSON.stringify(value).slice(1, -1);
  }
}
