import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { AlertChannel, AlertChannelTest } from "../../../src/client/index.ts";
import { parseConfig } from "../../../src/env.ts";
import { seal } from "../../../src/security/seal.ts";
import { appWith, call, envWith, token } from "../api/support.ts";

interface Mail {
  to: string;
  subject: string;
  text: string;
}

let retailers = 0;
let retailer_id = "";
let mails: Mail[] = [];
let now = Date.now();
beforeEach(() => {
  retailer_id = `ret_consent${retailers++}`;
  mails = [];
  now = Date.now();
});

const bindings = envWith({
  ALERT_EMAIL_FROM: "alerts@reup.example",
  EMAIL: { send: async (mail: Mail) => void mails.push(mail) },
});
const app = appWith(undefined, () => now);
const api = async (method: string, path: string, body?: unknown, role = "admin") =>
  call(method, `/v1/alert-channels${path}`, {
    token: await token({ retailer_id, role }),
    env: bindings,
    app,
    ...(body === undefined ? {} : { body }),
  });
const save = async (...targets: string[]) => {
  const channels = targets.map((target) => ({ kind: "email", target, enabled: true }));
  return (await api("PUT", "", channels)).json<AlertChannel[]>();
};
const list = async () => (await api("GET", "")).json<AlertChannel[]>();
const tokenIn = (mail: Mail | undefined) => /\/consent\/email\?token=(\S+)/.exec(mail?.text ?? "")?.[1] ?? "";
const open = (link: string) => call("GET", `/consent/email?token=${link}`, { env: bindings, app });
const agree = (link: string) =>
  call("POST", "/consent/email", {
    raw: new URLSearchParams({ token: link }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    env: bindings,
    app,
  });

describe("F85: an e-mail channel needs its recipient's consent", () => {
  it("F85: no alert is sent before the recipient confirms the link, which opening alone does not", async () => {
    const [channel] = await save("ann@shop.example");
    expect(channel?.confirmation).toBe("waiting");
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to: "ann@shop.example" });
    const test = async () => (await api("POST", "/test", { channel_id: channel?.channel_id })).json<AlertChannelTest>();
    expect(await test()).toMatchObject({ ok: false, error: { code: "NOT_CONFIRMED" } });
    const unsaved = await api("POST", "/test", { kind: "email", target: "bob@shop.example" });
    expect(await unsaved.json()).toMatchObject({ ok: false, error: { code: "NOT_CONFIRMED" } });

    const page = await open(tokenIn(mails[0]));
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(await page.text()).toContain('<form method="post"');
    expect((await list())[0]?.confirmation).toBe("waiting");
    expect(await test()).toMatchObject({ ok: false });
    expect(mails).toHaveLength(1);

    expect((await agree(tokenIn(mails[0]))).status).toBe(200);
    expect((await list())[0]?.confirmation).toBe("confirmed");
    expect(await test()).toMatchObject({ ok: true });
    expect(mails).toHaveLength(2);
  });

  it("F85: a list that is saved again asks nobody again, and another retailer's consent does not count", async () => {
    const [channel] = await save("ann@shop.example");
    await api("PUT", "", [{ channel_id: channel?.channel_id, kind: "email", target: channel?.target, enabled: true }]);
    await save("Ann@shop.example");
    expect(mails).toHaveLength(1);
    await agree(tokenIn(mails[0]));
    retailer_id = `ret_consent${retailers++}`;
    expect((await save("ann@shop.example"))[0]?.confirmation).toBe("waiting");
    expect(mails).toHaveLength(2);
  });

  it.each([
    ["nothing", async () => ""],
    ["a link of 3,000 signs", async () => "A".repeat(3_000)],
    ["a made-up link", async () => "v1.test1.AAAAAAAAAAAAAAAA.AAAA"],
    ["a link with a sign changed", async () => tokenIn(mails[0]).replace(/.$/, (sign) => (sign === "A" ? "B" : "A"))],
    [
      "an envelope of another purpose",
      async () => {
        const link = { retailer_id, address_hash: "x", until: Number.MAX_SAFE_INTEGER };
        return seal(parseConfig(env).credential_keys, "credentials", "link", JSON.stringify(link));
      },
    ],
    [
      "a link of four days ago",
      async () => {
        now += 4 * 24 * 60 * 60_000;
        return tokenIn(mails[0]);
      },
    ],
  ])("F85: %s confirms nothing", async (_, linkOf) => {
    await save("ann@shop.example");
    const link = await linkOf();
    expect((await open(link)).status).toBe(400);
    expect((await agree(link)).status).toBe(400);
    expect((await list())[0]?.confirmation).toBe("waiting");
  });

  it("F85: an address gets three requests a day at most, even for new channels", async () => {
    const again = async (id: string | undefined) => (await api("POST", `/${id}/confirmation`)).status;
    let [channel] = await save("ann@shop.example");
    expect([await again(channel?.channel_id), await again(channel?.channel_id)]).toEqual([202, 202]);
    expect(await again(channel?.channel_id)).toBe(429);
    await save();
    [channel] = await save("ann@shop.example");
    expect(await again(channel?.channel_id)).toBe(429);
    expect(mails).toHaveLength(3);
    now += 25 * 60 * 60_000;
    expect(await again(channel?.channel_id)).toBe(202);
    await agree(tokenIn(mails[3]));
    expect(await again(channel?.channel_id)).toBe(409);
  });

  it("F85: a retailer sends thirty requests a day at most", async () => {
    for (let round = 0; round < 4; round++) {
      await save(...Array.from({ length: 10 }, (_, n) => `person${round * 10 + n}@shop.example`));
    }
    expect(mails).toHaveLength(30);
    expect((await list())[9]).toMatchObject({ confirmation: "waiting", last_error: { code: "ASKED_OFTEN" } });
  });

  it("F85: fifty requests at the same moment send three mails to the address at most", async () => {
    const [channel] = await save("ann@shop.example");
    const again = () => api("POST", `/${channel?.channel_id}/confirmation`).then(({ status }) => status);
    const answers = await Promise.all(Array.from({ length: 50 }, again));
    expect(answers.filter((status) => status === 202)).toHaveLength(2);
    expect(answers.filter((status) => status === 429)).toHaveLength(48);
    expect(mails).toHaveLength(3);
    now += 24 * 60 * 60_000;
    await Promise.all(Array.from({ length: 50 }, again));
    expect(mails).toHaveLength(6);
  });

  it("F85: requests to different addresses at the same moment send thirty mails of the retailer at most", async () => {
    await save(...Array.from({ length: 10 }, (_, n) => `other${n}@shop.example`));
    const channels = await save(...Array.from({ length: 10 }, (_, n) => `person${n}@shop.example`));
    const again = ({ channel_id }: AlertChannel) => api("POST", `/${channel_id}/confirmation`);
    const answers = await Promise.all([...channels, ...channels].map(again));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    expect(mails).toHaveLength(30);
  });

  it("F85: only an admin can send a request, and only for channels of the own retailer", async () => {
    const [channel] = await save("ann@shop.example");
    expect((await api("POST", `/${channel?.channel_id}/confirmation`, undefined, "manager")).status).toBe(403);
    retailer_id = `ret_consent${retailers++}`;
    expect((await api("POST", `/${channel?.channel_id}/confirmation`)).status).toBe(404);
  });
});
