import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMet, type Measure } from "../../../bench/figure.ts";
import { median, percentile } from "../../../bench/support/percentile.ts";
import { parseSigning, signedHeaders } from "../../../bench/support/signing.ts";
import { number, table } from "../../../bench/support/table.ts";

describe("The bench's percentiles", () => {
  it("are values that were measured, and so many of them are not larger", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = percentile(values, share);
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(
          Math.floor(share * values.length),
        );
      }),
    );
  });

  it("of a hundred values are the fiftieth and the ninety-ninth, in any order", () => {
    const values = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])("have the middle of %j at %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe("The bench's table", () => {
  const measure: Measure = { figure: "webhooks", value: 1_234.5, unit: "/s" };

  it.each([
    [{ of: "value", at: "least", number: 1_000 } as const, true],
    [{ of: "value", at: "most", number: 1_000 } as const, false],
    [{ of: "ratio", at: "least", number: 0.55 } as const, false],
    [{ of: "ratio", at: "most", number: 0.55 } as const, true],
  ])("judges %j as %s", (target, met) => {
    expect(isMet({ ...measure, beside: { name: "empty", value: 2_469, ratio: 0.5 }, target })).toBe(met);
  });

  it("judges nothing without a target, and no ratio that was not measured", () => {
    expect(isMet(measure)).toBeNull();
    expect(isMet({ ...measure, target: { of: "ratio", at: "least", number: 1 } })).toBe(false);
  });

  it("has a line for each measure, with its limit, ratio and target", () => {
    const beside = { name: "empty", value: 2_469, ratio: 0.5 };
    const text = table([measure, { ...measure, beside, target: { of: "ratio", at: "least", number: 0.55 } }]);
    expect(text.split("\n")).toHaveLength(4);
    expect(text).toContain("| 1,235 /s | empty: 2,469 | 0.5 × | ≥ 0.55 × | no  |");
  });

  it.each([
    [0, "0"],
    [0.12345, "0.123"],
    [0.0000123456, "0.0000123"],
    [12.345, "12.3"],
    [1_234_567.8, "1,234,568"],
    [Number.NaN, "–"],
  ])("writes %d as %s", (value, text) => {
    expect(number(value)).toBe(text);
  });
});

describe("The bench's signatures", () => {
  const webhook = { id: "evt_1", body: '{"type":"x"}', at: 1_700_000_000_999 };

  it("follow Standard Webhooks: id, seconds and body, with the key in base64", () => {
    const key = Buffer.from("a-key-of-the-store");
    const headers = signedHeaders("standard", `whsec_${key.toString("base64")}`, webhook);
    const mac = createHmac("sha256", key).update('evt_1.1700000000.{"type":"x"}').digest("base64");
    expect(headers).toMatchObject({ "webhook-timestamp": "1700000000", "webhook-signature": `v1,${mac}` });
  });

  it.each(["hex", "base64"] as const)("cover the body in a header of one's own, as %s", (encoding) => {
    const headers = signedHeaders(parseSigning(`${encoding}:x-signature`), "secret", webhook);
    expect(headers["x-signature"]).toBe(createHmac("sha256", "secret").update(webhook.body).digest(encoding));
  });

  it("are left out on demand, and unknown schemes are refused", () => {
    expect(Object.keys(signedHeaders("none", "", webhook))).toEqual(["content-type"]);
    for (const text of ["", "md5:x", "hex:", "hex:a b"]) expect(() => parseSigning(text)).toThrow("no signing scheme");
  });
});
