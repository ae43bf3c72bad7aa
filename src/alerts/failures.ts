import type { Delivery } from "./delivery.ts";
import type { Posted } from "./post.ts";

/** Why a notice did not arrive, and what to do. Messages name the host and never the address: it may be a credential. */

/** The 4xx answers that pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** What Slack answers when it refuses a message (its page on incoming webhooks). */
const SLACK_WORDS: ReadonlySet<string> = new Set([
  "action_prohibited",
  "channel_is_archived",
  "channel_not_found",
  "invalid_payload",
  "invalid_token",
  "no_active_hooks",
  "no_service",
  "no_service_id",
  "no_team",
  "no_text",
  "posting_to_general_channel_denied",
  "team_disabled",
  "too_many_attachments",
  "user_not_found",
]);

export function postFailure(host: string, { status, retry_after_ms, text }: Posted): Delivery {
  const fail = failure(retry_after_ms);
  if (status === 429)
    return fail("RATE_LIMITED", `${host} gets too many messages (429).`, "Nothing to do: ReUp sends it again.");
  if (status >= 500) {
    return fail("UPSTREAM_5XX", `${host} had a problem (${status}).`, "ReUp sends it again. Check the receiver.");
  }
  if (status >= 300 && status < 400) {
    return fail("REDIRECT", `${host} redirects (${status}).`, "Enter the address that it redirects to.", true);
  }
  // Only words we know are shown, and none of a 401 or 403: the answer may repeat the address or the secret.
  const word = SLACK_WORDS.has(text) && status !== 401 && status !== 403 ? `: ${text}` : "";
  const hint =
    status === 404 || status === 410
      ? "The address no longer exists. Enter a new one."
      : "The receiver did not accept the message. Check its log, and that it has this channel's secret.";
  return fail("REFUSED", `${host} refused the message (${status}${word}).`, hint, !PASSING.has(status));
}

export function thrownFailure(host: string, error: unknown): Delivery {
  const fail = failure(null);
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return fail(
      "TIMEOUT",
      `${host} did not answer within 10 seconds.`,
      "Let the receiver answer at once and do its work afterwards.",
    );
  }
  return fail(
    "UNREACHABLE",
    `${host} cannot be reached.`,
    "Check the host name, and that no firewall blocks the connection.",
  );
}

/** Codes of Cloudflare's mail service for a final refusal. */
const FINAL_MAIL = /^E_(VALIDATION|FIELD|TOO_MANY|CONTENT|SENDER|RECIPIENT)/;

export function emailFailure(error: unknown): Delivery {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  // Only codes: a message may repeat the address.
  const known = /^E_[A-Z_]{1,60}$/.test(code) ? ` (${code})` : "";
  const hint = code.startsWith("E_RECIPIENT")
    ? "Check the address. Cloudflare may need it to be verified first."
    : "Ask whoever runs the Worker to check Cloudflare's e-mail service and ALERT_EMAIL_FROM.";
  return failure(null)("NOT_SENT", `The e-mail was not sent${known}.`, hint, FINAL_MAIL.test(code));
}

const failure =
  (retry_after_ms: number | null) =>
  (code: string, message: string, hint: string, final = false): Delivery => ({
    ok: false,
    error: { code, message, hint },
    final,
    retry_after_ms,
  });
