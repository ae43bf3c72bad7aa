import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyHint } from "../../../src/security/hint.ts";
import { type KeyRing, parseKeyRing } from "../../../src/security/key-ring.ts";
import { open, seal } from "../../../src/security/seal.ts";

const key = (letter: string) => btoa(letter.repeat(32));

function ring(keys: Record<string, string>): KeyRing {
  const parsed = parseKeyRing(JSON.stringify(keys));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.ring;
}

const one = ring({ k1: key("a") });

describe("a sealed text", () => {
  it("a sealed text opens to the same text for its store and purpose", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (text) => {
        const envelope = await seal(one, "credentials", "loc_1", text);
        expect(envelope).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]+$/);
        expect(await open(one, "credentials", "loc_1", envelope)).toEqual({ ok: true, plaintext: text });
      }),
      { numRuns: 50 },
    );
  });

  it("a text is sealed differently each time", async () => {
    const envelopes = await Promise.all([1, 2, 3].map(() => seal(one, "credentials", "loc_1", "same")));
    expect(new Set(envelopes).size).toBe(3);
  });

  it("a sealed text does not open for another store, another purpose or with another key", async () => {
    const envelope = await seal(one, "credentials", "loc_1", "secret");
    const refused = { ok: false, reason: "does_not_open" };
    expect(await open(one, "credentials", "loc_2", envelope)).toEqual(refused);
    expect(await open(one, "webhook_secret", "loc_1", envelope)).toEqual(refused);
    expect(await open(ring({ k1: key("b") }), "credentials", "loc_1", envelope)).toEqual(refused);
    const other = await open(ring({ k2: key("a") }), "credentials", "loc_1", envelope);
    expect(other).toEqual({ ok: false, reason: "unknown_key" });
  });

  it("a sealed text opens with an older key of the ring, while the first key seals", async () => {
    const envelope = await seal(one, "credentials", "loc_1", "old");
    const both = ring({ k2: key("b"), k1: key("a") });
    expect(await open(both, "credentials", "loc_1", envelope)).toEqual({ ok: true, plaintext: "old" });
    expect(await seal(both, "credentials", "loc_1", "new")).toMatch(/^v1\.k2\./);
  });

  it("a sealed text does not open if any character was changed", async () => {
    const envelope = await seal(one, "credentials", "loc_1", "secret");
    for (let at = 0; at < envelope.length; at++) {
      const flipped = envelope[at] === "A" ? "E" : "A";
      const changed = envelope.slice(0, at) + flipped + envelope.slice(at + 1);
      // The last character of base64 has bits that mean nothing.
      if (at === envelope.length - 1) continue;
      expect((await open(one, "credentials", "loc_1", changed)).ok, `at ${at}`).toBe(false);
    }
  });

  it.each([
    "",
    "v1",
    "v1.k1",
    "v1.k1.AAAA.AAAA",
    "v2.k1.AAAAAAAAAAAAAAAA.AAAA",
    "v1.k1.!.!",
    "v1.k1.AAAAAAAAAAAAAAAA.AAAA.x",
  ])("a malformed sealed text is refused: %s", async (envelope) => {
    expect(await open(one, "credentials", "loc_1", envelope)).toEqual({ ok: false, reason: "malformed" });
  });
});

describe("a key ring", () => {
  it.each([
    "",
    "no json",
    "[]",
    "{}",
    '{"k1":7}',
    '{"k1":"short"}',
    `{"k1":"${btoa("a".repeat(31))}"}`,
    // JavaScript would sort number-like names to the front, and another key than the first would seal.
    `{"k1":"${key("a")}","2":"${key("b")}"}`,
    `{"a.b":"${key("a")}"}`,
  ])("a bad key ring is refused with a reason that contains no key: %s", (text) => {
    const parsed = parseKeyRing(text);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain(key("a"));
  });
});

describe("the hint of a key", () => {
  it.each([
    ["secret-api-key-1234", "…1234"],
    ["12345678", "…5678"],
    ["1234567", "…"],
    ["", "…"],
  ])("the hint of %s is %s: at most its last four characters", (given, hint) => {
    expect(keyHint(given)).toBe(hint);
  });
});
