import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/api/app.ts";
import { dependencies } from "../../../src/api/requests/dependencies.ts";
import type { AlertChannel, AlertChannelTest } from "../../../src/client/index.ts";
import type { ChannelInput } from "../../../src/contract/http/alert-channels.ts";
import { call, envWith, errorOf, token } from "../api/support.ts";
import { sealAllAnew } from "../security/support.ts";
import { channelRow, isSignedWith, receivers, saveChannels } from "./support.ts";

const HOOK = "https://hooks.example.com/alerts?key=marker-0001";
const SLACK = "https://hooks.slack.com/services/T0/B0/marker-0002";
const MAIL = "marker-0003@shop.example";
const all: ChannelInput[] = [
  { kind: "webhook", target: HOOK, enabled: true },
  { kind: "slack", target: SLACK, rules: ["sync_failed", "stale"], enabled: false },
  { kind: "email", target: MAIL, rules: null, enabled: true },
];

let retailers = 0;
let retailer_id = "";
beforeEach(() => {
  retailer_id = `ret_channels${retailers++}`;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const app = createApp(dependencies);
const ask = async (method: string, path: string, body?: unknown, claims = {}, bindings: Env = env) =>
  call(method, `/v1/alert-channels${path}`, {
    token: await token({ retailer_id, ...claims }),
    env: bindings,
    app,
    ...(body === undefined ? {} : { body }),
  });
const list = async (claims = {}) => (await ask("GET", "", undefined, claims)).json<AlertChannel[]>();
const test = async (body: unknown, bindings?: Env) =>
  (await ask("POST", "/test", body, {}, bindings)).json<AlertChannelTest>();

describe("the channels of alerts", () => {
  it("channels are shown as hints, and a webhook's secret is shown once, when it is made", async () => {
    expect(await list()).toEqual([]);
    const saved = await saveChannels(retailer_id, all);
    expect(saved.map(({ secret }) => secret)).toEqual([expect.stringMatching(/^whsec_/), null, null]);
    const secret = saved[0]?.secret ?? "";
    const shown = await list();
    expect(shown).toMatchObject([
      {
        kind: "webhook",
        target: "https://hooks.example.com/…0001",
        secret_hint: `…${secret.slice(-4)}`,
        rules: null,
        enabled: true,
        last_sent_at: null,
        failed_at: null,
        last_error: null,
      },
      { kind: "slack", target: "https://hooks.slack.com/…0002", secret_hint: null, enabled: false },
      { kind: "email", target: "m…@shop.example", rules: null },
    ]);
    expect(shown[1]?.rules).toEqual(["sync_failed", "stale"]);
    expect(JSON.stringify(shown)).not.toMatch(/marker|whsec/);
  });

  it("target and secret of a channel are sealed in D1", async () => {
    const [webhook] = await saveChannels(retailer_id, all);
    const { results } = await env.DB.prepare("select * from alert_channels where retailer_id = ?")
      .bind(retailer_id)
      .all();
    expect(results).toHaveLength(3);
    expect(JSON.stringify(results)).not.toMatch(/marker|whsec/);
    expect(JSON.stringify(results)).not.toContain(webhook?.secret?.slice("whsec_".length, -4));
  });

  it("channels keep target and secret if they are sent with their id and hint, in the order of the request", async () => {
    const [webhook, slack, mail] = await saveChannels(retailer_id, all);
    const before = await channelRow(webhook?.channel_id ?? "");
    const pick = ({ channel_id, kind, target, rules }: AlertChannel) => ({ channel_id, kind, target, rules });
    if (webhook === undefined || slack === undefined || mail === undefined) throw new Error("Not saved");
    const again = await saveChannels(retailer_id, [
      { ...pick(mail), enabled: true },
      { ...pick(webhook), enabled: false, rules: ["drift"] },
    ]);
    expect(again.map(({ channel_id, secret }) => [channel_id, secret])).toEqual([
      [mail.channel_id, null],
      [webhook.channel_id, null],
    ]);
    expect((await list()).map(({ channel_id }) => channel_id)).toEqual([mail.channel_id, webhook.channel_id]);
    const after = await channelRow(webhook.channel_id);
    expect(after).toEqual({ ...before, enabled: false, rules: ["drift"], position: 1 });
  });

  it("a new target gets a new secret, because somebody else may know the old one", async () => {
    const [webhook] = await saveChannels(retailer_id, all);
    const channel_id = webhook?.channel_id ?? "";
    const [moved] = await saveChannels(retailer_id, [
      { channel_id, kind: "webhook", target: "https://other.example", enabled: true },
    ]);
    expect(moved).toMatchObject({
      channel_id,
      target: "https://other.example",
      secret: expect.stringMatching(/^whsec_/),
    });
    expect(moved?.secret).not.toBe(webhook?.secret);
  });

  it.each([
    ["0.target", [{ kind: "webhook", target: "http://hooks.example.com", enabled: true }]],
    ["0.target", [{ kind: "slack", target: "not an address", enabled: true }]],
    ["1.target", [...all.slice(0, 1), { kind: "email", target: "a@b.example\r\nBcc: c@d.example", enabled: true }]],
    ["0.kind", [{ kind: "pager", target: HOOK, enabled: true }]],
    ["0.rules.0", [{ kind: "webhook", target: HOOK, rules: ["everything"], enabled: true }]],
    ["0.rules", [{ kind: "webhook", target: HOOK, rules: [], enabled: true }]],
    ["0.secret", [{ kind: "webhook", target: HOOK, enabled: true, secret: "whsec_mine" }]],
    ["0", [{ kind: "webhook", target: HOOK, enabled: true, sekret: null }]],
    ["0.channel_id", [{ ...all[0], channel_id: "chn_of_nobody" }]],
    ["", Array.from({ length: 21 }, () => ({ ...all[0] }))],
  ])("a bad list is refused with the error at %s, and nothing changes", async (path, body) => {
    await saveChannels(retailer_id, all);
    const response = await ask("PUT", "", body);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).details.issues).toMatchObject([{ path }]);
    expect(await list()).toHaveLength(3);
  });

  it("a list with one id twice, or with a hint of another kind, is refused", async () => {
    const [webhook] = await saveChannels(retailer_id, all);
    const kept = { channel_id: webhook?.channel_id, kind: "webhook", target: webhook?.target, enabled: true };
    expect((await ask("PUT", "", [kept, kept])).status).toBe(400);
    const response = await ask("PUT", "", [{ ...kept, kind: "email" }]);
    expect((await errorOf(response)).details.issues).toMatchObject([{ path: "0.target" }]);
  });

  it("a channel at a private address is refused in production", async () => {
    const production = envWith({ ALLOW_LOCAL_ENDPOINTS: "false" });
    for (const target of ["http://127.0.0.1:9/", "https://169.254.169.254/?x=1", "https://router.local/"]) {
      const channel = { kind: "webhook", target };
      expect((await ask("PUT", "", [{ ...channel, enabled: true }], {}, production)).status).toBe(400);
      expect((await ask("POST", "/test", channel, {}, production)).status).toBe(400);
    }
  });

  it("another retailer sees, changes and tests no channel", async () => {
    const [webhook] = await saveChannels(retailer_id, all);
    const other = { retailer_id: "ret_other" };
    expect(await list(other)).toEqual([]);
    const stolen = { channel_id: webhook?.channel_id, kind: "webhook", target: webhook?.target, enabled: true };
    expect((await ask("PUT", "", [stolen], other)).status).toBe(400);
    expect((await ask("PUT", "", [], other)).status).toBe(200);
    expect((await ask("POST", "/test", { channel_id: webhook?.channel_id }, other)).status).toBe(404);
    expect(await list()).toHaveLength(3);
  });

  it("a token for some stores has no access to channels, because channels get alerts of all stores", async () => {
    const bound = { location_ids: ["loc_1"] };
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PUT", "", []],
      ["POST", "/test", { kind: "webhook", target: HOOK }],
    ] as const) {
      const response = await ask(method, path, body, bound);
      expect([response.status, (await errorOf(response)).code]).toEqual([403, "FORBIDDEN"]);
    }
  });
});

describe("the test message of a channel", () => {
  it("a test of a saved webhook is marked as a test, signed with its secret, and shown as sent", async () => {
    const received = receivers({ "hooks.example.com": () => new Response("thanks") });
    const [webhook] = await saveChannels(retailer_id, all);
    const channel_id = webhook?.channel_id ?? "";
    expect(await test({ channel_id })).toEqual({ ok: true, error: null, latency_ms: expect.any(Number) });
    const [request] = received;
    if (request === undefined) throw new Error("Nothing was sent");
    expect(request).toMatchObject({ url: HOOK, redirect: "manual" });
    expect(JSON.parse(request.body)).toMatchObject({ type: "alert.test", data: { rule: "sync_failed" } });
    expect(await isSignedWith(webhook?.secret, request)).toBe(true);
    expect((await list())[0]?.last_sent_at).not.toBeNull();
  });

  it("a test that fails says why and what to do, and the channel shows it until a test succeeds", async () => {
    let status = 404;
    receivers({ "hooks.slack.com": () => new Response(status === 200 ? "ok" : "no_service", { status }) });
    const [, slack] = await saveChannels(retailer_id, all);
    const channel_id = slack?.channel_id ?? "";
    const error = {
      code: "REFUSED",
      message: "hooks.slack.com refused the message (404: no_service).",
      hint: expect.any(String),
    };
    expect(await test({ channel_id })).toMatchObject({ ok: false, error });
    expect((await list())[1]).toMatchObject({ last_error: error, failed_at: expect.any(String), last_sent_at: null });
    status = 200;
    expect(await test({ channel_id })).toMatchObject({ ok: true });
    expect((await list())[1]).toMatchObject({ last_error: null, failed_at: null, last_sent_at: expect.any(String) });
  });

  it("a test of a target that is not saved stores nothing", async () => {
    const received = receivers({ "hooks.slack.com": () => new Response("ok") });
    expect(await test({ kind: "slack", target: SLACK })).toMatchObject({ ok: true });
    expect(JSON.parse(received[0]?.body ?? "").text).toContain("Test alert");
    expect(await list()).toEqual([]);
  });

  it("a test of an e-mail channel says if e-mail is not set up, in the answer and in the channel", async () => {
    const [, , mail] = await saveChannels(retailer_id, all);
    const error = { code: "NOT_SET_UP", message: "E-mail is not set up on this server." };
    const withoutBinding = envWith({ ALERT_EMAIL_FROM: "alerts@reup.example", EMAIL: undefined });
    for (const bindings of [env, withoutBinding]) {
      expect(await test({ channel_id: mail?.channel_id }, bindings)).toMatchObject({ ok: false, error });
    }
    expect((await list())[2]).toMatchObject({ last_error: error });
  });

  it.each([
    [{ channel_id: "chn_of_nobody" }, 404],
    [{ kind: "webhook", target: "ftp://x.example" }, 400],
    [{ kind: "webhook" }, 400],
    [{ channel_id: "x", kind: "webhook", target: HOOK }, 400],
  ])("a test of %j is %i", async (body, status) => {
    expect((await ask("POST", "/test", body)).status).toBe(status);
  });
});

describe("the rotation of keys and alert channels", () => {
  const key = (letter: string) => btoa(letter.repeat(32));
  const ring = { test1: key("t"), test0: key("o") };
  const rotating = envWith({ CREDENTIAL_KEYS: JSON.stringify({ next: key("n"), ...ring }) });
  const onlyNew = envWith({ CREDENTIAL_KEYS: JSON.stringify({ next: key("n") }) });

  async function works(channel_id: string, secret: string | null | undefined): Promise<boolean> {
    const received = receivers({ "hooks.example.com": () => new Response() });
    const { ok } = await test({ channel_id }, onlyNew);
    return ok && received[0] !== undefined && (await isSignedWith(secret, received[0]));
  }

  it("API and cron seal channels again, so that they open with the new key alone", async () => {
    vi.spyOn(console, "info").mockImplementation(() => {});
    const [webhook] = await saveChannels(retailer_id, all);
    const channel_id = webhook?.channel_id ?? "";
    expect(await works(channel_id, webhook?.secret)).toBe(false);
    expect((await list())[0]?.last_error?.code).toBe("UNOPENED");
    const jwt = await token({ retailer_id });
    const response = await call("POST", "/v1/credentials/reseal", { token: jwt, env: rotating });
    expect(await response.json()).toEqual({ resealed: 3, remaining: 0, unopened: [], next_cursor: null });
    expect(await works(channel_id, webhook?.secret)).toBe(true);

    const [later] = await saveChannels(retailer_id, all.slice(0, 1));
    await sealAllAnew(rotating);
    expect((await channelRow(later?.channel_id ?? "")).sealed).toMatch(/^v1\.next\./);
  });

  it("a channel that no key opens is named, and the others are sealed all the same", async () => {
    const [webhook] = await saveChannels(retailer_id, all);
    const channel_id = webhook?.channel_id ?? "";
    await env.DB.prepare("update alert_channels set sealed = 'v1.gone.AAAA.AAAA' where channel_id = ?")
      .bind(channel_id)
      .run();
    const response = await call("POST", "/v1/credentials/reseal", {
      token: await token({ retailer_id }),
      env: rotating,
    });
    expect(await response.json()).toMatchObject({ resealed: 2, remaining: 1, unopened: [channel_id] });
  });
});
