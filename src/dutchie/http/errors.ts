import { MAX_ERROR_BYTES } from "../../domain/bounds.ts";
import type { DutchieError, DutchieErrorCode } from "../../domain/runs/failure.ts";

/** What to do about each kind of failure: the guide's troubleshooting, one sentence or two. */
export const HINTS: Record<DutchieErrorCode, string> = {
  ECONNREFUSED:
    "Check the endpoint's host and port, that no firewall stands in between, and Dutchie's status page for an outage.",
  ENOTFOUND:
    "Check the endpoint for a typing error: its host name is unknown to DNS. Dutchie's is api.pos.dutchie.com.",
  TLS: "Check that the endpoint starts with https:// and names the host its certificate is made for, and that the certificate has not expired.",
  TIMEOUT:
    "Try again in a few minutes; if it stays, look at Dutchie's status page and check that no firewall swallows the request.",
  UNAUTHORIZED:
    "Check the API key: copied whole, not expired or revoked, and issued for this location. Some keys also need the integrator key.",
  FORBIDDEN: "Ask Dutchie's support to give this API key the missing role.",
  WRONG_LOCATION: "Use the API key of this very location (a key stands for one location), or correct the location id.",
  NOT_DUTCHIE:
    "Check the endpoint: it must be the base address of Dutchie's API (https://api.pos.dutchie.com), without a page's path behind it. If it worked before, Dutchie may be closed for maintenance: the sync tries again by itself.",
  RATE_LIMITED:
    "Nothing to do: the sync waits and goes on. If it happens often, another program is using the same API key.",
  UPSTREAM_5XX: "Dutchie has a problem of its own: look at its status page. The sync tries again by itself.",
  NOT_WRITABLE:
    "This endpoint cannot be written. Change the field in Dutchie, or leave it to Dutchie in the store's settings.",
  REJECTED: "Correct the value as Dutchie's message says and edit it again, or make the change in Dutchie.",
  TOO_LARGE:
    "Nothing was ended by it, and the sync tries again later. A store's list does end: ask Dutchie's support, or whoever runs the endpoint, why this one does not.",
  BAD_RESPONSE: "Nothing was changed. The sync reads again; if it stays, report the message to Dutchie's support.",
};

/** A failure as a value, with the hint of its code unless a better one is known. Both texts are cut: they may quote an answer. */
export function dutchieError(
  code: DutchieErrorCode,
  message: string,
  more: { hint?: string; retry_after_ms?: number } = {},
): DutchieError {
  const error: DutchieError = { code, message: cut(message), hint: cut(more.hint ?? HINTS[code]) };
  if (more.retry_after_ms !== undefined) error.retry_after_ms = more.retry_after_ms;
  return error;
}

/** To MAX_ERROR_BYTES; no character is cut in two. */
function cut(text: string): string {
  if (text.length <= MAX_ERROR_BYTES / 3) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_ERROR_BYTES)).read);
}

/**
 * Thrown out of the middle of a read. An exception, not a value, on purpose: rows were handed out already, and a reader
 * who forgets to look must not take a broken read for a complete one (absence would then count as "sold out").
 */
export class DutchieReadError extends Error {
  override readonly name = "DutchieReadError";
  readonly error: DutchieError;
  /** The page that broke, to go on from there (`read(resource, { page })`); null: the first, or no pages at all. */
  readonly page: string | null;

  constructor(error: DutchieError, page: string | null = null) {
    super(`${error.code}: ${error.message}`);
    this.error = error;
    this.page = page;
  }
}
