import type { DutchieError, DutchieErrorCode } from "../../domain/runs/failure.ts";
import { dutchieError } from "./errors.ts";

/** When the request failed: before the answer arrived, or in the middle of its body. */
export type Phase = "request" | "body";

// Node's codes (libuv, OpenSSL, undici). Node puts them in `cause`, or in the `errors` of an AggregateError when it tried IPv4 and IPv6.
const PATTERNS: [RegExp, DutchieErrorCode][] = [
  [/\b(ENOTFOUND|EAI_AGAIN|EAI_NODATA)\b|DNS|name or service not known|lookup address/i, "ENOTFOUND"],
  [/\b(CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)\b/i, "TLS"],
  [/certificate|\b(TLS|SSL)\b/i, "TLS"],
  [/\b(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w+_TIMEOUT|TimeoutError|AbortError)\b|timed? ?out|timeout/i, "TIMEOUT"],
  [/\b(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_SOCKET)\b/i, "ECONNREFUSED"],
  [/refused|network connection lost|other side closed|socket hang up/i, "ECONNREFUSED"],
];

/**
 * The failure behind an error that `fetch` or a body's reader threw, in Node and in workerd. The local workerd says little:
 * a refused connection is "Network connection lost."; an unknown host and a bad certificate are both "internal error;
 * reference = …" (tried). In production they arrive as answers 520 to 530 instead.
 */
export function classifyThrown(error: unknown, context: { url: string; phase?: Phase }): DutchieError {
  const host = hostOf(context.url);
  const text = describe(error).join(" ");
  const code = PATTERNS.find(([pattern]) => pattern.test(text))?.[1];

  if (context.phase === "body" && code !== "TIMEOUT") {
    return dutchieError("BAD_RESPONSE", `The connection to ${host} broke in the middle of the answer`);
  }
  switch (code) {
    case "TIMEOUT":
      return dutchieError("TIMEOUT", `${host} did not answer in time`);
    case "TLS":
      return dutchieError("TLS", `No secure connection to ${host}: its certificate or TLS version was not accepted`);
    case "ENOTFOUND":
      return dutchieError("ENOTFOUND", `The host ${host} is unknown`);
    case "ECONNREFUSED":
      return dutchieError("ECONNREFUSED", `${host} refused or dropped the connection`);
    default:
      return unnamed(text, host, context.url);
  }
}

function unnamed(text: string, host: string, url: string): DutchieError {
  if (/internal error; reference/i.test(text)) {
    // An address needs no DNS, so the cause is TLS.
    const isAddress = /^(\d+\.){3}\d+(:\d+)?$|^\[/.test(host);
    if (isAddress && url.startsWith("https:")) {
      return dutchieError("TLS", `No secure connection to ${host}: its certificate or TLS version was not accepted`);
    }
    return dutchieError("ENOTFOUND", `The host ${host} is unknown, or its certificate was not accepted`);
  }
  return dutchieError("ECONNREFUSED", `No connection to ${host}`);
}

/** Names, codes and messages of an error and its causes. The depth is bounded: causes may form a circle. */
function describe(error: unknown, depth = 0): string[] {
  if (depth > 4 || error === null || error === undefined) return [];
  if (typeof error !== "object") return [String(error)];
  const { name, message, code, cause, errors } = error as Record<string, unknown>;
  const own = [name, code, message].filter((part) => typeof part === "string");
  const inner = Array.isArray(errors) ? errors.slice(0, 4).flatMap((each) => describe(each, depth + 1)) : [];
  return [...own, ...describe(cause, depth + 1), ...inner];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the endpoint";
}
