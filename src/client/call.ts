import { ReupError, toReupError } from "./errors.ts";

/** What the server answered. `ok` gives its body, or throws the error. */
export interface Answer<Body> extends Pick<Response, "ok" | "status" | "headers"> {
  json(): Promise<Body>;
}

export type Send = (path: string, init: RequestInit) => Promise<Response>;

interface Given {
  param?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  header?: Record<string, string>;
  json?: unknown;
}

/** The body of a successful answer; throws `ReupError` otherwise. */
export async function ok<Body>(pending: Promise<Answer<Body>>): Promise<Body> {
  const response = await pending;
  if (!response.ok) throw await toReupError.answered(response);
  if (response.status === 204) return null as Body;
  return response.json().catch((cause: unknown) => {
    // It is no JSON. Otherwise the answer broke off.
    if (!(cause instanceof SyntaxError)) return toReupError.thrown(cause);
    const message = "Something between ReUp and this page changed the answer. Try again.";
    throw new ReupError(response.status, "BAD_RESPONSE", message, { cause });
  });
}

/**
 * The tree of routes, made as it is walked: `.locations[":location_id"].$get({ param })` asks for
 * `GET …/locations/{location_id}`. Its types come from the API's document.
 */
export function routesBelow(path: string, send: Send): unknown {
  const known = new Map<string, unknown>();
  const next = (part: string) =>
    part.startsWith("$")
      ? (given: Given = {}) => send(`${fill(path, given)}${search(given)}`, initOf(part.slice(1), given))
      : routesBelow(`${path}/${part}`, send);
  return new Proxy(Object.freeze({}), {
    get(_, part) {
      // A promise has `then`; a route is none.
      if (typeof part !== "string" || part === "then") return undefined;
      if (!known.has(part)) known.set(part, next(part));
      return known.get(part);
    },
  });
}

const fill = (path: string, { param = {} }: Given) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(param[name] ?? ""));

function search({ query = {} }: Given): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given}`;
}

function initOf(method: string, { header = {}, json }: Given): RequestInit {
  const init = { method: method.toUpperCase() };
  if (json === undefined) return { ...init, headers: header };
  return { ...init, headers: { ...header, "content-type": "application/json" }, body: JSON.stringify(json) };
}
