import { describe, expect, test } from "vitest";
import { retryAfterMs } from "../../../../src/domain/limits/wait.ts";
import { classifyResponse, isFirewall, messageIn } from "../../../../src/dutchie/http/classify-response.ts";
import { classifyThrown } from "../../../../src/dutchie/http/classify-thrown.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 0, 0);
const asked = { path: "/room/rooms", role: "Room", now: NOW, isWrite: false, containsSecret: () => false };
const url = "https://api.example.com/x";
const thrown = (message: string, cause?: unknown) => Object.assign(new TypeError(message), { cause });

describe("what fetch throws", () => {
  test.each([
    ["node, refused", thrown("fetch failed", { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    [
      "node, refused on IPv4 and IPv6",
      thrown("fetch failed", new AggregateError([{ code: "ECONNREFUSED" }])),
      "ECONNREFUSED",
    ],
    ["node, unknown host", thrown("fetch failed", { code: "ENOTFOUND" }), "ENOTFOUND"],
    ["node, no DNS", thrown("fetch failed", { code: "EAI_AGAIN" }), "ENOTFOUND"],
    ["node, self-signed", thrown("fetch failed", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "TLS"],
    ["node, expired", thrown("fetch failed", { code: "CERT_HAS_EXPIRED" }), "TLS"],
    ["node, plain HTTP behind https", thrown("fetch failed", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }), "TLS"],
    ["node, connect time-out", thrown("fetch failed", { code: "UND_ERR_CONNECT_TIMEOUT" }), "TIMEOUT"],
    ["our time-out", new DOMException("no headers in time", "TimeoutError"), "TIMEOUT"],
    ["aborted", new DOMException("The operation was aborted", "AbortError"), "TIMEOUT"],
    ["workerd, refused or dropped", new Error("Network connection lost."), "ECONNREFUSED"],
    ["workerd, unknown host", new Error("internal error; reference = 42jn9o71"), "ENOTFOUND"],
    ["something else", new Error("what?"), "ECONNREFUSED"],
    ["nothing at all", undefined, "ECONNREFUSED"],
  ])("the exception “%s” is %s", (_name, error, code) => {
    const found = classifyThrown(error, { url });
    expect(found.code).toBe(code);
    expect(found.message).toContain("api.example.com");
  });

  test("workerd's internal error is TLS if the address is an IP, because there is no name to look up", () => {
    expect(classifyThrown(new Error("internal error; reference = x"), { url: "https://192.0.2.1/x" }).code).toBe("TLS");
  });

  test("a failure in the middle of a body is BAD_RESPONSE unless it is a time-out", () => {
    expect(classifyThrown(thrown("terminated", { code: "UND_ERR_SOCKET" }), { url, phase: "body" }).code).toBe(
      "BAD_RESPONSE",
    );
    expect(classifyThrown(new DOMException("", "TimeoutError"), { url, phase: "body" }).code).toBe("TIMEOUT");
  });
});

describe("a 403", () => {
  const of = (body: string, headers: Record<string, string> = {}) =>
    classifyResponse(403, new Headers(headers), body, asked);

  test("a 403 for a missing role names the role and the endpoint", () => {
    const error = of('{"message":"Account not authorized"}');
    expect(error.message).toBe('The API key lacks the role "Room", needed for /room/rooms (403)');
    expect(error.hint).toContain('the role "Room"');
    expect(isFirewall(error)).toBe(false);
    expect(of("").message).toBe(error.message);
  });

  test.each([
    ["a page", "<!DOCTYPE html><html>Attention Required!", {}],
    ["a page by its type", "blocked", { "content-type": "text/html; charset=UTF-8" }],
    ["a challenge", "", { "cf-mitigated": "challenge" }],
  ])("a 403 of the firewall is recognised: %s", (_name, body, headers) => {
    const error = of(body, headers);
    expect(error.code).toBe("FORBIDDEN");
    expect(isFirewall(error)).toBe(true);
    expect(error.hint).toContain("firewall");
  });
});

test("the hint of a refused write speaks of the edit, not of stock", () => {
  const { hint } = classifyResponse(412, new Headers(), "", { ...asked, isWrite: true });
  expect(hint).toContain("sends the edit again");
  expect(classifyResponse(412, new Headers(), "", asked).hint).toContain("no stock");
});

test("the hint of a 404 speaks of the key, where Dutchie says which location the key has", () => {
  const hintAt = (path: string) => classifyResponse(404, new Headers(), "", { ...asked, path }).hint;
  expect(hintAt("/whoami")).toContain("key without a location");
  expect(hintAt("/room/rooms")).toContain("Check the endpoint");
});

test.each([101, 204, 304])("an answer without content (%i) is no refusal and no redirect", (status) => {
  const error = classifyResponse(status, new Headers(), "", asked);
  expect(error.code).toBe("BAD_RESPONSE");
  expect(error.message).toBe(`/room/rooms answered without any content (${status})`);
});

test.each([
  ["7", 7_000],
  ["0", 0],
  ["1.5", 1_500],
  ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
  ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
  ["soon", null],
  ["-5", null],
  ["2026-01-01 00:00:30", null],
  [null, null],
])("Retry-After %j is %j ms", (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
  const error = classifyResponse(429, new Headers(header === null ? {} : { "retry-after": header }), "", asked);
  expect(error.retry_after_ms).toBe(expected ?? undefined);
});

test.each([
  [
    '{"Message":"Too many requests - only 120 per minute allowed","TraceId":"t"}',
    "Too many requests - only 120 per minute allowed",
  ],
  ['{"message":"no","propertyErrors":[{"propertyName":"a","propertyError":"must be set"}]}', "no; must be set"],
  ['{"isValid":false,"errors":[{"propertyName":"x","errorMessage":"pick one"}]}', "pick one"],
  ['{"errors":["one","two"]}', "one; two"],
  ['"just a text"', "just a text"],
  ["plain\n text", "plain text"],
  ['{"message":"cut off', '{"message":"cut off'],
  ["<html>", ""],
  ["", ""],
])("the error body %j is quoted as %j", (body, said) => {
  expect(messageIn(body)).toBe(said);
});

test("a long error body is quoted in part", () => {
  expect(classifyResponse(400, new Headers(), "x".repeat(4_000), asked).message.length).toBeLessThan(270);
});

describe("F76: quotes that may show a secret", () => {
  const KEY = "a key+with/signs";
  const containsSecret = (text: string) => text.includes(KEY);
  const of = (status: number, body: string, headers: Record<string, string> = {}, isWrite = false) =>
    classifyResponse(status, new Headers(headers), body, { ...asked, isWrite, containsSecret }).message;

  test.each([401, 403])("F76: nothing of a %i is quoted", (status) => {
    for (const body of ['{"message":"said so"}', "said so", '"said so"', '{"errors":["said so"]}']) {
      expect(of(status, body)).not.toContain("said so");
      expect(of(status, body)).toBe(of(status, ""));
    }
  });

  test.each([400, 404, 408, 409, 422, 429, 500, 503])(
    "F76: a body of status %i that decodes to a secret is not quoted",
    (status) => {
      for (const isWrite of [false, true]) {
        const message = of(status, JSON.stringify({ message: `said ${KEY}` }).replaceAll("+", "\\u002b"), {}, isWrite);
        expect(message).not.toMatch(/said|with/);
        expect(message).toContain("repeats the API key");
        expect(of(status, '{"message":"said so"}', {}, isWrite)).toContain("said so");
      }
    },
  );

  test("F76: a secret that is cut at the end of a quote is not quoted", () => {
    expect(of(400, JSON.stringify({ message: `${"x".repeat(190)}${KEY}` }))).not.toContain("xxx");
  });

  test("F76: the host of a redirect that contains a secret is not quoted", () => {
    const request = { ...asked, containsSecret: (text: string) => text.includes("secret") };
    const to = (location: string) => classifyResponse(302, new Headers({ location }), "", request).message;
    expect(to("https://secret.example.com/x")).not.toContain("secret");
    expect(to("https://login.example.com/secret")).toContain("redirects to login.example.com (302)");
  });
});
