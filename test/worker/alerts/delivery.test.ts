import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { notifyDue } from "../../../src/alerts/notify.ts";
import type { SavedAlertChannel } from "../../../src/client/index.ts";
import type { AlertMessage } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { listNoticesDue } from "../../../src/db/queries/alert-notices.ts";
import { alertChannels, alerts, deadLetters, type LocationRow } from "../../../src/db/schema/accounts.ts";
import { retryDelayS } from "../../../src/domain/limits/retries.ts";
import { type Alert, raiseAlert, resolveAlert } from "../../../src/location/status/alerts.ts";
import { call, envWith, seedStore, token } from "../api/support.ts";
import { failingOnce } from "../faults/support.ts";
import { channelRow, consented, consume, isSignedWith, receivers, saveChannels, takenQueue } from "./support.ts";

const db = accountsDb(env);
const NOW = Date.now();
const HOUR = 3_600_000;
const FAILED: Alert = {
  rule: "sync_failed",
  subject: "store",
  severity: "critical",
  message: "The last sync failed: 401",
};
const HOOK = { kind: "webhook", target: "https://hooks.example.com/a", enabled: true } as const;
const SLACK = { kind: "slack", target: "https://hooks.slack.com/services/T/B/x", enabled: true } as const;

let retailers = 0;
let retailer_id = "";
let row: LocationRow;
let queue: AlertMessage[];
let bindings: Env;

beforeEach(async () => {
  await db.delete(alerts);
  retailer_id = `ret_delivery${retailers++}`;
  ({ row } = await seedStore({ retailer_id }));
  ({ queue, bindings } = takenQueue());
  for (const method of ["warn", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Channels that were there before the alert. */
async function channels(...given: Parameters<typeof saveChannels>[1]): Promise<SavedAlertChannel[]> {
  const saved = await saveChannels(retailer_id, given);
  await db
    .update(alertChannels)
    .set({ created_at: NOW - HOUR })
    .where(eq(alertChannels.retailer_id, retailer_id));
  return saved;
}

const raise = (at = NOW, given = bindings, alert = FAILED) => raiseAlert({ env: given, location: row, now: at }, alert);
const resolve = (at: number, given = bindings) => resolveAlert({ env: given, location: row, now: at }, FAILED);
const sent = () => queue.splice(0).map(({ channel_id, notice }) => [channel_id, notice.kind]);
const alertRow = async () => (await db.select().from(alerts).where(eq(alerts.location_id, row.location_id)))[0];
const idOf = (saved: SavedAlertChannel | undefined) => saved?.channel_id ?? "";

describe("the notices of an alert", () => {
  it("an alert notifies each channel when it begins and when it ends, and not in between", async () => {
    const received = receivers({
      "hooks.example.com": () => new Response(),
      "hooks.slack.com": () => new Response("ok"),
    });
    const [hook, slack] = await channels(HOOK, SLACK);
    await raise();
    await raise(NOW + 1_000);
    expect(queue).toHaveLength(2);
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack", "ack"]);
    await resolve(NOW + 60_000);
    await resolve(NOW + 61_000);
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack", "ack"]);

    const hooks = received.filter(({ url }) => url === HOOK.target);
    expect(hooks.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        type: "alert.fired",
        data: {
          location_id: row.location_id,
          location_name: "Main St",
          rule: "sync_failed",
          state: "firing",
          message: FAILED.message,
          started_at: new Date(NOW).toISOString(),
          url: `http://localhost:8787/stores/${row.location_id}`,
        },
      },
      { type: "alert.resolved", data: { state: "resolved", resolved_at: new Date(NOW + 60_000).toISOString() } },
    ]);
    expect(await Promise.all(hooks.map((request) => isSignedWith(hook?.secret, request)))).toEqual([true, true]);
    const texts = received.filter(({ url }) => url === SLACK.target).map(({ body }) => JSON.parse(body).text);
    expect(texts).toEqual([
      "🔴 Alert: sync failed at Main St\nThe last sync failed: 401",
      "✅ Resolved: sync failed at Main St\nThe last sync failed: 401",
    ]);
    for (const saved of [hook, slack]) {
      expect(await channelRow(idOf(saved))).toMatchObject({ last_sent_at: expect.any(Number), failed_at: null });
    }
  });

  it("each notice has an id, so that a receiver can drop a repeat", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    const [message] = queue.splice(0);
    if (message === undefined) throw new Error("No notice was sent");
    await consume([message], bindings, 1);
    await consume([message], bindings, 2);
    await resolve(NOW + 1);
    await consume(queue.splice(0), bindings);
    const [first, again, over] = received.map(({ headers }) => headers.get("webhook-id"));
    expect(first).toMatch(/^ntc_/);
    expect(again).toBe(first);
    expect(over).not.toBe(first);
  });

  it("an alert notifies enabled channels of its rule and retailer; its end goes to those that had its first notice", async () => {
    const [hook] = await channels(
      { ...HOOK, rules: ["sync_failed"] },
      { ...HOOK, rules: ["drift"] },
      { ...HOOK, enabled: false },
    );
    await saveChannels("ret_somebody_else", [HOOK]);
    await raise();
    expect(sent()).toEqual([[idOf(hook), "fired"]]);
    const late = await saveChannels(retailer_id, [HOOK]);
    await db
      .update(alertChannels)
      .set({ created_at: NOW + 1 })
      .where(eq(alertChannels.channel_id, idOf(late[0])));
    await resolve(NOW + 2);
    expect(sent()).toEqual([]);
  });

  it("cron reminds of an alert every six hours until somebody acknowledges it", async () => {
    const [hook] = await channels(HOOK);
    await raise();
    queue.length = 0;
    await notifyDue(bindings, NOW + 5 * HOUR);
    expect(sent()).toEqual([]);
    await notifyDue(bindings, NOW + 6.1 * HOUR);
    await notifyDue(bindings, NOW + 6.2 * HOUR);
    expect(sent()).toEqual([[idOf(hook), "repeated"]]);
    const { alert_id } = (await alertRow()) ?? {};
    const jwt = await token({ retailer_id });
    expect((await call("POST", `/v1/alerts/${alert_id}/acknowledge`, { token: jwt })).status).toBe(200);
    await notifyDue(bindings, NOW + 13 * HOUR);
    expect(sent()).toEqual([]);
    expect((await alertRow())?.notice_at).toBeNull();
    await resolve(NOW + 14 * HOUR);
    expect(sent()).toEqual([[idOf(hook), "resolved"]]);
  });

  it("an alert that fires anew after its end notifies anew", async () => {
    await channels(HOOK);
    await raise();
    await resolve(NOW + 1);
    await raise(NOW + 1 + HOUR);
    expect(sent().map(([, kind]) => kind)).toEqual(["fired", "resolved", "fired"]);
  });

  it("an alert that comes and goes has one notice an hour, and one that stays has its notice then", async () => {
    await channels(HOOK);
    await raise();
    await resolve(NOW + 1);
    for (let at = NOW + 2; at < NOW + 10; at += 2) {
      await raise(at);
      expect(await alertRow()).toMatchObject({ state: "firing", notice_at: NOW + 1 + HOUR });
      await resolve(at + 1);
      expect(await alertRow()).toMatchObject({ state: "resolved", notice_at: null });
    }
    await raise(NOW + 10);
    await notifyDue(bindings, NOW + HOUR);
    expect(sent().map(([, kind]) => kind)).toEqual(["fired", "resolved"]);
    await notifyDue(bindings, NOW + HOUR + 2 * 60_000);
    expect(sent().map(([, kind]) => kind)).toEqual(["fired"]);
    expect(await alertRow()).toMatchObject({ started_at: NOW + 10 });
  });

  it("an alert of a disconnected store ends, and nobody is notified", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    const jwt = await token({ retailer_id });
    expect((await call("DELETE", `/v1/locations/${row.location_id}`, { token: jwt })).status).toBe(204);
    expect(await alertRow()).toMatchObject({ state: "resolved", notice_at: null });
    await notifyDue(bindings, NOW + 7 * HOUR);
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack"]);
    expect(received).toEqual([]);
  });
});

describe("a notice arrives in spite of failures", () => {
  it("cron sends a notice that the queue refused, and raising the alert does not fail", async () => {
    const [hook] = await channels(HOOK);
    const broken = { ...bindings, ALERTS: { sendBatch: () => Promise.reject(new Error("the queue is down")) } };
    await raise(NOW, broken as unknown as Env);
    expect(await alertRow()).toMatchObject({ state: "firing", last_notice: null, notice_at: NOW });
    // The caller that raised it may be about to send the notice.
    await notifyDue(bindings, NOW + 59_000);
    expect(sent()).toEqual([]);
    await notifyDue(bindings, NOW + 61_000);
    await notifyDue(bindings, NOW + 62_000);
    expect(sent()).toEqual([[idOf(hook), "fired"]]);
  });

  it("a notice whose result cannot be stored is sent twice under the same id", async () => {
    await channels(HOOK);
    const { env: broken, reached } = failingOnce(bindings, { at: "before commit", nth: 1 });
    await raise(NOW, broken);
    expect(reached()).toBe(true);
    await notifyDue(bindings, NOW + 61_000);
    expect(queue.map(({ notice }) => notice.notice_id)).toEqual([
      queue[0]?.notice.notice_id,
      queue[0]?.notice.notice_id,
    ]);
  });

  it("an alert that ended before its first notice notifies nobody", async () => {
    await channels(HOOK);
    const broken = { ...bindings, ALERTS: { sendBatch: () => Promise.reject(new Error("the queue is down")) } };
    await raise(NOW, broken as unknown as Env);
    await resolve(NOW + 1);
    await notifyDue(bindings, NOW + 61_000);
    expect(sent()).toEqual([]);
  });

  it("cron sends the last notice if the alert ends during its first", async () => {
    const [hook] = await channels(HOOK);
    const { sendBatch } = bindings.ALERTS;
    const slow = async (messages: never[]) => {
      await resolve(NOW + 5);
      return sendBatch(messages);
    };
    await raise(NOW, { ...bindings, ALERTS: { sendBatch: slow } } as unknown as Env);
    expect(sent()).toEqual([[idOf(hook), "fired"]]);
    await notifyDue(bindings, NOW + 61_000);
    expect(sent()).toEqual([[idOf(hook), "resolved"]]);
  });

  it("the last notice is sent once if the alert ends during a reminder", async () => {
    await channels(HOOK);
    await raise();
    queue.length = 0;
    const { sendBatch } = bindings.ALERTS;
    const slow = async (messages: never[]) => {
      await resolve(NOW + 7 * HOUR);
      return sendBatch(messages);
    };
    await notifyDue({ ...bindings, ALERTS: { sendBatch: slow } } as unknown as Env, NOW + 7 * HOUR);
    await notifyDue(bindings, NOW + 8 * HOUR);
    expect(sent().map(([, kind]) => kind)).toEqual(["resolved", "repeated"]);
  });

  it("many notices are sent in steps, and none is missed", async () => {
    await channels(HOOK);
    await db.insert(alerts).values(
      Array.from({ length: 8 }, (_, n) => ({
        ...{ location_id: row.location_id, retailer_id, alert_id: `alr_${n}`, rule: "stale", message: "m" },
        ...{ state: "firing", severity: "critical", started_at: NOW, notice_at: NOW },
      })) as (typeof alerts.$inferInsert)[],
    );
    await env.DB.prepare(
      `insert into alerts (location_id, alert_id, retailer_id, rule, state, severity, message, started_at, notice_at)
       select location_id, alert_id || '_' || value, retailer_id, rule, state, severity, message, started_at, notice_at
       from alerts, json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]')`,
    ).run();
    await notifyDue(bindings, NOW + 61_000);
    expect(new Set(queue.map(({ notice }) => notice.alert_id)).size).toBe(128);
    expect(queue).toHaveLength(128);
  });

  it("cron reads due notices by their index", async () => {
    const seen: string[] = [];
    const DB = {
      prepare: (query: string) => {
        seen.push(query);
        return env.DB.prepare(query);
      },
    };
    await listNoticesDue(accountsDb(envWith({ DB })), NOW, 10);
    const plan = await env.DB.prepare(`explain query plan ${seen[0]}`).bind(1, 10).all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail)).toEqual([
      "SEARCH alerts USING COVERING INDEX alerts_notice (notice_at<?)",
    ]);
  });
});

describe("a channel that fails", () => {
  it("a failing channel shows its failure, is tried again with growing waits, and disturbs no other", async () => {
    let works = false;
    const received = receivers({
      "hooks.example.com": () => new Response("boom", { status: works ? 200 : 503 }),
      "hooks.slack.com": () => new Response("ok"),
    });
    const [hook, slack] = await channels(HOOK, SLACK);
    await raise();
    const messages = queue.splice(0);
    expect(await consume(messages, bindings, 1)).toEqual([{ retry: 30 }, "ack"]);
    expect(received.filter(({ url }) => url === SLACK.target)).toHaveLength(1);
    expect(await channelRow(idOf(slack))).toMatchObject({ last_error: null });
    const failing = messages.slice(0, 1);
    const outcomes = [];
    for (const attempt of [2, 3, 4, 5, 6]) outcomes.push(...(await consume(failing, bindings, attempt)));
    expect(outcomes).toEqual([{ retry: 120 }, { retry: 480 }, { retry: 1_920 }, { retry: 3_600 }, "ack"]);
    expect(await channelRow(idOf(hook))).toMatchObject({
      last_sent_at: null,
      failed_at: expect.any(Number),
      last_error: { code: "UPSTREAM_5XX", message: "hooks.example.com had a problem (503).", hint: expect.any(String) },
    });
    expect(await db.$count(deadLetters)).toBe(0);
    expect(await db.$count(alerts, and(eq(alerts.retailer_id, retailer_id)))).toBe(1);

    works = true;
    await resolve(NOW + 1);
    await consume(queue.splice(0), bindings);
    expect(await channelRow(idOf(hook))).toMatchObject({ last_error: null, failed_at: null });
  });

  it.each([
    [400, "REFUSED"],
    [401, "REFUSED"],
    [403, "REFUSED"],
    [404, "REFUSED"],
    [410, "REFUSED"],
    [302, "REDIRECT"],
  ])("a channel that answers %i is not tried again", async (status, code) => {
    receivers({
      "hooks.example.com": () => new Response("no", { status, headers: { location: "https://x.example" } }),
    });
    const [hook] = await channels(HOOK);
    await raise();
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack"]);
    expect(await channelRow(idOf(hook))).toMatchObject({ last_error: { code } });
  });

  it.each([
    [
      "that answers 429 is tried again after the stated wait",
      () => new Response("", { status: 429, headers: { "retry-after": "600" } }),
      600,
    ],
    ["that answers 408 is tried again", () => new Response("", { status: 408 }), 30],
    ["that times out is tried again", () => Promise.reject(new DOMException("late", "TimeoutError")), 30],
    ["that cannot be reached is tried again", () => Promise.reject(new TypeError("Network connection lost.")), 30],
  ])("a channel %s", async (_name, answer, seconds) => {
    receivers({ "hooks.example.com": answer });
    const [hook] = await channels(HOOK);
    await raise();
    expect(await consume(queue.splice(0), bindings)).toEqual([{ retry: seconds }]);
    const { last_error } = await channelRow(idOf(hook));
    expect(last_error?.message).toContain("hooks.example.com");
    expect(JSON.stringify(last_error)).not.toContain(HOOK.target);
  });

  it("a late notice is not sent if the alert ended, or if it began anew after its end", async () => {
    let works = false;
    const received = receivers({ "hooks.example.com": () => new Response("", { status: works ? 200 : 503 }) });
    await channels(HOOK);
    await raise();
    const began = queue.splice(0);
    expect(await consume(began, bindings, 1)).toEqual([{ retry: 30 }]);
    await resolve(NOW + 1);
    const over = queue.splice(0);
    expect(await consume(over, bindings, 1)).toEqual([{ retry: 30 }]);
    await raise(NOW + 1 + HOUR);
    works = true;
    received.length = 0;
    expect(await consume([...began, ...over], bindings, 2)).toEqual(["ack", "ack"]);
    expect(received).toEqual([]);
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack"]);
    expect(received.map(({ body }) => JSON.parse(body).type)).toEqual(["alert.fired"]);
  });

  it("an answer that breaks off still has its status", async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
    receivers({ "hooks.example.com": () => new Response(broken, { status: 404 }) });
    const [hook] = await channels(HOOK);
    await raise();
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack"]);
    expect(await channelRow(idOf(hook))).toMatchObject({ last_error: { code: "REFUSED" } });
  });

  it("an endless answer is not read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new TextEncoder().encode("x".repeat(1_000)));
      },
    });
    receivers({ "hooks.example.com": () => new Response(endless, { status: 400 }) });
    await channels(HOOK);
    await raise();
    expect(await consume(queue.splice(0), bindings)).toEqual(["ack"]);
    expect(pulled).toBeLessThan(10);
  });

  it("a channel whose target became private is not called", async () => {
    const received = receivers({});
    const [hook] = await channels({ ...HOOK, target: "http://127.0.0.1:9/x" });
    await raise();
    expect(await consume(queue.splice(0), { ...bindings, ALLOW_LOCAL_ENDPOINTS: "false" })).toEqual(["ack"]);
    expect(received).toEqual([]);
    expect(await channelRow(idOf(hook))).toMatchObject({ last_error: { code: "BAD_TARGET" } });
  });
});

describe("the consumer of notices", () => {
  it("the consumer drops notices for a channel that was removed or switched off", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    const [hook] = await channels(HOOK);
    await raise();
    await saveChannels(retailer_id, [
      { channel_id: idOf(hook), kind: "webhook", target: hook?.target ?? "", enabled: false },
    ]);
    expect(await consume(queue, bindings)).toEqual(["ack"]);
    await saveChannels(retailer_id, []);
    expect(await consume(queue, bindings)).toEqual(["ack"]);
    expect(received).toEqual([]);
  });

  it("the consumer tries again if the database fails, and drops messages that it cannot read", async () => {
    receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    const { env: broken } = failingOnce(bindings, { at: "prepare", nth: 1 });
    expect(await consume(queue, broken)).toEqual([{ retry: 2 }]);
    expect(await consume(queue, bindings, 2)).toEqual(["ack"]);
    expect(await consume([{ nonsense: true } as never], bindings)).toEqual(["ack"]);
  });

  it("a notice outlives a database that is away for a day, and is sent when it is back", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    for (const attempt of [1, 6, 7, 50, 99]) {
      const { env: broken } = failingOnce(bindings, { at: "prepare", nth: 1 });
      expect(await consume(queue, broken, attempt)).toEqual([{ retry: retryDelayS(attempt) }]);
    }
    expect(await consume(queue, bindings, 100)).toEqual(["ack"]);
    expect(received).toHaveLength(1);
  });

  it("the consumer does not repeat a notice that was sent but could not be stored", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    const { env: broken, reached } = failingOnce(bindings, { at: "prepare", nth: 3 });
    expect(await consume(queue, broken)).toEqual(["ack"]);
    expect([reached(), received.length]).toEqual([true, 1]);
  });

  it("of two notices that a late queue has at once, the one that is still true is sent, in any order", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    await resolve(NOW + 1);
    const late = { sent_at: Date.now() - 60_000 };
    expect(await consume(queue.splice(0).reverse(), bindings, 1, late)).toEqual(["ack", "ack"]);
    expect(received.map(({ body }) => JSON.parse(body).type)).toEqual(["alert.resolved"]);
  });

  it("of an alert that ended within seconds, both notices are sent", async () => {
    const received = receivers({ "hooks.example.com": () => new Response() });
    await channels(HOOK);
    await raise();
    await resolve(NOW + 1);
    for (const message of queue.splice(0)) expect(await consume([message], bindings)).toEqual(["ack"]);
    expect(received.map(({ body }) => JSON.parse(body).type)).toEqual(["alert.fired", "alert.resolved"]);
  });
});

describe("notices by e-mail", () => {
  beforeEach(() => consented(retailer_id, "ann@shop.example"));
  const MAIL = { kind: "email", target: "ann@shop.example", enabled: true } as const;
  const mailing = (send: (mail: unknown) => Promise<unknown>) =>
    ({ ...bindings, ALERT_EMAIL_FROM: "alerts@reup.example", EMAIL: { send } }) as unknown as Env;

  it("an e-mail is sent from the configured address", async () => {
    const sent: unknown[] = [];
    const [mail] = await channels(MAIL);
    await raise();
    expect(
      await consume(
        queue,
        mailing(async (each) => sent.push(each)),
      ),
    ).toEqual(["ack"]);
    expect(sent).toMatchObject([
      { from: { email: "alerts@reup.example" }, to: "ann@shop.example", subject: "Alert: sync failed at Main St" },
    ]);
    expect(await channelRow(idOf(mail))).toMatchObject({ last_sent_at: expect.any(Number), last_error: null });
  });

  it("the runtime's own binding accepts the e-mail", async () => {
    const [mail] = await channels(MAIL);
    await raise();
    expect(await consume(queue, { ...bindings, ALERT_EMAIL_FROM: "alerts@reup.example" })).toEqual(["ack"]);
    expect(await channelRow(idOf(mail))).toMatchObject({ last_sent_at: expect.any(Number), last_error: null });
  });

  it.each([
    ["E_RECIPIENT_NOT_ALLOWED", "ack"],
    ["E_SENDER_NOT_VERIFIED", "ack"],
    ["E_RATE_LIMIT_EXCEEDED", { retry: 30 }],
    ["E_INTERNAL_SERVER_ERROR", { retry: 30 }],
  ])("an e-mail's failure %s is shown by its code, never by its text", async (code, outcome) => {
    const [mail] = await channels(MAIL);
    await raise();
    const refusal = Object.assign(new Error("ann@shop.example is not allowed"), { code });
    expect(
      await consume(
        queue,
        mailing(() => Promise.reject(refusal)),
      ),
    ).toEqual([outcome]);
    const { last_error } = await channelRow(idOf(mail));
    expect(last_error).toMatchObject({ code: "NOT_SENT", message: `The e-mail was not sent (${code}).` });
    expect(JSON.stringify(last_error)).not.toContain("ann@");
  });
});
