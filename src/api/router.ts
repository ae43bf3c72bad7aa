import { OpenAPIHono, type z } from "@hono/zod-openapi";
import { errorEnvelope } from "../contract/http/common.ts";
import { type ErrorCode, type Issue, invalid, STATUS_OF } from "./errors.ts";
import { requireRole } from "./requests/auth.ts";
import type { Role } from "./requests/caller.ts";
import type { AppEnv } from "./requests/context.ts";

/** A router whose validation failures are errors of the API. */
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
  INVALID_REQUEST: "The request is not valid; `details.issues` says where",
  UNAUTHORIZED: "No token, or one that is not valid",
  FORBIDDEN: "The token's role does not suffice",
  NOT_FOUND: "There is no such thing, or not for this caller",
  CONFLICT: "It contradicts what is there",
  PAYLOAD_TOO_LARGE: "The body is over 100 KB",
  RATE_LIMITED: "Too many requests; see Retry-After",
  SERVER_ERROR: "A fault of ours",
  UNAVAILABLE: "Busy, or not configured; see Retry-After",
};

type ErrorResponses<C extends ErrorCode> = {
  [S in (typeof STATUS_OF)[C]]: ReturnType<typeof json<typeof errorEnvelope>>;
};

/** The answers that a route may give beside its own. */
export function errorResponses<C extends ErrorCode>(...codes: C[]): ErrorResponses<C> {
  const entries = codes.map((code) => [STATUS_OF[code], json(errorEnvelope, DESCRIPTIONS[code])]);
  return Object.fromEntries(entries);
}

/** Of every route behind a token. */
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

/** Of every route behind a token that may be sent a body, wanted or not. */
export const writeErrors = () => ({ ...commonErrors(), ...errorResponses("PAYLOAD_TOO_LARGE") });
