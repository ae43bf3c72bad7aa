import type { ChannelKind } from "../contract/http/alert-channels.ts";
import type { ProblemJson } from "../contract/http/common.ts";
import { endpointRules, parseConfig } from "../env.ts";
import { hasConsent } from "./consent.ts";
import type { Delivery } from "./delivery.ts";
import { emailOf } from "./email.ts";
import { emailFailure, postFailure, thrownFailure } from "./failures.ts";
import type { Notice } from "./notice.ts";
import { type Ask, post } from "./post.ts";
import type { ChannelSecrets } from "./sealed.ts";
import { slackRequest } from "./slack.ts";
import { checkTarget } from "./target.ts";
import { webhookRequest } from "./webhook.ts";

/** Sends one notice to one channel, once. A failure is an answer; nothing is thrown. */
export async function deliver(
  env: Env,
  channel: { kind: ChannelKind; retailer_id: string } & ChannelSecrets,
  notice: Notice,
  now: number,
): Promise<Delivery> {
  const { kind, retailer_id, target, secret } = channel;
  // Checked again: what was allowed in development may have been carried over with the database.
  const checked = checkTarget(kind, target, endpointRules(parseConfig(env)));
  if (!checked.ok) return refused({ code: "BAD_TARGET", message: checked.reason, hint: "Enter another target." });
  if (kind === "email") return mail(env, retailer_id, notice, checked.target);
  if (kind === "slack") return send(slackRequest(notice, checked.target));
  if (secret === null) throw new Error("A webhook channel has no secret");
  return send(await webhookRequest(notice, checked.target, secret, now));
}

/** One POST to a receiver, as an answer. */
export async function send(ask: Ask): Promise<Delivery> {
  const { host } = new URL(ask.url);
  try {
    const posted = await post(ask);
    if (posted.status >= 200 && posted.status < 300) return { ok: true };
    return postFailure(host, posted);
  } catch (error) {
    return thrownFailure(host, error);
  }
}

async function mail(env: Env, retailer_id: string, notice: Notice, to: string): Promise<Delivery> {
  const from = parseConfig(env).alert_email_from;
  if (from === null || env.EMAIL === undefined) {
    const message = "E-mail is not set up on this server.";
    const hint = "Set ALERT_EMAIL_FROM and the EMAIL binding on the Worker, or use a webhook or Slack.";
    return refused({ code: "NOT_SET_UP", message, hint });
  }
  if (!(await hasConsent(env, retailer_id, to))) {
    const message = "The recipient has not agreed yet to get alerts at this address.";
    const hint = "The link is in the mail to that address. If the mail is lost or too old, send it again.";
    return refused({ code: "NOT_CONFIRMED", message, hint });
  }
  try {
    await env.EMAIL.send(emailOf(notice, from, to));
    return { ok: true };
  } catch (error) {
    return emailFailure(error);
  }
}

const refused = (error: ProblemJson): Delivery => ({ ok: false, error, final: true, retry_after_ms: null });
