import { type AlertMessage, MESSAGE_VERSION } from "../contract/messages.ts";
import { chunks } from "../db/bulk.ts";
import { accountsDb } from "../db/databases.ts";
import { listChannels } from "../db/queries/alert-channels.ts";
import { type AlertKey, findAlerts, listNoticesDue, putOffNotice, storeNotices } from "../db/queries/alert-notices.ts";
import type { AlertRow } from "../db/schema/accounts.ts";
import { isForChannel, type NoticeKind, nextNotice } from "../domain/alerts/notices.ts";
import { contentHash } from "../domain/records/version.ts";
import { cut } from "../domain/values/shorten.ts";
import { eachAlone } from "../platform/alone.ts";
import { log } from "../platform/log.ts";

/** Alerts of one step: with 20 channels each they make 1,000 messages. */
const ALERTS_A_STEP = 50;
/** Steps of one cron tick, 53 statements each, of the 1,000 that an invocation has. The next tick does the rest. */
const STEPS_A_TICK = 10;
/** A batch may have 256 KB; a message has at most 4 KB. */
const MESSAGES_AT_ONCE = 50;
const MESSAGE_CHARACTERS = 1_000;
/** Younger alerts are left alone: the caller that raised or resolved them is sending the notice. */
const LEFT_ALONE_MS = 60_000;
/** How many single alerts are sent at once, and how long one may take. */
const ALONE = { at_once: 5, within_ms: 10_000 };
/** A failed alert is tried again a tick later, behind those that have been due for longer. */
const AGAIN_MS = 15 * 60_000;

/**
 * Sends the due notices of these alerts to the retailers' channels. They are sent first and stored afterwards: a crash in
 * between sends a notice twice, under one id, and loses none.
 */
async function notify(env: Env, rows: readonly AlertRow[], now: number): Promise<void> {
  const db = accountsDb(env);
  const due = rows.flatMap((row) => {
    const next = nextNotice(row);
    return next !== null && next.at <= now ? [{ row, kind: next.kind }] : [];
  });
  const retailers = new Set(due.map(({ row }) => row.retailer_id));
  const channels = retailers.size === 0 ? [] : await listChannels(db, retailers);
  const messages = due.flatMap(({ row, kind }) =>
    channels
      .filter(
        (channel) => channel.retailer_id === row.retailer_id && isForChannel(channel, row.rule, kind, row.last_notice),
      )
      .map(({ channel_id }) => ({ body: messageOf(channel_id, row, kind) })),
  );
  for (const batch of chunks(messages, MESSAGES_AT_ONCE)) await env.ALERTS.sendBatch(batch);
  const kinds = new Map(due.map(({ row, kind }) => [row, kind]));
  const sent = rows.map((row) => {
    const kind = kinds.get(row);
    const last_notice = kind === undefined ? row.last_notice : { kind, started_at: row.started_at, at: now };
    return { row, last_notice, next_at: nextNotice({ ...row, last_notice })?.at ?? null };
  });
  await storeNotices(db, sent, now);
}

/** For the caller that has just written the alert. Never throws: cron sends what was not sent. */
export async function notifyNow(env: Env, row: AlertRow, now: number): Promise<void> {
  if (row.notice_at === null || row.notice_at > now) return;
  try {
    await notify(env, [row], now);
  } catch (error) {
    const { location_id, alert_id } = row;
    log("notice_not_sent", { location_id, alert_id, cause: error });
  }
}

/** Cron: repeats the notices of alerts that still fire, and sends those that a crash left out. Never throws. */
export async function notifyDue(env: Env, now: number): Promise<void> {
  const db = accountsDb(env);
  try {
    for (let steps = 0; steps < STEPS_A_TICK; steps++) {
      const due = await listNoticesDue(db, now - LEFT_ALONE_MS, ALERTS_A_STEP);
      const together = await notifyAll(env, due, now);
      // Alone they take four queries each, and an invocation has 1,000.
      if (!together || due.length < ALERTS_A_STEP) return;
    }
  } catch (error) {
    log("notices_not_sent", { cause: error });
  }
}

/** All at once: true. If that fails, each alone, so that one bad alert does not stop the others. */
async function notifyAll(env: Env, due: readonly AlertKey[], now: number): Promise<boolean> {
  const db = accountsDb(env);
  try {
    await notify(env, await findAlerts(db, due), now);
    return true;
  } catch (error) {
    log("notices_not_sent", { count: due.length, cause: error });
    const one = async (key: AlertKey) => notify(env, await findAlerts(db, [key]), now);
    await eachAlone(due, ALONE, one, async (key, reason) => {
      log("notice_not_sent", { ...key, cause: reason });
      await putOffNotice(db, key, now + AGAIN_MS);
    });
    return false;
  }
}

function messageOf(channel_id: string, row: AlertRow, kind: NoticeKind): AlertMessage {
  const { alert_id, location_id, rule, severity, started_at, resolved_at, last_notice } = row;
  return {
    v: MESSAGE_VERSION,
    channel_id,
    notice: {
      // Made from the alert and its last notice: sending the same notice again gives the same id.
      notice_id: `ntc_${contentHash([location_id, alert_id, started_at, kind, last_notice?.at ?? 0])}`,
      kind,
      alert_id,
      location_id,
      rule,
      severity,
      message: cut(row.message, MESSAGE_CHARACTERS),
      started_at,
      resolved_at,
    },
  };
}
