import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { parseConfig } from "../../env.ts";
import { ApiError } from "../errors.ts";
import { bodyWithinLimits, refuseDepth } from "./body-limits.ts";
import type { AppContext, AppEnv } from "./context.ts";
import type { Dependencies } from "./dependencies.ts";

/** Configuration and the outside world for the handlers; a Worker that is not configured answers 503 and says why. */
export function withConfig(deps: Dependencies) {
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("config", parseConfig(c.env));
    c.set("deps", deps);
    await next();
  });
}

/** Browsers of the listed origins only; without the list, none but our own. */
export const allowOrigins = cors({
  origin: (origin, c: AppContext) => (c.var.config.cors_origins.includes(origin) ? origin : null),
  allowMethods: ["GET", "POST", "PATCH", "PUT", "DELETE"],
  allowHeaders: ["authorization", "content-type", "if-none-match", "x-request-id"],
  exposeHeaders: ["etag", "retry-after", "x-request-id"],
  maxAge: 3_600,
});

/** Per person, not per retailer alone: one runaway script must not lock out the shop. */
export const limitRate = createMiddleware<AppEnv>(async (c, next) => {
  const { retailer_id, subject } = c.var.caller;
  const { success } = await c.env.API_LIMIT.limit({ key: `${retailer_id}\n${subject}` });
  if (!success) throw new ApiError("RATE_LIMITED", "Too many requests.", { retry_after_seconds: 60 });
  await next();
});

/** The body is read here, within its limits of size, time and depth, and handed on whole. */
export const limitBody = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.raw.body !== null) {
    const bytes = await bodyWithinLimits(c.req.raw);
    refuseDepth(bytes);
    c.req.raw = new Request(c.req.raw, { body: bytes });
  }
  await next();
});

/** Answers are of one caller and of now; a route that knows better says so. */
export const noStore = createMiddleware<AppEnv>(async (c, next) => {
  c.header("Cache-Control", "no-store");
  await next();
});
