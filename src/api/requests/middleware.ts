import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { parseConfig } from "../../env.ts";
import { ApiError } from "../errors.ts";
import { bodyWithinLimits, refuseDepth, refusePrototypeKey, textOf } from "./body-limits.ts";
import type { AppContext, AppEnv } from "./context.ts";
import type { Dependencies } from "./dependencies.ts";
import { Quota } from "./quota.ts";

/** Gives handlers the configuration and the outside world. A Worker that is not configured answers 503 and says why. */
export function withConfig(deps: Dependencies) {
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("config", parseConfig(c.env));
    c.set("deps", deps);
    await next();
  });
}

const SECURE_HEADERS = [
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Origin-Agent-Cluster", "?1"],
  ["Referrer-Policy", "no-referrer"],
  ["Strict-Transport-Security", "max-age=15552000; includeSubDomains"],
  ["X-Content-Type-Options", "nosniff"],
  ["X-DNS-Prefetch-Control", "off"],
  ["X-Download-Options", "noopen"],
  ["X-Frame-Options", "SAMEORIGIN"],
  ["X-Permitted-Cross-Domain-Policies", "none"],
  ["X-XSS-Protection", "0"],
] as const;

/** As `hono/secure-headers`, which is ten times as long: the Worker has a limit of size. */
export const secureHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  for (const [name, value] of SECURE_HEADERS) c.res.headers.set(name, value);
});

/** For a page: what a browser may load and send from it. */
export const contentPolicy = (policy: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    await next();
    c.res.headers.set("Content-Security-Policy", policy);
  });

/** Only browsers of the listed origins may call; without a list, only our own pages. */
export const allowOrigins = cors({
  origin: (origin, c: AppContext) => (c.var.config.cors_origins.includes(origin) ? origin : null),
  allowMethods: ["GET", "POST", "PATCH", "PUT", "DELETE"],
  allowHeaders: ["authorization", "content-type", "idempotency-key", "if-none-match", "last-event-id", "x-request-id"],
  exposeHeaders: ["etag", "retry-after", "x-request-id"],
  maxAge: 3_600,
});

/** A grant is small, because each isolate has its own: few requests of one person must not use up many. */
const personQuota = new Quota({ own: 0, a_grant: 10 });

/** The limit is per person, not per retailer: one runaway script must not lock out the whole shop. */
export const limitRate = createMiddleware<AppEnv>(async (c, next) => {
  const { retailer_id, subject } = c.var.caller;
  if (!(await personQuota.lets(c.env.API_LIMIT, `${retailer_id}\n${subject}`, c.var.deps.now())))
    throw new ApiError("RATE_LIMITED", "Too many requests. Try again in a minute.", { retry_after_seconds: 60 });
  await next();
});

/** Reads the whole body here, within its limits of size, time and depth, and as UTF-8. */
export const limitBody = createMiddleware<AppEnv>(async (c, next) => {
  const { raw } = c.req;
  const bytes = raw.body === null ? new Uint8Array() : await bodyWithinLimits(raw);
  if (bytes.length > 0) {
    refuseDepth(bytes);
    const body = textOf(bytes);
    refusePrototypeKey(body);
    c.req.raw = new Request(raw, { body });
  } else if (raw.body !== null || raw.headers.has("content-type")) {
    // Browsers send a body of no bytes, which is read up by now, and many callers name the type of every body: it is none.
    const headers = new Headers(raw.headers);
    headers.delete("content-type");
    c.req.raw = new Request(raw.url, { method: raw.method, headers });
  }
  await next();
});

/** No cache may keep an answer, unless its route sets another header. */
export const noStore = createMiddleware<AppEnv>(async (c, next) => {
  c.header("Cache-Control", "no-store");
  await next();
});
