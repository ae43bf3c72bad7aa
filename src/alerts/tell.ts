import type { AlertMessage } from "../contract/messages.ts";
import { chunks } from "../db/bulk.ts";
import { accountsDb } from "../db/databases.ts";
import { listChannels } from "../db/queries/alert-channels.ts";
import { type AlertKey, findAlerts, listNoticesDue, putOffNotice, settleNotices } from "../db/queries/alert-notices.ts";
import type { AlertRow } from "../db/schema.ts";
import { isForChannel, type NoticeKind, nextNotice } from "../domain/alerts/notices.ts";
import { contentHash } from "../domain/records/version.ts";
import { eachAlone } from "../platform/alone.ts";
import { log } from "../platform/log.ts";

/** Alerts of one step: with 20 channels each they make 1,000 messages. */
const ALERTS_A_STEP = 50;
/** Steps of one cron tick; what is left over is the next tick's. */
const STEPS_A_TICK = 20;
/** A batch may have 256 KB; a message has at most 4 KB. */
const MESSAGES_AT_ONCE = 50;
const MESSAGE_CHARACTERS = 1_000;
/** What is younger is being told by whoever raised or resolved it. */
const LEFT_ALONE_MS = 60_000;
/** Alerts that are told each alone at once, and how long one may take. */
const ALONE = { at_once: 5, within_ms: 10_000 };
/** One that failed is looked at again a tick later, behind those that are due longer by then. */
const AGAIN_MS = 15 * 60_000;

/**
 * Tells the retailers' channels of these alerts what is due. Sent first and kept after: a crash in between tells twice,
 * under one notice id, and never not at all.
 */
async function tell(env: Env, rows: readonly AlertRow[], now: number): Promise<void> {
  const db = accountsDb(env);
  const due = rows.flatMap((row) => {
    const next = nextNotice(row);
    return next !== null && next.at <= now ? [{ row, kind: next.kind }] : [];
  });
  const retailers = new Set(due.map(({ row }) => row.retailer_id));
  const channels = retailers.size === 0 ? [] : await listChannels(db, retailers);
  const messages = due.flatMap(({ row, kind }) =>
    channels
      .filter((channel) => channel.retailer_id === row.retailer_id && isForChannel(channel, row.rule, kind, row.told))
      .map(({ channel_id }) => ({ body: messageOf(channel_id, row, kind) })),
  );
  for (const batch of chunks(messages, MESSAGES_AT_ONCE)) await env.ALERTS.sendBatch(batch);
  const kinds = new Map(due.map(({ row, kind }) => [row, kind]));
  const settled = rows.map((row) => {
    const kind = kinds.get(row);
    const told = kind === undefined ? row.told : { kind, started_at: row.started_at, at: now };
    return { row, told, next_at: nextNotice({ ...row, told })?.at ?? null };
  });
  await settleNotices(db, settled, now);
}

/** For whoever has just written the alert. Never fails its caller: cron tells what was left untold. */
export async function tellNow(env: Env, row: AlertRow, now: number): Promise<void> {
  if (row.notice_at === null || row.notice_at > now) return;
  try {
    await tell(env, [row], now);
  } catch (error) {
    const { location_id, alert_id } = row;
    log("alert_not_told", { location_id, alert_id, cause: error });
  }
}

/** Cron: repeats what goes on, and tells what a crash left untold. Never throws. */
export async function tellDue(env: Env, now: number): Promise<void> {
  const db = accountsDb(env);
  try {
    for (let steps = 0; steps < STEPS_A_TICK; steps++) {
      const due = await listNoticesDue(db, now - LEFT_ALONE_MS, ALERTS_A_STEP);
      await tellAll(env, due, now);
      if (due.length < ALERTS_A_STEP) return;
    }
  } catch (error) {
    log("alerts_not_told", { cause: error });
  }
}

/** All at once, or, where that fails, each alone: one alert that cannot be told keeps no other from being told. */
async function tellAll(env: Env, due: readonly AlertKey[], now: number): Promise<void> {
  const db = accountsDb(env);
  try {
    await tell(env, await findAlerts(db, due), now);
  } catch (error) {
    log("alerts_not_told", { count: due.length, cause: error });
    const one = async (key: AlertKey) => tell(env, await findAlerts(db, [key]), now);
    await eachAlone(due, ALONE, one, async (key, reason) => {
      log("alert_not_told", { ...key, cause: reason });
      await putOffNotice(db, key, now + AGAIN_MS);
    });
  }
}

function messageOf(channel_id: string, row: AlertRow, kind: NoticeKind): AlertMessage {
  const { alert_id, location_id, rule, severity, started_at, resolved_at, told } = row;
  return {
    channel_id,
    notice: {
      // Of the alert and what was told before: whoever tells the same again gives it the same id.
      notice_id: `ntc_${contentHash([location_id, alert_id, started_at, kind, told?.at ?? 0])}`,
      kind,
      alert_id,
      location_id,
      rule,
      severity,
      message: row.message.slice(0, MESSAGE_CHARACTERS),
      started_at,
      resolved_at,
    },
  };
}
