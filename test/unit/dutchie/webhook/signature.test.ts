import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  generateSecret,
  signatureKey,
  verifyHmac,
  verifyStandardWebhook,
} from "../../../../src/dutchie/webhook/signature.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const VECTORS = [
  [
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "1614265330",
    '{"test": 2432232314}',
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  ],
  [
    "whsec_plJ3nmyCDGBKInavdOK15jsl",
    "msg_loFOjxBNrRLzqYUf",
    "1731705121",
    '{"event_type":"ping","data":{"success":true}}',
    "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  ],
] as const;
const [SECRET, ID, TIMESTAMP, BODY, SIGNATURE] = VECTORS[0];

const keysOf = async (kind: "standard" | "hmac", secrets: readonly string[]) =>
  (await Promise.all(secrets.map((secret) => signatureKey(kind, secret)))).filter((key) => key !== null);

type Given = Omit<Partial<Parameters<typeof verifyStandardWebhook>[0]>, "keys"> & { secrets?: readonly string[] };

const verify = async ({ secrets = [SECRET], ...more }: Given = {}) =>
  verifyStandardWebhook({
    id: ID,
    timestamp: TIMESTAMP,
    signature: SIGNATURE,
    rawBody: bytes(BODY),
    keys: await keysOf("standard", secrets),
    now_ms: Number(TIMESTAMP) * 1000,
    ...more,
  });

describe("Standard Webhooks", () => {
  test.each(VECTORS)("the test vector of %s verifies", async (secret, id, timestamp, body, signature) => {
    const now_ms = Number(timestamp) * 1000;
    expect(await verify({ id, timestamp, signature, rawBody: bytes(body), secrets: [secret], now_ms })).toEqual({
      ok: true,
    });
  });

  test.each([
    ["another version beside it", { signature: `v1a,abc ${SIGNATURE}` }],
    ["a wrong one before it", { signature: `v1,${btoa("x".repeat(32))} ${SIGNATURE}` }],
    ["the older of two secrets", { secrets: ["whsec_plJ3nmyCDGBKInavdOK15jsl", SECRET] }],
    ["299 s late", { now_ms: (Number(TIMESTAMP) + 299) * 1000 }],
    ["299 s early", { now_ms: (Number(TIMESTAMP) - 299) * 1000 }],
    ["an unreadable secret beside the right one", { secrets: ["whsec_???", SECRET] }],
  ])("a Standard Webhooks signature is accepted: %s", async (_name, more) => {
    expect(await verify(more)).toEqual({ ok: true });
  });

  test.each([
    ["no id", { id: null }],
    ["no timestamp", { timestamp: null }],
    ["no signature", { signature: null }],
    ["an empty signature", { signature: "" }],
    ["301 s late", { now_ms: (Number(TIMESTAMP) + 301) * 1000 }],
    ["301 s early", { now_ms: (Number(TIMESTAMP) - 301) * 1000 }],
    ["a timestamp with letters behind it", { timestamp: `${TIMESTAMP}abc` }],
    ["a timestamp with blanks", { timestamp: ` ${TIMESTAMP}` }],
    ["another id", { id: "msg_other" }],
    ["another body", { rawBody: bytes(`${BODY} `) }],
    ["only an unknown version", { signature: SIGNATURE.replace("v1,", "v2,") }],
    ["a signature cut short", { signature: SIGNATURE.slice(0, 20) }],
    ["a signature that is not base64", { signature: "v1,%%%" }],
    ["another secret", { secrets: ["whsec_plJ3nmyCDGBKInavdOK15jsl"] }],
    ["no secret", { secrets: [] }],
    ["an empty secret", { secrets: ["", "whsec_"] }],
  ])("a Standard Webhooks signature is refused: %s", async (_name, more) => {
    expect(await verify(more)).toMatchObject({ ok: false, reason: expect.any(String) });
  });

  test("a new secret has 24 random bytes and verifies what it signed", async () => {
    const secret = generateSecret();
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    expect(key).toHaveLength(24);
    expect(generateSecret()).not.toBe(secret);
    const signature = `v1,${createHmac("sha256", key).update(`${ID}.${TIMESTAMP}.${BODY}`).digest("base64")}`;
    expect(await verify({ secrets: [secret], signature })).toEqual({ ok: true });
  });
});

describe("a custom HMAC header", () => {
  const rawBody = bytes('{"a":"é"}');
  const sign = (encoding: "hex" | "base64", secret = "s3cret") =>
    createHmac("sha256", secret).update(rawBody).digest(encoding);

  test.each([
    ["hex", sign("hex"), undefined],
    ["hex", sign("hex").toUpperCase(), undefined],
    ["hex", `sha256=${sign("hex")}`, "sha256="],
    ["base64", sign("base64"), undefined],
  ] as const)("a custom HMAC is accepted: %s %s", async (encoding, signature, prefix) => {
    const more = prefix === undefined ? {} : { prefix };
    const keys = await keysOf("hmac", ["old", "s3cret"]);
    expect(await verifyHmac({ signature, rawBody, keys, encoding, ...more })).toEqual({
      ok: true,
    });
  });

  test.each([
    ["no header", null, "hex", ""],
    ["a missing prefix", sign("hex"), "hex", "sha256="],
    ["the other encoding", sign("base64"), "hex", ""],
    ["another secret", sign("hex", "other"), "hex", ""],
    ["half a signature", sign("hex").slice(0, 32), "hex", ""],
    ["a signature with an empty secret", sign("hex", ""), "hex", ""],
  ] as const)("a custom HMAC is refused: %s", async (_name, signature, encoding, prefix) => {
    const keys = await keysOf("hmac", ["s3cret", ""]);
    expect(await verifyHmac({ signature, rawBody, keys, encoding, prefix })).toMatchObject({
      ok: false,
    });
  });
});
