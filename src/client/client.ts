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
    return ask(`${options.url}${path}`, { ...init, headers }).catch(toReupError.thrown);
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

async function tokenOf({ token }: ClientOptions): Promise<string> {
  try {
    return typeof token === "function" ? await token() : token;
  } catch (cause) {
    throw new ReupError(0, "NO_TOKEN", "There is no token for ReUp. Sign in again.", { cause });
  }
}
