import type { Api, Status } from "./api.ts";
import { routesBelow, type Send } from "./call.ts";
import { ReupError, toReupError } from "./errors.ts";
import { followStatus, type SubscribeOptions } from "./follow-status.ts";

export interface ClientOptions {
  /** The Worker's address, without a trailing slash. */
  url: string;
  /** ReUp's JWT. A function is called for each request. */
  token: string | (() => string | Promise<string>);
  /** For tests and service bindings. */
  fetch?: typeof fetch;
}

/** Calls of the API, by the parts of their paths, with the types of its document. */
export interface Client {
  readonly v1: Api;
  /** Any request to the API, with the token: for CSV, and for routes that these types do not know yet. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /**
   * Calls `onStatus` with the store's status now and at each change, until `signal` ends it; then it resolves. If the
   * stream breaks off, it is opened again and continues after the last message. It rejects if trying again is no use: the
   * token is not valid, or the store does not exist.
   */
  subscribeStatus(location_id: string, onStatus: (status: Status) => void, options?: SubscribeOptions): Promise<void>;
}

/**
 * The client of the API:
 *
 * ```ts
 * const client = createClient({ url: "https://dutchie.reup.example", token });
 * const { data } = await ok(client.v1.locations.$get());
 * await client.subscribeStatus(data[0].location_id, (status) => show(status), { signal });
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const send: Send = async (path, init) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${await tokenOf(options)}`);
    // `fetch` alone: a browser's refuses to be called as a method of another object.
    const { fetch: ask = fetch } = options;
    const asked = { ...init, headers };
    return inTime(asked, (within) => ask(`${options.url}${path}`, within)).catch(toReupError.thrown);
  };
  const request: Client["request"] = async (path, init = {}) => {
    const response = await send(path, init);
    if (!response.ok) throw await toReupError.answered(response);
    return response;
  };
  return {
    v1: routesBelow("/v1", send) as Api,
    request,
    subscribeStatus: (location_id, onStatus, given = {}) => followStatus(request, location_id, onStatus, given),
  };
}

/** ms until an answer begins. A browser waits for ever, and a list that is never answered would stay as it was. */
const ANSWER_MS = 30_000;

/** A change is waited for: it may take long, and who gives it up does not know whether it was made. */
async function inTime(init: RequestInit, send: (init: RequestInit) => Promise<Response>): Promise<Response> {
  if (init.method !== undefined && init.method !== "GET") return send(init);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
  try {
    return await send({ ...init, signal });
  } finally {
    clearTimeout(timer);
  }
}

async function tokenOf({ token }: ClientOptions): Promise<string> {
  try {
    return typeof token === "function" ? await token() : token;
  } catch (cause) {
    throw new ReupError(0, "NO_TOKEN", "There is no token for ReUp. Sign in again.", { cause });
  }
}
