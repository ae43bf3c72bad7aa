import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretFinder } from "../../../src/security/echo.ts";

const KEY = "Ab3+xY/9zQ==kLm&8'w<T>";
const containsKey = secretFinder([KEY, "integrator-key-7788"]);

const escapes = (each: (code: number) => string) => (text: string) =>
  [...text].map((char) => (/[a-z0-9]/i.test(char) ? char : each(char.charCodeAt(0)))).join("");
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
const base64Url = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const SPELLINGS: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  "in capitals": (text) => text.toUpperCase(),
  "with case turned round": (text) =>
    [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join(""),
  backwards: (text) => [...text].reverse().join(""),
  "JSON-escaped": escapes((code) => `\\u${hex(code, 4)}`),
  "JSON-escaped, every sign": (text) =>
    [...text].map((char) => `\\u${hex(char.charCodeAt(0), 4).toUpperCase()}`).join(""),
  "with \\x": escapes((code) => `\\x${hex(code, 2)}`),
  "URL-encoded": encodeURIComponent,
  "URL-encoded, every sign": (text) => [...text].map((char) => `%${hex(char.charCodeAt(0), 2)}`).join(""),
  "URL-encoded twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "in HTML, decimal": escapes((code) => `&#${code};`),
  "in HTML, hexadecimal": escapes((code) => `&#x${hex(code, 2)};`),
  "in HTML, by name": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("+", "&plus;")
      .replaceAll("/", "&sol;")
      .replaceAll("=", "&equals;")
      .replaceAll("<", "&lt;"),
  "in base64": btoa,
  "in base64 without padding": (text) => btoa(text).replace(/=+$/, ""),
  "in base64 for URLs": base64Url,
  "in base64 with something before": (text) => btoa(`Basic ${text}`),
  "in base64 of Basic": (text) => btoa(`${text}:`),
  "in base64 twice": (text) => btoa(btoa(text)),
  "in base64, in lower case": (text) => btoa(text).toLowerCase(),
  "in base64, in lines": (text) => btoa(text).replaceAll(/(.{8})/g, "$1\n"),
  "in hexadecimal": (text) => [...text].map((char) => hex(char.charCodeAt(0), 2)).join(""),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ text })),
  "URL-encoded base64": (text) => encodeURIComponent(btoa(text)),
  "in wide signs": (text) => [...text].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join(""),
  "with a line's end inside": (text) => `${text.slice(0, 5)}\n${text.slice(5)}`,
  "with invisible signs inside": (text) => [...text].join("\u200b"),
  "in the name of a host": (text) => text.replaceAll(/[^a-z0-9]/gi, "").toLowerCase(),
  "cut short": (text) => text.slice(0, 14),
};

describe("F76: a secret is found in every spelling", () => {
  it.each(Object.keys(SPELLINGS))("F76: a secret is found as %s", (name) => {
    const spelled = (SPELLINGS[name] ?? String)(KEY);
    expect(containsKey(spelled)).toBe(true);
    expect(containsKey(`{"message":"The key ${spelled} is not known","at":3}`)).toBe(true);
  });

  it("F76: any key of a store is found in any two spellings, anywhere", () => {
    const key = fc.string({
      unit: fc.constantFrom(...Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))),
      minLength: 16,
      maxLength: 60,
    });
    const reversible = [
      "JSON-escaped",
      "URL-encoded",
      "in HTML, decimal",
      "in base64",
      "in base64 for URLs",
      "in hexadecimal",
    ];
    fc.assert(
      fc.property(
        key,
        fc.constantFrom(...reversible),
        fc.constantFrom(...reversible),
        fc.string(),
        (secret, one, two, before) => {
          const spelled = SPELLINGS[two]?.(SPELLINGS[one]?.(secret) ?? "") ?? "";
          expect(secretFinder([secret])(`${before} ${spelled}.`)).toBe(true);
        },
      ),
    );
  });

  it("F76: the second secret is found as the first is, and an empty one finds nothing", () => {
    expect(containsKey(btoa("integrator-key-7788"))).toBe(true);
    expect(secretFinder([KEY, ""])("whatever it says")).toBe(false);
  });
});

it.each([
  "Account not authorized",
  "The price must be a number greater than 0",
  '{"message":"Product 4711 has no strain","TraceId":"0HN4F3A2B1C0D:00000007"}',
  "https://api.pos.dutchie.com/reporting/products?fromLastModifiedDateUTC=2026-01-01T00%3A00%3A00Z",
])("a text without the secret may be quoted: %s", (text) => {
  expect(containsKey(text)).toBe(false);
});

it.each([
  ["one run of base64", "QUJD".repeat(262_144)],
  ["backslashes", "\\".repeat(1_048_576)],
  ["percents", "%25".repeat(349_525)],
  ["entities that never end", "&#".repeat(524_288)],
  ["digits", "41".repeat(524_288)],
  ["blanks", " ".repeat(1_048_576)],
])("F76: the search of a megabyte of %s ends quickly with a key of 4 KB", (_, text) => {
  expect(secretFinder(["kQ7#".repeat(1_024)])(text)).toBe(false);
});
