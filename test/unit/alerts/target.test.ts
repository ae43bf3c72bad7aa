import { describe, expect, it } from "vitest";
import { checkTarget, targetHint } from "../../../src/alerts/target.ts";

const strict = (kind: "webhook" | "slack" | "email", target: string) =>
  checkTarget(kind, target, { allowLocal: false, own: "https://dutchie.ours.com" });

describe("the target of a channel", () => {
  it.each([
    ["webhook", "https://hooks.example.com/a/?key=1&b", "https://hooks.example.com/a/?key=1&b"],
    ["webhook", "https://Hooks.Example.com", "https://hooks.example.com/"],
    ["slack", "https://hooks.slack.com/services/T0/B0/x9Qz", "https://hooks.slack.com/services/T0/B0/x9Qz"],
    ["email", "ann.o'neil+alerts@shop.example", "ann.o'neil+alerts@shop.example"],
  ] as const)("the target %s %s is accepted as it is", (kind, given, target) => {
    expect(strict(kind, given)).toEqual({ ok: true, target });
  });

  it.each([
    ["webhook", "http://hooks.example.com"],
    ["webhook", "https://169.254.169.254/latest/meta-data/?x=1"],
    ["webhook", "https://localhost/?x"],
    ["webhook", "https://me:you@hooks.example.com/?x"],
    ["webhook", "https://hooks.example.com/#x"],
    ["webhook", "ann@shop.example"],
    ["webhook", "https://hooks.example.com/…erts"],
    ["slack", "https://10.0.0.1/services/x"],
    ["email", "https://hooks.example.com"],
    ["email", "ann@shop.example, bob@shop.example"],
    ["email", "ann@shop.example\r\nBcc: all@shop.example"],
    ["email", "Ann <ann@shop.example>"],
    ["email", `${"a".repeat(250)}@shop.example`],
  ] as const)("the target %s %j is refused", (kind, given) => {
    expect(strict(kind, given)).toEqual({ ok: false, reason: expect.any(String) });
  });
});

it.each([
  ["slack", "https://hooks.slack.com/services/T0/B0/x9Qz", "https://hooks.slack.com/…x9Qz"],
  ["webhook", "https://hooks.example.com:8443/", "https://hooks.example.com:8443"],
  ["webhook", "https://hooks.example.com/short", "https://hooks.example.com/…"],
  ["email", "ann@shop.example", "a…@shop.example"],
] as const)("the hint of %s %s is %s", (kind, target, hint) => {
  expect(targetHint(kind, target)).toBe(hint);
});
