import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { paths } from "../../../dashboard/src/navigation.ts";
import { emailOf } from "../../../src/alerts/email.ts";
import { type Notice, noticeOf, testNotice } from "../../../src/alerts/notice.ts";
import { slackRequest } from "../../../src/alerts/slack.ts";
import { webhookRequest } from "../../../src/alerts/webhook.ts";
import { heldText } from "../../../src/domain/snapshots/absence-text.ts";
import { generateSecret, signatureKey, verifyStandardWebhook } from "../../../src/dutchie/webhook/signature.ts";

const STARTED = Date.UTC(2026, 10, 1, 16, 30);
const NOW = STARTED + 60_000;

function notice(given: Partial<Notice> = {}, name = "Main St"): Notice {
  const fired = {
    notice_id: "ntc_1",
    kind: "fired" as const,
    alert_id: "alr_1",
    location_id: "loc_1",
    rule: "sync_failed",
    severity: "critical" as const,
    message: "The last sync failed: 401",
    started_at: STARTED,
    resolved_at: null,
  };
  return { ...noticeOf(fired, { name, time_zone: "America/Denver" }, "https://worker.example"), ...given };
}

describe("the webhook of an alert", () => {
  it("a webhook's signature equals an independent HMAC over id, time and body", async () => {
    const secret = generateSecret();
    const { url, headers, body } = await webhookRequest(notice(), "https://r.example/a?b=c", secret, NOW);
    expect(url).toBe("https://r.example/a?b=c");
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const timestamp = headers["webhook-timestamp"];
    expect(timestamp).toBe(String(NOW / 1000));
    const mac = createHmac("sha256", key).update(`ntc_1.${timestamp}.${body}`).digest("base64");
    expect(headers).toMatchObject({ "webhook-id": "ntc_1", "webhook-signature": `v1,${mac}` });
  });

  it("a webhook verifies as incoming webhooks do, and not with another body", async () => {
    const secret = generateSecret();
    const { headers, body } = await webhookRequest(notice({}, "Ünïcode 🌿"), "https://r.example", secret, NOW);
    const key = await signatureKey("standard", secret);
    const verify = (text: string) =>
      verifyStandardWebhook({
        id: headers["webhook-id"] ?? null,
        timestamp: headers["webhook-timestamp"] ?? null,
        signature: headers["webhook-signature"] ?? null,
        rawBody: new TextEncoder().encode(text),
        keys: key === null ? [] : [key],
        now_ms: NOW,
      });
    expect(await verify(body)).toEqual({ ok: true });
    expect((await verify(`${body} `)).ok).toBe(false);
  });

  it.each([
    ["fired", null, "alert.fired", "firing", "Alert: sync failed at Main St"],
    ["repeated", null, "alert.repeated", "firing", "Still not resolved: sync failed at Main St"],
    ["resolved", NOW, "alert.resolved", "resolved", "Resolved: sync failed at Main St"],
  ] as const)("a webhook says that the alert %s", async (kind, resolved_at, type, state, summary) => {
    const { body } = await webhookRequest(notice({ kind, resolved_at }), "https://r.example", generateSecret(), NOW);
    expect(JSON.parse(body)).toEqual({
      type,
      timestamp: "2026-11-01T16:31:00.000Z",
      data: {
        alert_id: "alr_1",
        location_id: "loc_1",
        location_name: "Main St",
        rule: "sync_failed",
        severity: "critical",
        state,
        summary,
        message: "The last sync failed: 401",
        started_at: "2026-11-01T16:30:00.000Z",
        resolved_at: resolved_at === null ? null : "2026-11-01T16:31:00.000Z",
        url: "https://worker.example/stores/loc_1",
      },
    });
  });
});

describe("the Slack message of an alert", () => {
  const textOf = (given: Notice) => JSON.parse(slackRequest(given, "https://hooks.slack.com/services/T/B/x").body);

  it("a Slack message says what, where and since when in the store's own time, with a link", () => {
    const { text, blocks } = textOf(notice());
    expect(text).toBe("🔴 Alert: sync failed at Main St\nThe last sync failed: 401");
    expect(blocks[0].text.text).toBe("*🔴 Alert: sync failed at Main St*\nThe last sync failed: 401");
    expect(blocks[1].text.text).toBe(
      "Since Nov 1, 2026, 9:30 AM MST · <https://worker.example/stores/loc_1|Open the store>",
    );
  });

  it("a Slack message mentions nobody, whatever a store or an error is called", () => {
    const body = JSON.stringify(textOf(notice({ message: "<!channel> & <https://evil.example|x>" }, "<!here>")));
    expect(body).not.toMatch(/<!|<https:..evil/);
    expect(body).toContain("&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;");
  });

  it("a Slack message shows names with their signs, and makes no link of them", () => {
    const names = "*Sale* _Kush_ ~old~ `code` www.evil.example";
    const { text, blocks } = textOf(notice({ message: names }, "*Main* _St_"));
    for (const shown of [text, blocks[0].text.text.slice(1)]) {
      expect(shown.replaceAll("\u200b", "")).toContain(names);
      // Slack begins no format before a blank, also if nobody sees it.
      expect(shown).not.toMatch(/[*_~`](?![\u200b\n])/);
    }
    expect(blocks.map((block: { text: { verbatim: boolean } }) => block.text.verbatim)).toEqual([true, true]);
    expect(blocks[1].text.text).toContain("/stores/loc_1|");
  });

  it("a Slack message has the whole of a long alert, with what to do at its end", () => {
    const facts = { absent: 1_045, live: 12_120, value: 1_234_567.5, isEmpty: true, kept: 120, recent: 9 };
    const message = heldText({ resource: "inventory", ...facts });
    expect(message.length).toBeGreaterThan(350);
    const { text, blocks } = textOf(notice({ message }));
    expect(blocks[0].text.text).toContain(message);
    expect(text).toContain(message);
  });

  it("a Slack message that is cut says so, and ends in no half of a sign", () => {
    for (const sign of ["&", "🌿"]) {
      const { blocks } = textOf(notice({ message: sign.repeat(1_500) }));
      const { text } = blocks[0].text;
      expect(text.length).toBeGreaterThan(2_990);
      expect(text).toMatch(sign === "&" ? /(&amp;)+…$/ : /(🌿)+…$/u);
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it("a Slack message stays within Slack's limits, however long the text", () => {
    const { blocks } = textOf(notice({ message: "&".repeat(1_000) }, "<".repeat(200)));
    for (const { text } of blocks) expect(text.text.length).toBeLessThanOrEqual(3_000);
  });
});

describe("the e-mail of an alert", () => {
  it("an e-mail says what a person needs to know, in plain text", () => {
    const mail = emailOf(notice({ kind: "resolved", resolved_at: NOW }), "alerts@reup.example", "ann@shop.example");
    expect(mail).toEqual({
      from: { name: "ReUp – Dutchie", email: "alerts@reup.example" },
      to: "ann@shop.example",
      subject: "Resolved: sync failed at Main St",
      text: [
        "The last sync failed: 401",
        "From Nov 1, 2026, 9:30 AM MST to Nov 1, 2026, 9:31 AM MST",
        "https://worker.example/stores/loc_1",
      ].join("\n\n"),
    });
  });

  it.each(["\r\n", "\n", "\r", "\u0085", "\u2028", "\u0000"])(
    "no header of an e-mail begins in a store's name (%j)",
    (end) => {
      const { subject } = emailOf(notice({}, `Main${end}Bcc: all@shop.example`), "a@reup.example", "ann@shop.example");
      expect(subject).toBe("Alert: sync failed at Main Bcc: all@shop.example");
    },
  );
});

it("a notice leads to pages that there are", () => {
  expect(notice().url).toBe(`https://worker.example${paths.overview("loc_1")}`);
  expect(testNotice("https://worker.example", NOW).url).toBe(`https://worker.example${paths.notifications}`);
});
