import type { Context, Next } from "hono";
import type { ActiveFault, FaultBook } from "../lies/faults.ts";
import type { Liar } from "../lies/liar.ts";
import { type Lie, resourceOf } from "../lies/lies.ts";
import type { Config, Profile } from "../options.ts";
import type { World } from "../world/world.ts";
import { endpointOf, OPEN, templateOf } from "./endpoints.ts";
import type { RateLimits } from "./limits.ts";

export type SimEnv = {
  Variables: {
    rowFaults: ActiveFault[];
    writeFaults: ActiveFault[];
    /** The lies in the answer to this read. */
    lies: Lie[];
    wrongLocation: boolean;
    empty: boolean;
  };
};

export interface GateParts {
  world: World;
  config: Config;
  limits: RateLimits;
  faults: FaultBook;
  lies: Liar;
  delay: (ms: number) => Promise<void>;
  /** Resolves when the simulator closes, so that no hanging call outlives it. */
  closed: Promise<void>;
  count: (path: string, status: number) => void;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });

const page = (status: number, title: string) =>
  new Response(`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`, {
    status,
    headers: { "content-type": "text/html" },
  });

/** Checks before every endpoint: firewall, limits, faults, key and role, in this order. */
export function gate(parts: GateParts) {
  return async (c: Context<SimEnv>, next: Next): Promise<Response | undefined> => {
    const path = c.req.path;
    c.set("lies", []);
    const refused = await refuse(c, path, parts);
    if (refused === null) await next();
    else c.res = refused;
    if (c.res.ok && c.get("writeFaults").some(({ kind }) => kind === "saveThen500")) {
      c.res = json(500, { message: "Something went wrong." });
    }
    // Dutchie's clock: ReUp reads the difference from this header.
    const shift = c.get("lies").find(({ target, op }) => target === "answer" && op === "shift");
    c.res.headers.set("date", new Date(parts.world.now() + Number(shift?.value ?? 0)).toUTCString());
    parts.count(templateOf(path), c.res.status);
    return undefined;
  };
}

async function refuse(c: Context<SimEnv>, path: string, parts: GateParts): Promise<Response | null> {
  if (!c.req.header("accept") || !c.req.header("user-agent")) return page(403, "Request blocked");
  const endpoint = endpointOf(c.req.method, path);
  if (endpoint === undefined || !parts.config.profiles.includes(endpoint.profile))
    return json(404, { message: "Not Found" });
  const over = endpoint.limit === null ? null : parts.limits.admit(endpoint.limit, parts.config.limits);
  if (over !== null) {
    const { limitRetryAfter, limitText } = parts.config;
    const seconds = limitRetryAfter === true ? Math.ceil(over.waitMs / 1000) : limitRetryAfter;
    return tooMany(over.limit, limitText, seconds === false ? undefined : seconds);
  }
  const met = parts.faults.meet(path, c.req.method !== "GET");
  c.set("rowFaults", met.rows);
  c.set("writeFaults", met.writes);
  c.set("wrongLocation", met.answer?.kind === "wrongLocation");
  c.set("empty", met.answer?.kind === "empty200");
  const answer = met.answer === null ? null : await answerOf(met.answer, c, parts);
  if (answer !== null) return answer;
  if (endpoint.role === OPEN) return null;
  // The real API answers a wrong key with an empty body.
  if (!knows(c, endpoint.profile, parts.config)) return new Response(null, { status: 401 });
  if (endpoint.role !== null && !parts.config.roles.includes(endpoint.role)) {
    return json(403, { message: "Account not authorized" });
  }
  return replacedByLie(c, path, parts);
}

/** Applies lies that replace the answer. Other lies are applied where rows are rendered. */
function replacedByLie(c: Context<SimEnv>, path: string, parts: GateParts): Response | null {
  const on = c.req.method === "GET" ? resourceOf(path) : null;
  if (on === null) return null;
  const lies = parts.lies.meet(on, "read");
  c.set("lies", lies);
  for (const { op, value } of lies) {
    if (op === "wait") return json(429, { Message: "Too many requests" }, { "retry-after": String(value) });
    if (op !== "page") continue;
    return typeof value === "string"
      ? new Response(value, { headers: { "content-type": "text/html" } })
      : json(200, value);
  }
  return null;
}

function tooMany(limit: number, text: boolean, retryAfter: number | undefined): Response {
  const message = `Too many requests - only ${limit} per minute allowed`;
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  if (text) return new Response(message, { status: 429, headers: { "content-type": "text/plain", ...headers } });
  return json(429, { Message: message, TraceId: "00-51a7c0ffee-01" }, headers);
}

async function answerOf(fault: ActiveFault, c: Context<SimEnv>, parts: GateParts): Promise<Response | null> {
  const retry: Record<string, string> =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  switch (fault.kind) {
    case "429":
      return tooMany(60, fault.text ?? false, fault.retryAfter);
    case "500":
      return json(500, { message: "Something went wrong." });
    case "503":
      return json(503, { message: "This report is switched off for now (kill switch)." }, retry);
    case "timeout":
      await Promise.race([parts.closed, aborted(c.req.raw.signal)]);
      return new Response(null, { status: 504 });
    case "slow":
      await parts.delay(fault.ms ?? 1000);
      return null;
    case "html200":
      return page(200, "Welcome to our store");
    case "refuseWrite":
      return json(fault.status ?? 400, fault.body ?? { message: "The write was refused", propertyErrors: null });
    case "expiredKey":
      return new Response(null, { status: 401 });
    default:
      return null;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function knows(c: Context<SimEnv>, profile: Profile, config: Config): boolean {
  const schemes = profile === "pos" ? ["basic"] : config.auth;
  const [kind = "", value = ""] = (c.req.header("authorization") ?? "").split(" ");
  if (
    schemes.includes("basic") &&
    kind.toLowerCase() === "basic" &&
    basic(value) === `${config.apiKey}:${config.integratorKey}`
  ) {
    return true;
  }
  if (schemes.includes("bearer") && kind.toLowerCase() === "bearer" && value === config.apiKey) return true;
  return schemes.includes("header") && c.req.header("x-api-key") === config.apiKey;
}

function basic(value: string): string | null {
  try {
    return atob(value);
  } catch {
    return null;
  }
}
