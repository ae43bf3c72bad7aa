import type { ClientResponse } from "hono/client";
import { hc } from "hono/client";
import type { AppType } from "../api/app.ts";
import type { StatusJson } from "../contract/http/status.ts";
import { ReupError, toReupError } from "./errors.ts";
import { readEvents } from "./events.ts";

// Rules of the API that pages show before they call it.
export { ALERT_RULES, type AlertRule } from "../domain/alerts/rules.ts";
export { lockOf } from "../domain/pushes/edit.ts";
export { PUSH_FIELDS } from "../domain/records/model.ts";
export { OVERRIDABLE, type Overridable } from "../domain/records/overrides.ts";
export { stalenessOf } from "../domain/records/version.ts";
export { mayAct, type Role, roleOf } from "../domain/rights.ts";
export { addDays, localDay, startOfDay } from "../domain/values/zone.ts";
export { CATEGORIES, ROOM_TYPES } from "../domain/vocabulary/reup.ts";
export { ReupError } from "./errors.ts";
export type * from "./types.ts";

export interface ClientOptions {
  /** The Worker's address, without a trailing slash. */
  url: string;
  /** ReUp's JWT. A function is called for each request. */
  token: string | (() => string);
  /** For tests and service bindings. */
  fetch?: typeof fetch;
}

export interface SubscribeOptions {
  signal?: AbortSignal;
  /** Called with a problem when the stream breaks off (it reconnects by itself), and with null when it is connected. */
  onConnection?: (problem: ReupError | null) => void;
}

/**
 * The client of the API. Its types come from the routes:
 *
 * ```ts
 * const client = createClient({ url: "https://dutchie.reup.example", token });
 * const { data } = await ok(client.v1.locations.$get({ query: {} }));
 * await client.subscribeStatus(data[0].location_id, (status) => show(status), { signal });
 * ```
 */
export function createClient(options: ClientOptions) {
  const token = () => (typeof options.token === "function" ? options.token() : options.token);
  const headers = () => ({ authorization: `Bearer ${token()}` });
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const api = hc<AppType>(options.url, { headers, fetch: send });

  /** Any request to the API, with the token: for CSV, and for routes that these types do not know yet. */
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const given = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers())) given.set(name, value);
    const response = await send(`${options.url}${path}`, { ...init, headers: given }).catch(toReupError.thrown);
    if (!response.ok) throw await toReupError.answered(response);
    return response;
  };

  /**
   * Calls `onStatus` with the store's status now and at each change, until `signal` ends it; then it resolves. If the
   * stream breaks off, it is opened again and continues after the last message. It rejects if trying again is no use: the
   * token is not valid, or the store does not exist.
   */
  const subscribeStatus = async (
    location_id: string,
    onStatus: (status: StatusJson) => void,
    { signal, onConnection }: SubscribeOptions = {},
  ): Promise<void> => {
    const path = `/v1/locations/${encodeURIComponent(location_id)}/status/stream`;
    let last_id: string | null = null;
    for (let tries = 0; !signal?.aborted; tries++) {
      try {
        const resume: Record<string, string> = last_id === null ? {} : { "last-event-id": last_id };
        const init = { headers: { accept: "text/event-stream", ...resume }, ...(signal ? { signal } : {}) };
        const response = await request(path, init);
        onConnection?.(null);
        for await (const event of readEvents(response, signal)) {
          tries = 0;
          last_id = event.id ?? last_id;
          if (event.event === "status") onStatus(JSON.parse(event.data));
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (error instanceof ReupError && error.final) throw error;
        onConnection?.(error instanceof ReupError ? error : new ReupError(0, "NETWORK", "The connection broke off."));
      }
      await pause(Math.min(15_000, 250 * 2 ** tries) * (0.5 + Math.random() / 2), signal);
    }
  };

  return { v1: api.v1, request, subscribeStatus };
}

export type Client = ReturnType<typeof createClient>;

type Success<R> =
  R extends ClientResponse<infer Body, infer Status, string>
    ? Status extends 200 | 201 | 202
      ? Body
      : Status extends 204
        ? null
        : never
    : never;

/** The body of a successful answer; throws `ReupError` otherwise. */
export async function ok<R extends ClientResponse<unknown, number, string>>(pending: Promise<R>): Promise<Success<R>> {
  const response = await pending.catch(toReupError.thrown);
  if (!response.ok) throw await toReupError.answered(response);
  return (response.status === 204 ? null : await response.json()) as Success<R>;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
