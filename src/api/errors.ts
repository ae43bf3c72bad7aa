import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { matchedRoutes } from "hono/route";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { D1_RETENTION } from "../domain/retention.ts";
import { iso } from "../domain/values/iso.ts";
import { ConfigError } from "../env.ts";
import { isPassing } from "../platform/failures.ts";
import { log } from "../platform/log.ts";

/** Every error code of the API, and its HTTP status (the API contract). */
export const STATUS_OF = {
  INVALID_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  GONE: 410,
  PAYLOAD_TOO_LARGE: 413,
  KEY_REUSED: 422,
  RATE_LIMITED: 429,
  SERVER_ERROR: 500,
  UNAVAILABLE: 503,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ErrorCode = keyof typeof STATUS_OF;

export interface ErrorMore {
  details?: Record<string, unknown>;
  retry_after_seconds?: number;
  /** The methods that the address takes. */
  allow?: readonly string[];
}

/** Handlers throw it; only `renderError` turns it into an answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  readonly more: ErrorMore;

  constructor(code: ErrorCode, message: string, more: ErrorMore = {}) {
    super(message);
    this.code = code;
    this.more = more;
  }
}

export interface Issue {
  path: string;
  message: string;
}

export function invalid(issues: Issue[], more: Record<string, unknown> = {}): ApiError {
  const [first] = issues;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  const message = first === undefined ? "The request is not valid." : `${where}${first.message}`;
  return new ApiError("INVALID_REQUEST", message, { details: { issues, ...more } });
}

/** 405 if the address takes other methods: who opens a webhook's address in a browser must not think that it is wrong. */
export function nothingHere(method: string, allow: readonly string[]): ApiError {
  if (allow.length === 0) return new ApiError("NOT_FOUND", "There is nothing at this address.");
  const message = `This address takes ${allow.join(", ")}, not ${method}.`;
  return new ApiError("METHOD_NOT_ALLOWED", message, { allow });
}

export const notFound = (what: string) => new ApiError("NOT_FOUND", `There is no such ${what}.`);

/** Two requests change a store at the same moment: what this one read is no longer true. */
export const changedMeanwhile = () =>
  new ApiError("CONFLICT", "The store was changed at the same moment. Look at it, and ask again.");

/** What a person acknowledges is over, and the alert is about something else now. */
export const beganAnew = (at: number) =>
  new ApiError("CONFLICT", `This alert began anew at ${iso(at)}. Look at it again before you acknowledge it.`);

/** A sequence is older than the store's change log; `head`: its newest. */
export function beforeLog(head: number): ApiError {
  const { days } = D1_RETENTION.changes;
  const message = `Changes are kept for ${days} days, and this sequence is older. Read the store's lists again, then go on after ${head}.`;
  return new ApiError("GONE", message, { details: { sequence: head } });
}

/** When to try again after a passing failure, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Any thrown value as an error of the API. `SERVER_ERROR` says nothing about the cause. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HTTPException) return fromHttpException(error);
  if (error instanceof ConfigError) {
    return new ApiError("UNAVAILABLE", error.message, { retry_after_seconds: 60 });
  }
  if (isPassing(error)) {
    const message = "The service is busy. Try again in a moment.";
    return new ApiError("UNAVAILABLE", message, { retry_after_seconds: RETRY_AFTER_SECONDS });
  }
  return new ApiError("SERVER_ERROR", "Something went wrong on our side. Quote the x-request-id when you report it.");
}

function fromHttpException({ status }: HTTPException): ApiError {
  if (status === 413) return new ApiError("PAYLOAD_TOO_LARGE", "The body must not be larger than 100 KB.");
  if (status === 415)
    return invalid([{ path: "", message: "Send the body as JSON, with content-type application/json." }]);
  if (status < 500) return invalid([{ path: "", message: "The body is not JSON." }]);
  return new ApiError("SERVER_ERROR", "Something went wrong on our side. Quote the x-request-id when you report it.");
}

export function renderError(error: unknown, c: Context): Response {
  const rendered = toApiError(error);
  const { code, message, more } = rendered;
  if (rendered !== error && STATUS_OF[code] >= 500) {
    // The address itself may contain a secret, as the link in a mail does, so it is not logged.
    const route = `${c.req.method} ${matchedRoutes(c).at(-1)?.path ?? "*"}`;
    log("request_failed", { request_id: c.get("requestId"), route, code, cause: error });
  }
  if (more.retry_after_seconds !== undefined) c.header("Retry-After", String(more.retry_after_seconds));
  if (more.allow !== undefined) c.header("Allow", more.allow.join(", "));
  if (code === "UNAUTHORIZED" && c.req.path.startsWith("/v1/")) c.header("WWW-Authenticate", "Bearer");
  return c.json({ error: { code, message, details: more.details ?? {} } }, STATUS_OF[code]);
}
