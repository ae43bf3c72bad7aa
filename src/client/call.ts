import type { Answer } from "./answer.ts";
import { FIRST_KEYS } from "./api.ts";
import { toReupError } from "./errors.ts";

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
    // It is no JSON, or no answer of ReUp's. Otherwise it broke off.
    if (!(cause instanceof SyntaxError)) return toReupError.thrown(cause);
    throw toReupError.unreadable(response.status, cause);
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
      ? async (given: Given = {}) => {
          const response = await send(`${fill(path, given)}${search(given)}`, initOf(part.slice(1), given));
          return part === "$get" ? checked(response, FIRST_KEYS[path]) : response;
        }
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

/** What stands between may answer 200 with JSON of its own: no page could show it, nor say that it cannot. */
function checked(response: Response, first: string | undefined): Answer<unknown> {
  const { ok: isOk, status, headers } = response;
  if (!isOk || first === undefined) return response;
  const json = async () => {
    const body: unknown = await response.json();
    if (!isAnswer(body, first)) throw new SyntaxError(`no ${first}`);
    return body;
  };
  return { ok: isOk, status, headers, json };
}

function isAnswer(body: unknown, first: string): boolean {
  if (first === "[]") return Array.isArray(body);
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, first)) return false;
  return first !== "data" || Array.isArray((body as { data: unknown }).data);
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
