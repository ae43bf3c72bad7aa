import { MAX_QUOTE } from "../../domain/bounds.ts";
import { retryAfterMs } from "../../domain/limits/wait.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { withoutContacts } from "./contacts.ts";
import { dutchieError } from "./errors.ts";

/** The request behind an answer: messages name its path and role. */
export interface RequestContext {
  path: string;
  /** The role that this endpoint needs; null: any key may use it. */
  role: string | null;
  now: number;
  /** A write has codes of its own: "cannot be written" is not "failed". */
  isWrite: boolean;
  /** Whether a text contains a secret that was sent. Such a text is not quoted. */
  containsSecret(text: string): boolean;
}

// Cloudflare answers with these when the server behind it failed. 530 has an error number 1xxx in its body.
const ORIGIN_FAILURES: Record<number, (path: string) => DutchieError> = {
  520: () => dutchieError("ECONNREFUSED", "The endpoint dropped the connection or sent an empty answer (520)"),
  521: () => dutchieError("ECONNREFUSED", "The endpoint refused the connection (521)"),
  522: () => dutchieError("TIMEOUT", "The endpoint did not accept the connection in time (522)"),
  523: () => dutchieError("ECONNREFUSED", "The endpoint cannot be reached: no route to it (523)"),
  524: () => dutchieError("TIMEOUT", "The endpoint did not answer in time (524)"),
  525: () => dutchieError("TLS", "The TLS handshake with the endpoint failed (525)"),
  526: () => dutchieError("TLS", "The endpoint's certificate is not valid (526)"),
};

const KEY_WITHOUT_LOCATION =
  "Dutchie answers so for a key without a location: ask its support to attach the key to this location. The sync tries again by itself.";

/** The failure behind an answer that is not a 2xx. `body`: the first few KB of its text, in any form. */
export function classifyResponse(status: number, headers: Headers, body: string, asked: RequestContext): DutchieError {
  const quote = quoteOf(body, asked);
  const origin = ORIGIN_FAILURES[status];
  if (origin) return origin(asked.path);

  // A server that refuses a key is the likeliest to repeat it: 401 and 403 are not quoted.
  if (status === 401) {
    return dutchieError("UNAUTHORIZED", `Dutchie does not accept the API key (401 on ${asked.path})`);
  }
  if (status === 403) return forbidden(headers, body, asked);
  if (asked.isWrite && (status === 404 || status === 405 || status === 501)) {
    return dutchieError("NOT_WRITABLE", `${asked.path} cannot be written at this endpoint (${status})${quote}`);
  }
  if (asked.isWrite && (status === 400 || status === 409 || status === 422)) {
    return dutchieError("REJECTED", `Dutchie refused the value (${status} on ${asked.path})${quote}`);
  }
  if (status === 404) {
    // Dutchie's answer for a key without a location, as after a store was moved.
    const hint = asked.path === "/whoami" ? { hint: KEY_WITHOUT_LOCATION } : {};
    return dutchieError("NOT_DUTCHIE", `There is no ${asked.path} at this endpoint (404)${quote}`, hint);
  }
  if (status === 429) {
    const retry = retryAfterMs(headers.get("retry-after"), asked.now);
    return dutchieError(
      "RATE_LIMITED",
      `Too many requests to ${asked.path} (429)${quote}`,
      retry === null ? {} : { retry_after_ms: retry },
    );
  }
  if (status === 408) return dutchieError("TIMEOUT", `${asked.path} timed out (408)${quote}`);
  if (status === 530) return originError530(body);
  if (status < 200 || status === 204 || status === 304)
    return dutchieError("BAD_RESPONSE", `${asked.path} answered without any content (${status})`);
  if (status >= 300 && status < 400) return redirected(status, headers.get("location"), asked);
  if (status >= 500) return dutchieError("UPSTREAM_5XX", `Dutchie failed to answer ${asked.path} (${status})${quote}`);
  const hint = asked.isWrite
    ? { hint: "ReUp sends the edit again. If Dutchie keeps refusing it, make the change in Dutchie." }
    : {};
  return dutchieError("BAD_RESPONSE", `Dutchie refused the request to ${asked.path} (${status})${quote}`, hint);
}

/** The answer's own words, after a colon. Not quoted if they contain a secret. */
function quoteOf(body: string, { containsSecret }: RequestContext): string {
  const said = messageIn(body);
  if (said === "") return "";
  // Checked before it is cut: afterwards half a key at the end would not be found.
  if (containsSecret(said)) return ": its answer repeats the API key, so it is not shown";
  const quote = withoutContacts(said);
  return `: ${quote.length > MAX_QUOTE ? `${quote.slice(0, MAX_QUOTE)}…` : quote}`;
}

const FIREWALL_HINT =
  "The key's roles are not the cause. Ask Dutchie's support to let this integration through its firewall. Also check that the endpoint is the API's and not the back office's.";

/** Whether a FORBIDDEN came from the firewall, which never checks the key; otherwise the key lacks a role. */
export function isFirewall(error: DutchieError): boolean {
  return error.firewall === true;
}

function forbidden(headers: Headers, body: string, asked: RequestContext): DutchieError {
  if (isHtml(headers, body) || headers.has("cf-mitigated")) {
    const message = `A firewall in front of Dutchie blocked the request to ${asked.path} (403)`;
    return { ...dutchieError("FORBIDDEN", message, { hint: FIREWALL_HINT }), firewall: true };
  }
  const role = asked.role === null ? "access to this location" : `the role "${asked.role}"`;
  return dutchieError("FORBIDDEN", `The API key lacks ${role}, needed for ${asked.path} (403)`, {
    hint: `Ask Dutchie's support to give this API key ${role}.`,
  });
}

function originError530(body: string): DutchieError {
  if (/\b1016\b|origin dns/i.test(body)) return dutchieError("ENOTFOUND", "The endpoint's host is unknown (530, 1016)");
  if (/\b1033\b/.test(body)) return dutchieError("ECONNREFUSED", "The endpoint's tunnel is down (530, 1033)");
  return dutchieError("ENOTFOUND", "The endpoint's host could not be resolved (530)");
}

function redirected(status: number, location: string | null, { path, containsSecret }: RequestContext): DutchieError {
  // Only the host is shown: path and query may contain tokens.
  const host = location !== null && URL.canParse(location) ? new URL(location).host.slice(0, MAX_QUOTE) : "";
  const target = host === "" || containsSecret(host) ? "" : ` to ${host}`;
  return dutchieError("NOT_DUTCHIE", `${path} redirects${target} (${status}), and ReUp does not follow redirects`, {
    hint: "Enter the API's own address (https, the exact host). ReUp never sends the key to another address.",
  });
}

export function isHtml(headers: Headers, body: string): boolean {
  return /text\/html|application\/xhtml/i.test(headers.get("content-type") ?? "") || /^\s*<(!doctype|html)/i.test(body);
}

/**
 * The message in an error body, on one line. Dutchie sends several shapes, in any casing: `{message, propertyErrors}`, `{Message, TraceId}`,
 * `{isValid, errors: [{errorMessage}]}`, a JSON string, plain text, nothing.
 */
export function messageIn(body: string): string {
  const text = body.trim();
  if (text === "" || text.startsWith("<")) return "";
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // Plain text, or JSON that we cut: use it as it is.
  }
  const parts = typeof value === "object" && value !== null ? gather(value, 0) : [String(value)];
  return parts.join("; ").replace(/\s+/g, " ").trim();
}

function gather(value: object, depth: number): string[] {
  if (depth > 3) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === "object" && inner !== null) return gather(inner, depth + 1);
    const isMessage = /message|error|detail|title|^\d+$/i.test(key);
    return isMessage && typeof inner === "string" && inner !== "" ? [inner] : [];
  });
}
