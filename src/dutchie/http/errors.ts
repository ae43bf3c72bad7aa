import { MAX_ERROR_BYTES } from "../../domain/bounds.ts";
import type { ReadBefore } from "../../domain/limits/read-limits.ts";
import type { DutchieError, DutchieErrorCode } from "../../domain/runs/failure.ts";

/** What to do about each kind of failure, after the guide's troubleshooting, in one sentence or two. */
export const HINTS: Record<DutchieErrorCode, string> = {
  ECONNREFUSED:
    "Check the endpoint's host and port. Check that no firewall blocks the connection, and check Dutchie's status page for an outage.",
  ENOTFOUND: "Check the endpoint for a typing error: no such host exists. Dutchie's host is api.pos.dutchie.com.",
  TLS: "Check that the endpoint starts with https://, that its certificate is for this host, and that the certificate has not expired.",
  TIMEOUT:
    "Try again in a few minutes. If it happens again, check Dutchie's status page, and check that no firewall drops the request.",
  UNAUTHORIZED:
    "Check that the API key is complete, not expired or revoked, and issued for this location. Some keys also need the integrator key.",
  FORBIDDEN: "Ask Dutchie's support to give this API key the missing role.",
  WRONG_LOCATION: "Use the API key of this location (each key belongs to one location), or correct the location id.",
  NOT_DUTCHIE:
    "Check the endpoint: it must be the base address of Dutchie's API (https://api.pos.dutchie.com), without the path of a page. If it worked before, Dutchie may be under maintenance: the sync tries again by itself.",
  RATE_LIMITED:
    "Nothing to do: the sync waits and continues. If it happens often, another program may be using the same API key.",
  UPSTREAM_5XX: "Dutchie has a problem. Check its status page. The sync tries again by itself.",
  NOT_WRITABLE:
    "Dutchie does not accept changes here. Change the field in Dutchie, or let Dutchie decide the field in the store's settings.",
  REJECTED: "Correct the value as Dutchie's message says and save it again, or make the change in Dutchie.",
  TOO_LARGE:
    "ReUp set no stock to zero, and the sync tries again later. No store has a list of this size: ask Dutchie's support, or whoever runs the endpoint, why this list does not end.",
  BAD_RESPONSE:
    "ReUp set no stock to zero, and the sync tries again by itself. If it happens again, report this message to Dutchie's support.",
};

/** A failure as a value, with its code's hint unless a better one is given. Both texts are cut: they may quote an answer. */
export function dutchieError(
  code: DutchieErrorCode,
  message: string,
  more: { hint?: string; retry_after_ms?: number } = {},
): DutchieError {
  const error: DutchieError = { code, message: cut(message), hint: cut(more.hint ?? HINTS[code]) };
  if (more.retry_after_ms !== undefined) error.retry_after_ms = more.retry_after_ms;
  return error;
}

/** Cuts to MAX_ERROR_BYTES, between characters. */
function cut(text: string): string {
  if (text.length <= MAX_ERROR_BYTES / 3) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_ERROR_BYTES)).read);
}

/**
 * Thrown in the middle of a read. It is an exception, not a value, because rows were handed out already: a caller that
 * forgets to check must not treat a broken read as complete (absence would count as "sold out").
 */
export class DutchieReadError extends Error {
  override readonly name = "DutchieReadError";
  readonly error: DutchieError;
  /** The page that failed, to continue there (`read(resource, { page })`); null: the first page, or a list without pages. */
  readonly page: string | null;
  /** What came before that page; null: unknown. */
  readonly before: ReadBefore | null;

  constructor(error: DutchieError, page: string | null = null, before: ReadBefore | null = null) {
    super(`${error.code}: ${error.message}`);
    this.error = error;
    this.page = page;
    this.before = before;
  }
}
