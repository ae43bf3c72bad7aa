import { OpenAPIHono, type z } from "@hono/zod-openapi";
import { errorEnvelope } from "../contract/http/common.ts";
import type { Role } from "../domain/rights.ts";
import { type ErrorCode, type Issue, invalid, STATUS_OF } from "./errors.ts";
import { requireRole } from "./requests/auth.ts";
import type { AppEnv } from "./requests/context.ts";

/** A router that answers a request that is not valid with an error of the API. */
export function router(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(issuesOf(result.error));
    },
  });
}

function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
}

// ---- Pieces of route definitions ----------------------------------------------------------------------------------

/** A route that needs a token with at least this role. */
export const secured = (role: Role) => ({
  security: [{ bearer: [] }],
  middleware: requireRole(role),
});

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});

const DESCRIPTIONS: Record<ErrorCode, string> = {
  INVALID_REQUEST: "The request is not valid; `details.issues` says what is wrong",
  UNAUTHORIZED: "There is no token, or it is not valid",
  FORBIDDEN: "The token's role may not do this",
  NOT_FOUND: "It does not exist, or this caller may not see it",
  METHOD_NOT_ALLOWED: "The address does not take this method; see Allow",
  CONFLICT: "The request does not fit the current state; the message says why",
  GONE: "It is no longer kept",
  PAYLOAD_TOO_LARGE: "The body is over 100 KB",
  KEY_REUSED: "The Idempotency-Key is that of a call with another body",
  RATE_LIMITED: "Too many requests; see Retry-After",
  SERVER_ERROR: "An error on our side",
  UNAVAILABLE: "The service is busy or not configured; see Retry-After",
};

type ErrorResponses<C extends ErrorCode> = {
  [S in (typeof STATUS_OF)[C]]: ReturnType<typeof json<typeof errorEnvelope>>;
};

/** The error answers that a route may give. */
export function errorResponses<C extends ErrorCode>(...codes: C[]): ErrorResponses<C> {
  const entries = codes.map((code) => [STATUS_OF[code], json(errorEnvelope, DESCRIPTIONS[code])]);
  return Object.fromEntries(entries);
}

/** The errors of every route that needs a token. */
export const commonErrors = () =>
  errorResponses(
    "INVALID_REQUEST",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "NOT_FOUND",
    "RATE_LIMITED",
    "SERVER_ERROR",
    "UNAVAILABLE",
  );

/** The errors of every route that needs a token and may get a body. */
export const writeErrors = () => ({ ...commonErrors(), ...errorResponses("PAYLOAD_TOO_LARGE") });
