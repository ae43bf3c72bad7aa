import { EVALUATED_RULES } from "./rules.ts";

/** Which notice of an alert is due: one when it begins to fire, repeats while it fires, one when it is resolved. */

export type NoticeKind = "fired" | "repeated" | "resolved";

/** The last notice that was sent; times in ms. */
export interface LastNotice {
  kind: NoticeKind;
  /** When the alert that it was about began to fire. */
  started_at: number;
  at: number;
}

export interface NoticeFacts {
  rule: string;
  state: "firing" | "resolved";
  started_at: number;
  resolved_at: number | null;
  acknowledged_at: number | null;
  last_notice: LastNotice | null;
}

export interface NextNotice {
  kind: NoticeKind;
  /** When it is due, ms. */
  at: number;
}

/** How often people are notified again of a firing alert that nobody has acknowledged. */
export const REPEAT_MS = 6 * 60 * 60_000;

/**
 * How long nobody is notified again of an alert that ended by itself: if it comes and goes, each notice would say the opposite of
 * the one before. One that still fires after that has its notice then; the status and the inbox show it at once.
 */
export const CALM_MS = 60 * 60_000;
const ENDS_BY_ITSELF: ReadonlySet<string> = new Set(EVALUATED_RULES);

/**
 * The next notice and when it is due; null: none while the alert stays as it is. The end of an alert has a notice only if
 * its beginning had one. An acknowledged alert has no reminders: a person is working on it.
 */
export function nextNotice({
  rule,
  state,
  started_at,
  resolved_at,
  acknowledged_at,
  last_notice,
}: NoticeFacts): NextNotice | null {
  const isNotified = last_notice !== null && last_notice.started_at === started_at && last_notice.kind !== "resolved";
  if (state === "resolved") return isNotified ? { kind: "resolved", at: resolved_at ?? started_at } : null;
  if (!isNotified) {
    const isCalm = last_notice?.kind === "resolved" && ENDS_BY_ITSELF.has(rule);
    // An end that seems to come later is from before our clock was set back.
    const calm_from = isCalm ? Math.min(last_notice.at, started_at) : -Infinity;
    return { kind: "fired", at: Math.max(started_at, calm_from + CALM_MS) };
  }
  return acknowledged_at === null ? { kind: "repeated", at: last_notice.at + REPEAT_MS } : null;
}

export interface ChannelChoice {
  enabled: boolean;
  /** The rules whose notices it gets; null: all. */
  rules: readonly string[] | null;
  created_at: number;
}

/** Whether a channel receives this notice. A channel that was added after the last notice does not receive the alert's end. */
export function isForChannel(
  channel: ChannelChoice,
  rule: string,
  kind: NoticeKind,
  last_notice: LastNotice | null,
): boolean {
  if (!channel.enabled || (channel.rules !== null && !channel.rules.includes(rule))) return false;
  return kind !== "resolved" || (last_notice !== null && channel.created_at <= last_notice.at);
}

/** A queue hands over within seconds, in the order in which it was filled. What comes later may come in any order. */
export const PROMPT_MS = 60_000;

/** Whether a notice comes in its order, `age_ms` after it was sent: it is told, though the alert may have ended since. */
export const isPrompt = (attempt: number, age_ms: number): boolean => attempt === 1 && age_ms < PROMPT_MS;

/**
 * Whether a notice that comes late is still true. The beginning of an alert must not arrive after its end, nor its end after the
 * next beginning. While that next one is not told, the end still is: else, if the next one ends untold, the receiver believes for
 * ever that the first fires.
 */
export function isStillTrue(
  { kind, started_at }: { kind: NoticeKind; started_at: number },
  alert: Pick<NoticeFacts, "state" | "started_at" | "last_notice"> | null,
): boolean {
  if (alert === null) return false;
  const { state, last_notice } = alert;
  if (kind === "resolved" && last_notice?.kind === "resolved" && last_notice.started_at === started_at) return true;
  return alert.started_at === started_at && (state === "resolved") === (kind === "resolved");
}
