import { Readable } from "node:stream";
import type { Socket } from "./sockets.ts";
import { type Bytes, bytesOf, LightStream, WholeStream } from "./streams.ts";

type Pairs = Iterable<readonly [string, unknown]> | Record<string, unknown>;
type Given = string | Bytes | ArrayBuffer | ReadableStream<Bytes> | LightStream | null;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const BLANKS_AROUND = /^[\t\r\n ]+|[\t\r\n ]+$/g;
const NO_VALUE = /[\0\r\n]|[^\0-\xff]/;
const decoder = new TextDecoder();
const notOffered = (what: string) => new TypeError(`${what} is not among what the platform for tests offers.`);

/** Names that were checked, in lower case. There are few. */
const names = new Map<string, string>();

function nameOf(given: string): string {
  const known = names.get(given);
  if (known !== undefined) return known;
  if (!TOKEN.test(given)) throw new TypeError(`"${given}" is an invalid header name.`);
  const name = given.toLowerCase();
  if (name === "set-cookie") throw notOffered("A cookie");
  names.set(given, name);
  return name;
}

function cleanValue(given: unknown): string {
  const text = String(given).replace(BLANKS_AROUND, "");
  if (NO_VALUE.test(text)) throw new TypeError(`"${text}" is an invalid header value.`);
  return text;
}

class LightHeaders {
  readonly #values: Map<string, string>;

  constructor(given?: LightHeaders | Pairs | null) {
    this.#values = new Map(given instanceof LightHeaders ? given.#values : []);
    if (given === undefined || given === null || given instanceof LightHeaders) return;
    const pairs = Symbol.iterator in given ? (given as Iterable<[string, unknown]>) : Object.entries(given);
    for (const [name, value] of pairs) this.append(name, value);
  }

  get(name: string): string | null {
    return this.#values.get(nameOf(name)) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(nameOf(name));
  }

  set(name: string, value: unknown): void {
    this.#values.set(nameOf(name), cleanValue(value));
  }

  append(name: string, value: unknown): void {
    const stored = this.get(name);
    this.set(name, stored === null ? value : `${stored}, ${cleanValue(value)}`);
  }

  delete(name: string): void {
    this.#values.delete(nameOf(name));
  }

  forEach(task: (value: string, name: string) => void): void {
    for (const [name, value] of this) task(value, name);
  }

  entries(): IterableIterator<[string, string]> {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)).values();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

class Body {
  readonly body: LightStream | ReadableStream<Bytes> | null;

  constructor(given: Given | undefined) {
    if (given === undefined || given === null) this.body = null;
    else if (given instanceof ReadableStream || given instanceof LightStream) this.body = given;
    else if (typeof given === "string" || given instanceof Uint8Array) this.body = new WholeStream(given);
    else if (given instanceof ArrayBuffer) this.body = new WholeStream(new Uint8Array(given));
    else throw notOffered("This body");
    const { body } = this;
    if (body !== null && (body.locked || disturbed(body))) {
      throw new TypeError("Response body object should not be disturbed or locked");
    }
  }

  get bodyUsed(): boolean {
    return this.body !== null && disturbed(this.body);
  }

  async text(): Promise<string> {
    const data = await this.#whole();
    if (typeof data !== "string") return decoder.decode(data);
    const text = data.toWellFormed();
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(bytesOf(await this.#whole())).buffer;
  }

  async #whole(): Promise<string | Bytes> {
    const { body } = this;
    if (body === null) return "";
    if (body instanceof WholeStream) return body.take();
    if (body.locked || disturbed(body)) throw new TypeError("Body is unusable: Body has already been read");
    const pieces: Bytes[] = [];
    const reader = (body as ReadableStream<Bytes>).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) pieces.push(read.value);
    return Buffer.concat(pieces);
  }
}

const disturbed = (body: LightStream | ReadableStream<Bytes>): boolean =>
  body instanceof LightStream ? body.isDisturbed : Readable.isDisturbed(body as never);

function headersOf(given: LightHeaders | Pairs | undefined | null, body: Given | undefined): LightHeaders {
  const headers = new LightHeaders(given);
  if (typeof body === "string" && !headers.has("content-type")) headers.set("content-type", "text/plain;charset=UTF-8");
  return headers;
}

interface RequestGiven {
  method?: string;
  headers?: LightHeaders | Pairs;
  body?: Given;
  signal?: AbortSignal | null;
  redirect?: string;
}

class LightRequest extends Body {
  readonly url: string;
  readonly method: string;
  readonly headers: LightHeaders;
  readonly redirect: string;
  #signal: AbortSignal | null;

  constructor(input: string | URL | LightRequest, init: RequestGiven = {}) {
    const from = input instanceof LightRequest ? input : null;
    const method = (init.method ?? from?.method ?? "GET").toUpperCase();
    const body = init.body ?? from?.body;
    if (body !== undefined && body !== null && (method === "GET" || method === "HEAD")) {
      throw new TypeError("Request with GET/HEAD method cannot have body.");
    }
    super(body);
    this.url = from?.url ?? new URL(String(input)).href;
    this.method = method;
    this.headers = headersOf(init.headers ?? from?.headers, init.body);
    this.redirect = init.redirect ?? from?.redirect ?? "follow";
    this.#signal = init.signal === undefined ? (from === null ? null : from.#signal) : init.signal;
  }

  /** Seldom asked for. */
  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }
}

interface ResponseGiven {
  status?: number;
  statusText?: string;
  headers?: LightHeaders | Pairs;
  webSocket?: Socket;
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

class LightResponse extends Body {
  readonly type = "default";
  readonly url = "";
  readonly redirected = false;
  readonly status: number;
  readonly statusText: string;
  readonly headers: LightHeaders;
  readonly webSocket: Socket | null;

  constructor(body?: Given, init: ResponseGiven = {}) {
    super(body);
    const { status = 200, statusText = "", webSocket = null } = init;
    if ((status < 200 && webSocket === null) || status > 599)
      throw new RangeError('init["status"] must be in the range of 200 to 599.');
    if (this.body !== null && WITHOUT_BODY.has(status))
      throw new TypeError(`A response of status ${status} has no body.`);
    this.status = status;
    this.statusText = statusText;
    this.webSocket = webSocket;
    this.headers = headersOf(init.headers, body);
  }

  get ok(): boolean {
    return this.status < 300;
  }
}

/**
 * The part of `Headers`, `Request` and `Response` that the Worker and the simulator use. Node's own make a signal, a stream and
 * many checks for each, which takes longer than what is done with them. What is not offered throws.
 */
export const http = {
  Headers: LightHeaders,
  Request: LightRequest,
  Response: LightResponse,

  install(): void {
    for (const name of ["Headers", "Request", "Response"] as const) {
      Object.defineProperty(globalThis, name, { value: http[name], configurable: true, writable: true });
    }
  },
};
