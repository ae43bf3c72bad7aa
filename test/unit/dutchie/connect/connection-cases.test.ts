import { describe, expect, test } from "vitest";
import type { Resource } from "../../../../src/domain/records/model.ts";
import { testConnection } from "../../../../src/dutchie/connect/connection-test.ts";
import { answer, closedPort, serve } from "../support/server.ts";

/** Each failure that Test Connection distinguishes, from a real server or a missing one, and its advice. */
const NEEDED: Resource[] = ["products", "inventory", "sales", "rooms"];
const POS: Record<string, unknown> = {
  "/whoami": { LocationId: 12, LocationName: "Main St" },
  "/reporting/products": [{ productId: 1 }],
  "/reporting/inventory": [{ inventoryId: 1, quantityAvailable: 2 }],
  "/reporting/transactions": [],
  "/room/rooms": [{ roomId: 1, roomName: "Vault" }],
};

const tried = (endpoint: string, more = {}, timeouts = {}) =>
  testConnection({ endpoint, api_key: "key-123456", profile: "pos", auth: "basic", ...more }, NEEDED, { timeouts });

/** A store in order, except for one path that answers with a status. */
const except = (path: string, status: number, body = "") =>
  serve((_request, response, url) => {
    if (url.pathname === path) return void response.writeHead(status).end(body);
    response.end(JSON.stringify(POS[url.pathname]));
  });

describe("Test Connection without an answer", () => {
  test("a port that refuses asks to check host, port and firewall", async () => {
    const { error } = await tried(`http://127.0.0.1:${await closedPort()}`);
    expect(error).toMatchObject({ code: "ECONNREFUSED", hint: expect.stringMatching(/host and port/) });
  });

  test("an unknown host asks to check its spelling", async () => {
    const { error } = await tried("https://dutchie.invalid");
    expect(error).toMatchObject({ code: "ENOTFOUND", message: expect.stringContaining("dutchie.invalid") });
    expect(error?.hint).not.toBe("");
  });

  test("a server without TLS at an https address fails with TLS", async () => {
    const { endpoint } = await answer(200, "[]");
    const { error, checks } = await tried(endpoint.replace("http:", "https:"));
    expect(error?.code).toBe("TLS");
    expect(checks[0]).toMatchObject({ name: "reachable", ok: false });
  });

  test("a server that takes the request and stays silent fails with a time-out", async () => {
    const { endpoint } = await serve(() => {});
    const { error } = await tried(endpoint, {}, { headers: 60 });
    expect(error).toMatchObject({ code: "TIMEOUT", hint: expect.stringMatching(/./) });
  });
});

describe("Test Connection with a refusal", () => {
  test("a 401 with an empty body points at the key", async () => {
    const { endpoint } = await answer(401, "");
    const { error, checks } = await tried(endpoint);
    expect(error).toMatchObject({ code: "UNAUTHORIZED", hint: expect.stringMatching(/key/i) });
    expect(checks.slice(0, 2).map(({ ok }) => ok)).toEqual([true, false]);
  });

  test.each([
    ["products", "/reporting/products", "Reporting"],
    ["inventory", "/reporting/inventory", "Reporting"],
    ["transactions", "/reporting/transactions", "Reporting"],
    ["rooms", "/room/rooms", "Room"],
  ])("a 403 on %s names the role and the endpoint, and fails no other check", async (name, path, role) => {
    const { endpoint } = await except(path, 403, '{"message":"Account not authorized"}');
    const { error, checks } = await tried(endpoint);
    expect(error?.code).toBe("FORBIDDEN");
    expect(error?.message).toContain(`role "${role}"`);
    expect(error?.message).toContain(path);
    expect(error?.hint).toContain(role);
    expect(checks.filter(({ ok }) => !ok).map((check) => check.name)).toEqual([name]);
  });

  test("a 403 page of the firewall does not point at the roles", async () => {
    const { endpoint } = await answer(403, "<!doctype html><title>Blocked</title>", { "content-type": "text/html" });
    const { error } = await tried(endpoint);
    expect(error).toMatchObject({
      code: "FORBIDDEN",
      hint: expect.stringContaining("The key's roles are not the cause"),
    });
  });

  test("a 429 states its wait", async () => {
    const { endpoint } = await answer(429, "slow down", { "retry-after": "7" });
    expect((await tried(endpoint)).error).toMatchObject({ code: "RATE_LIMITED", retry_after_ms: 7_000 });
  });
});

describe("Test Connection with another store's answer", () => {
  test("a key of another location names both locations", async () => {
    const { endpoint } = await except("/none", 404);
    const { error } = await tried(endpoint, { location_id: "99" });
    expect(error).toMatchObject({ code: "WRONG_LOCATION", message: expect.stringMatching(/Main St \(12\).*99/) });
    expect(error?.hint).not.toBe("");
  });

  test.each([
    [404, /location the API key belongs to: There is no \/whoami/],
    [302, /location the API key belongs to: \/whoami redirects/],
  ])("a /whoami that answers %i is told as it answered", async (status, message) => {
    const { endpoint } = await except("/whoami", status);
    const { error } = await tried(endpoint);
    expect(error).toMatchObject({ code: "WRONG_LOCATION", message: expect.stringMatching(message) });
    expect(error?.message.includes("404")).toBe(status === 404);
  });

  test("a web page is not Dutchie", async () => {
    const { endpoint } = await answer(200, "<html></html>", { "content-type": "text/html" });
    expect((await tried(endpoint)).error).toMatchObject({ code: "NOT_DUTCHIE", hint: expect.stringMatching(/./) });
  });

  test("F36: a clock fails if the Date header shows a difference that is too large to correct", async () => {
    const at = (ms: number) =>
      serve((_request, response, url) => {
        response.setHeader("date", new Date(Date.now() + ms).toUTCString());
        response.end(JSON.stringify(POS[url.pathname]));
      });
    for (const [ms, text] of [
      [-360_000, "6 minutes behind"],
      [7 * 86_400_000 + 10_000, "7 days ahead"],
    ] as const) {
      const { ok, checks, error } = await tried((await at(ms)).endpoint);
      // It is reported, and a store can be connected all the same.
      expect([ok, error]).toEqual([true, null]);
      const failed = { name: "clock", detail: expect.stringContaining(text), hint: expect.stringContaining("NTP") };
      expect(checks.filter((check) => !check.ok)).toEqual([{ ok: false, ...failed }]);
    }
    expect((await tried((await at(-240_000)).endpoint)).ok).toBe(true);
  });

  test("an empty inventory beside products is reported with what to do", async () => {
    const { endpoint } = await serve((_request, response, url) => {
      response.end(url.pathname === "/reporting/inventory" ? "[]" : JSON.stringify(POS[url.pathname]));
    });
    const { ok, checks } = await tried(endpoint);
    const inventory = checks.find(({ name }) => name === "inventory");
    expect(ok).toBe(true);
    expect(inventory?.detail).toContain("no stock at all, though Dutchie lists products");
    expect(inventory?.hint).toContain("Dutchie's support");
  });
});

test("a whole test asks each endpoint once, far below the key's limit", async () => {
  const { endpoint, seen } = await except("/none", 404);
  expect((await tried(endpoint)).ok).toBe(true);
  expect(seen.map((path) => path.split("?")[0]).sort()).toEqual(Object.keys(POS).sort());
});

test("no answer of the test contains the key, even if the server echoes all it was sent", async () => {
  const { endpoint } = await serve((request, response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: `bad ${request.headers.authorization}, key-123456, integrator-654321` }));
  });
  const result = JSON.stringify(await tried(endpoint, { integrator_key: "integrator-654321" }));
  expect(result).toContain("repeats the API key");
  for (const part of ["key-123456", "integrator-654321", btoa("key-123456:integrator-654321").slice(0, 24)]) {
    expect(result).not.toContain(part);
  }
});
