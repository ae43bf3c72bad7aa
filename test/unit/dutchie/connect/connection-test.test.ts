import { describe, expect, test } from "vitest";
import type { Resource } from "../../../../src/domain/records/model.ts";
import { type ConnectionTest, testConnection } from "../../../../src/dutchie/connect/connection-test.ts";
import { detect } from "../../../../src/dutchie/connect/detect.ts";
import { answer, closedPort, routes, serve } from "../support/server.ts";

const NEEDED: Resource[] = ["products", "inventory", "sales", "rooms"];
const WHO = { LocationId: 12, LocationName: "Main St " };
const POS = {
  "/whoami": WHO,
  "/reporting/products": [{ productId: 1 }],
  "/reporting/inventory": [{ inventoryId: 1, quantityAvailable: 2 }],
  "/reporting/transactions": [],
  "/room/rooms": [{ roomId: 1, roomName: "Vault" }],
};
const GUIDE = { "/products": [], "/inventory": [{ id: 1, quantity: 2 }], "/transactions": [], "/rooms": [] };

const candidate = (endpoint: string, more = {}) => ({ endpoint, api_key: "key-123456", ...more });
const failing = (result: ConnectionTest) => result.checks.filter((check) => !check.ok).map((check) => check.name);

/** A server that wants the key in one header and knows the paths given. */
const guarded = (header: string, value: RegExp, paths: Record<string, unknown>) =>
  serve((request, response, url) => {
    if (!value.test(String(request.headers[header] ?? ""))) return void response.writeHead(401).end();
    const body = paths[url.pathname];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });

describe("auto finds out profile and scheme", () => {
  test.each([
    ["authorization", /^Basic /, POS, "pos", "basic"],
    ["authorization", /^Bearer /, POS, "pos", "bearer"],
    ["x-api-key", /./, POS, "pos", { header: "X-Api-Key" }],
    ["authorization", /^Basic /, GUIDE, "guide", "basic"],
    ["authorization", /^Bearer /, GUIDE, "guide", "bearer"],
    ["x-api-key", /./, { ...GUIDE, "/whoami": WHO }, "guide", { header: "X-Api-Key" }],
  ] as const)("auto detects %s %s → %s", async (header, value, paths, profile, auth) => {
    const { endpoint, seen } = await guarded(header, value, paths);
    expect(await detect(candidate(endpoint), {})).toMatchObject({ ok: true, profile, auth });
    expect(seen.length).toBeLessThanOrEqual(9);
  });

  test("a server that asks for the key only for its data is found as well", async () => {
    const { endpoint } = await serve((request, response, url) => {
      const body = GUIDE[url.pathname as keyof typeof GUIDE];
      if (body === undefined) return void response.writeHead(404).end();
      if (!request.headers.authorization?.startsWith("Bearer ")) return void response.writeHead(401).end();
      response.end(JSON.stringify(body));
    });
    expect(await detect(candidate(endpoint), {})).toMatchObject({ ok: true, profile: "guide", auth: "bearer" });
  });

  test("a key that no scheme accepts is UNAUTHORIZED", async () => {
    const { endpoint, seen } = await answer(401, "");
    expect(await detect(candidate(endpoint), {})).toMatchObject({ ok: false, error: { code: "UNAUTHORIZED" } });
    expect(seen).toHaveLength(3);
  });

  test("only a 401 makes the test try another scheme", async () => {
    const { endpoint, seen } = await answer(500, "");
    expect(await detect(candidate(endpoint), {})).toMatchObject({ ok: false, error: { code: "UPSTREAM_5XX" } });
    expect(seen).toHaveLength(1);
  });
});

describe("Test Connection", () => {
  test("a healthy store passes every check", async () => {
    const { endpoint } = await routes(POS);
    const result = await testConnection(candidate(endpoint, { location_id: "12" }), NEEDED);
    expect(result).toMatchObject({
      ok: true,
      profile: "pos",
      auth: "basic",
      location: { dutchie_location_id: "12", name: "Main St" },
      error: null,
    });
    expect(result.checks.map((check) => check.name)).toEqual([
      "reachable",
      "authenticated",
      "location",
      "products",
      "inventory",
      "transactions",
      "rooms",
      "clock",
    ]);
    expect(failing(result)).toEqual([]);
  });

  test("a guide's server without /whoami passes as well", async () => {
    const { endpoint } = await routes({ ...GUIDE, "/products": [{ id: 1 }] });
    for (const profile of ["auto", "guide"] as const) {
      const result = await testConnection(candidate(endpoint, { profile, location_id: "7" }), NEEDED);
      expect(result).toMatchObject({ ok: true, profile: "guide", location: null, error: null });
    }
  });

  test.each(["auto", "pos"] as const)(
    "a refused connection (profile %s) fails the check reachable and tries nothing else",
    async (profile) => {
      const result = await testConnection(candidate(`http://127.0.0.1:${await closedPort()}`, { profile }), NEEDED);
      expect(result).toMatchObject({ ok: false, location: null, error: { code: "ECONNREFUSED" } });
      expect(result.checks.find((check) => check.name === "rooms")).toMatchObject({
        ok: false,
        detail: expect.stringContaining("Not tried"),
      });
    },
  );

  test.each([
    ["ENOTFOUND", Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } })],
    ["TLS", Object.assign(new TypeError("fetch failed"), { cause: { code: "CERT_HAS_EXPIRED" } })],
    ["TIMEOUT", new DOMException("", "TimeoutError")],
  ])("%s is reported with its own code", async (code, error) => {
    const fetch = () => Promise.reject(error);
    const result = await testConnection(candidate("https://dutchie.test"), NEEDED, { fetch });
    expect(result.error).toMatchObject({ code });
    expect(result.checks[0]).toMatchObject({ name: "reachable", ok: false });
  });

  test("a refused key passes reachable and fails authenticated", async () => {
    const { endpoint } = await answer(401, "");
    const result = await testConnection(candidate(endpoint, { profile: "pos" }), NEEDED);
    expect(result.error?.code).toBe("UNAUTHORIZED");
    expect(result.checks.slice(0, 2).map((check) => check.ok)).toEqual([true, false]);
  });

  test("a missing role names role and endpoint, and only its check fails", async () => {
    const { endpoint } = await serve((_request, response, url) => {
      if (url.pathname === "/room/rooms")
        return void response.writeHead(403).end('{"message":"Account not authorized"}');
      response.end(JSON.stringify(POS[url.pathname as keyof typeof POS]));
    });
    const result = await testConnection(candidate(endpoint), NEEDED);
    expect(failing(result)).toEqual(["rooms"]);
    expect(result.error).toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(/role "Room".*\/room\/rooms/),
    });
  });

  test("a firewall's 403 is not reported as a missing role", async () => {
    const { endpoint } = await answer(403, "<!doctype html><title>Blocked</title>", { "content-type": "text/html" });
    const result = await testConnection(candidate(endpoint), NEEDED);
    expect(result.error).toMatchObject({ code: "FORBIDDEN", hint: expect.stringContaining("firewall") });
  });

  test("the key of another location is WRONG_LOCATION", async () => {
    const { endpoint } = await routes(POS);
    const result = await testConnection(candidate(endpoint, { location_id: "99" }), NEEDED);
    expect(failing(result)).toEqual(["location"]);
    expect(result.error).toMatchObject({ code: "WRONG_LOCATION", message: expect.stringContaining("Main St (12)") });
  });

  test("a key without a location (404 on /whoami) is WRONG_LOCATION, too", async () => {
    const { "/whoami": _, ...rest } = POS;
    const { endpoint } = await routes(rest);
    for (const profile of ["auto", "pos"] as const) {
      const result = await testConnection(candidate(endpoint, { profile }), NEEDED);
      expect(result.error?.code).toBe("WRONG_LOCATION");
    }
  });

  test.each([
    ["a web page", 200, "<html></html>", { "content-type": "text/html" }],
    ["another API", 200, '{"hello":"world"}', {}],
    ["a redirect to a login", 302, "", { location: "https://login.example/" }],
    ["a server of files", 404, "not found", {}],
  ])("%s is NOT_DUTCHIE", async (_name, status, body, headers) => {
    const { endpoint } = await answer(status, body, headers as Record<string, string>);
    for (const profile of ["auto", "pos", "guide"] as const) {
      const result = await testConnection(candidate(endpoint, { profile }), NEEDED);
      expect(result.error?.code).toBe("NOT_DUTCHIE");
      expect(result.checks[0]).toMatchObject({ name: "reachable", ok: true });
    }
  });

  test("a rate limit is reported with its wait", async () => {
    const { endpoint } = await answer(429, "slow down", { "retry-after": "30" });
    const result = await testConnection(candidate(endpoint), NEEDED);
    expect(result.error).toMatchObject({ code: "RATE_LIMITED", retry_after_ms: 30_000 });
  });

  test("F36: a clock fails if its difference is too large to correct, and passes if it is smaller", async () => {
    const { endpoint } = await routes(POS);
    const off = (ms: number) => testConnection(candidate(endpoint), NEEDED, { now: () => Date.now() + ms });
    expect(failing(await off(320_000))).toEqual(["clock"]);
    expect(failing(await off(200_000))).toEqual([]);
  });

  test.each(["/whoami", "/reporting/inventory", "/reporting/transactions"])(
    "F36: a clock that is wrong on %s alone fails",
    async (path) => {
      const { endpoint } = await serve((_request, response, url) => {
        const off = url.pathname === path ? 40 * 60_000 : 0;
        response.setHeader("date", new Date(Date.now() + off).toUTCString());
        const body = POS[url.pathname as keyof typeof POS];
        response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? ""));
      });
      const result = await testConnection(candidate(endpoint), NEEDED);
      expect(failing(result)).toEqual(["clock"]);
      expect(result.checks.find(({ name }) => name === "clock")?.detail).toContain("40 minutes ahead");
    },
  );

  test("an empty stock beside products passes, with a hint", async () => {
    const { endpoint } = await routes({ ...POS, "/reporting/inventory": [] });
    const result = await testConnection(candidate(endpoint), NEEDED);
    expect(result.ok).toBe(true);
    expect(result.checks.find((check) => check.name === "inventory")?.hint).toContain("zero");
  });

  test("only the endpoints that are needed are tried", async () => {
    const { endpoint, seen } = await routes(POS);
    const result = await testConnection(candidate(endpoint, { profile: "pos" }), ["inventory"]);
    expect(result.checks.map((check) => check.name)).toEqual([
      "reachable",
      "authenticated",
      "location",
      "inventory",
      "clock",
    ]);
    expect(seen).toHaveLength(2);
  });

  test("rows that cannot be read fail their check", async () => {
    const { endpoint } = await routes({ ...POS, "/reporting/inventory": [{ foo: 1 }] });
    expect(failing(await testConnection(candidate(endpoint), NEEDED))).toEqual(["inventory"]);
  });

  test.each([
    ["/transactions", [{ id: 1, when: "2026-01-01" }], "transactions", "no readable time (the row has id, when)"],
    ["/inventory", [{ code: "x", quantity: 1 }], "inventory", "no id (the row has code, quantity)"],
    ["/products", [{ code: "x" }], "products", "no id (the row has code)"],
  ])(
    "F68: rows of %s that cannot be read fail no other data type, and say which fields are missing",
    async (path, rows, name, words) => {
      const { endpoint } = await routes({ ...GUIDE, [path]: rows });
      for (const profile of ["auto", "guide"] as const) {
        const result = await testConnection(candidate(endpoint, { profile }), NEEDED);
        expect(result).toMatchObject({ ok: true, error: null, profile: "guide" });
        expect(failing(result)).toEqual([name]);
        expect(result.checks.find((check) => check.name === name)?.detail).toContain(words);
      }
    },
  );

  test("F68: if nothing can be read, nothing is connected", async () => {
    const unreadable = [{ foo: 1 }];
    const { endpoint } = await routes({ "/products": unreadable, "/inventory": unreadable });
    expect(await testConnection(candidate(endpoint), ["products", "inventory"])).toMatchObject({
      ok: false,
      error: { code: "BAD_RESPONSE" },
    });
  });
});
