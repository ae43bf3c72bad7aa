/** Which notice of an alert is due: one when it begins, one now and then while it goes on, one when it is over. */

export type NoticeKind = "fired" | "repeated" | "resolved";

/** The last notice that was sent on its way; times in ms. */
export interface LastNotice {
  kind: NoticeKind;
  /** The beginning of the firing that it was about. */
  started_at: number;
  at: number;
}

export interface NoticeFacts {
  state: "firing" | "resolved";
  started_at: number;
  resolved_at: number | null;
  acknowledged_at: number | null;
  told: LastNotice | null;
}

export interface NextNotice {
  kind: NoticeKind;
  /** When it is due, ms. */
  at: number;
}

/** A firing alert that nobody has acknowledged is told of again so often. */
export const REPEAT_MS = 6 * 60 * 60_000;

/**
 * The next notice and when it is due; null: none while the alert stays as it is. A recovery is told only to whom the
 * beginning was told, and an acknowledged alert is not repeated: somebody looks into it.
 */
export function nextNotice({ state, started_at, resolved_at, acknowledged_at, told }: NoticeFacts): NextNotice | null {
  const isToldOf = told !== null && told.started_at === started_at && told.kind !== "resolved";
  if (state === "resolved") return isToldOf ? { kind: "resolved", at: resolved_at ?? started_at } : null;
  if (!isToldOf) return { kind: "fired", at: started_at };
  return acknowledged_at === null ? { kind: "repeated", at: told.at + REPEAT_MS } : null;
}

export interface ChannelChoice {
  enabled: boolean;
  /** The rules it hears of; null: all. */
  rules: readonly string[] | null;
  created_at: number;
}

/** Does a channel hear of this notice? A recovery says nothing to one that came after the alert was last told. */
export function isForChannel(channel: ChannelChoice, rule: string, kind: NoticeKind, told: LastNotice | null): boolean {
  if (!channel.enabled || (channel.rules !== null && !channel.rules.includes(rule))) return false;
  return kind !== "resolved" || (told !== null && channel.created_at <= told.at);
}

/**
 * Does a notice that could not be delivered at once still say how things are? A late beginning must not come after its own
 * end, nor a late end after the next beginning.
 */
export function isStillTrue(
  notice: { kind: NoticeKind; started_at: number },
  alert: Pick<NoticeFacts, "state" | "started_at"> | null,
): boolean {
  if (alert === null || alert.started_at !== notice.started_at) return false;
  return (alert.state === "resolved") === (notice.kind === "resolved");
}
