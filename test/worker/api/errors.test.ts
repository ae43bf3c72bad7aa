import { env } from "cloudflare:workers";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, envWith, errorOf, fakeLocation, seedStore, token } from "./support.ts";

afterEach(() => vi.restoreAllMocks());

/** A D1 whose every statement fails so. */
const failing = (error: unknown) =>
  envWith({
    DB: { prepare: () => ({ bind: () => ({ raw: () => Promise.reject(error), all: () => Promise.reject(error) }) }) },
  });

describe("the answers of the API", () => {
  it("each answer has an x-request-id: the caller's, or a new one", async () => {
    const ours = await call("GET", "/nowhere");
    expect(ours.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const theirs = await call("GET", "/v1/status", { headers: { "x-request-id": "abc-123" } });
    expect(theirs.headers.get("x-request-id")).toBe("abc-123");
  });

  it("each answer has security headers, and is not stored", async () => {
    const response = await call("GET", "/v1/status", { token: await token() });
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("an unknown address is answered with the error envelope", async () => {
    const response = await call("GET", "/nowhere");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: { code: "NOT_FOUND", message: expect.any(String), details: {} } });
  });

  it("an address answers a method that it does not take with 405, and names those that it takes", async () => {
    const document = await (await call("GET", "/openapi.json")).json<{ paths: Record<string, object> }>();
    const jwt = await token();
    const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    // Also the address of a dead letter with this id.
    delete document.paths["/v1/dead-letters/replay"];
    for (const [path, operations] of Object.entries(document.paths)) {
      const taken = methods.filter((method) => method.toLowerCase() in operations);
      for (const method of methods.filter((each) => !taken.includes(each))) {
        const response = await call(method, path.replaceAll(/[{}]/g, ""), { token: jwt });
        expect([path, method, response.status, response.headers.get("allow")]).toEqual([
          path,
          method,
          405,
          taken.join(", "),
        ]);
        expect(await errorOf(response)).toMatchObject({
          code: "METHOD_NOT_ALLOWED",
          message: `This address takes ${taken.join(", ")}, not ${method}.`,
        });
      }
    }
    // Without a token nobody learns what there is.
    expect((await call("PUT", "/v1/status")).status).toBe(401);
  });

  it("browsers of the listed origins only are allowed", async () => {
    const listed = envWith({ CORS_ORIGINS: "https://app.reup.example, https://x.example" });
    const ask = (origin: string) =>
      call("OPTIONS", "/v1/status", { env: listed, headers: { origin, "access-control-request-method": "GET" } });
    const allowed = await ask("https://app.reup.example");
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([
      204,
      "https://app.reup.example",
    ]);
    // A stream that broke off continues after its last message.
    expect(allowed.headers.get("access-control-allow-headers")).toContain("last-event-id");
    expect((await ask("https://thief.example")).headers.get("access-control-allow-origin")).toBeNull();
    const refused = await call("GET", "/v1/status", { env: listed, headers: { origin: "https://x.example" } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, "https://x.example"]);
  });
});

describe("the errors of the API", () => {
  it("a passing failure of the database is 503 with Retry-After", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    for (const message of [
      "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
      "D1_ERROR: Network connection lost.",
    ]) {
      const response = await call("GET", "/v1/status", { token: await token(), env: failing(new Error(message)) });
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("5");
      expect((await errorOf(response)).code).toBe("UNAVAILABLE");
    }
  });

  it("an unexpected error is 500, shows no internals, and logs no parameter of a query", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const error = new DrizzleQueryError(
      "select * from t where x = ?",
      ["secret-parameter"],
      new Error("no such table: t"),
    );
    const { row } = await seedStore();
    const broken = fakeLocation({ statusText: () => Promise.reject(error) });
    const response = await call("GET", `/v1/locations/${row.location_id}/status`, {
      token: await token(),
      env: broken,
    });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain("SERVER_ERROR");
    expect(text).not.toMatch(/secret-parameter|select|no such table/);
    expect(JSON.stringify(log.mock.calls)).not.toContain("secret-parameter");
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
      {
        event: "request_failed",
        request_id: response.headers.get("x-request-id"),
        route: "GET /v1/locations/:location_id/status",
        code: "SERVER_ERROR",
        cause: "no such table: t",
      },
    ]);
  });

  it("a wrong configuration is 503, and the answer names the variable, never its value", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const nobody = envWith({ AUTH_JWT_SECRET: undefined });
    const closed = await call("GET", "/v1/status", { token: await token(), env: nobody });
    expect([closed.status, (await errorOf(closed)).message]).toEqual([503, expect.stringContaining("AUTH_JWT_SECRET")]);
    const short = envWith({ AUTH_JWT_SECRET: "too-short-value", CREDENTIAL_KEYS: '{"k":"bad-value"}' });
    const { message } = await errorOf(await call("GET", "/v1/status", { token: await token(), env: short }));
    expect(message).toMatch(/AUTH_JWT_SECRET.*CREDENTIAL_KEYS/);
    expect(message).not.toMatch(/too-short-value|bad-value/);
  });
});

describe("the limits of the API", () => {
  it("too many requests of one person are 429 with Retry-After", async () => {
    const limit = vi.fn(async () => ({ success: false }));
    const given = { token: await token({ sub: "ann-of-errors" }), env: envWith({ API_LIMIT: { limit } }) };
    const response = await call("GET", "/v1/status", given);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(limit).toHaveBeenCalledWith({ key: "ret_1\nann-of-errors" });
  });

  it("a body over 100 KB, declared or chunked, is 413", async () => {
    const big = JSON.stringify({ name: "x".repeat(101 * 1024) });
    const chunked = new Response(big).body ?? "";
    const headers = { "content-type": "application/json" };
    for (const raw of [big, chunked]) {
      const response = await call("POST", "/v1/locations", { token: await token(), raw, headers });
      expect([response.status, (await errorOf(response)).code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    }
  });
});

describe("GET /healthz", () => {
  it("/healthz says whether the Worker works, and which part does not", async () => {
    const good = await call("GET", "/healthz");
    const checks = { d1: "ok", config: "ok", shards: "ok" };
    expect([good.status, await good.json()]).toEqual([200, { status: "ok", version: expect.any(String), checks }]);
    const bad = await call("GET", "/healthz", { env: failing(new Error("down")) });
    expect([bad.status, await bad.json()]).toMatchObject([503, { status: "failing", checks: { d1: "failing" } }]);
  });
});

describe("GET /readyz", () => {
  it("/readyz says what waits, how full the databases are, and nothing of a store", async () => {
    const good = await call("GET", "/readyz");
    const said = await good.json<Record<string, unknown>>();
    expect([good.status, said.not_ready]).toEqual([200, []]);
    const names = ["webhooks", "sync", "imports", "slow", "chores", "alerts", "notices"];
    expect(Object.keys(said.queues as object)).toEqual(names);
    expect(said).toMatchObject({
      status: "ok",
      mail: "not_set_up",
      databases: { accounts: { bytes: expect.any(Number), free_bytes: expect.any(Number) } },
    });
    expect(JSON.stringify(said)).not.toMatch(/loc_|ret_/);
  });

  it("/readyz fails with a database that does not answer, and where no schedule runs", async () => {
    const bad = await call("GET", "/readyz", { env: failing(new Error("down")) });
    expect([bad.status, await bad.json()]).toMatchObject([503, { status: "failing", not_ready: ["database"] }]);
    const other = await call("GET", "/readyz", { env: envWith({ ENVIRONMENT: "staging" }) });
    expect(other.status).toBe(503);
    expect((await other.json<{ not_ready: string[] }>()).not_ready).toEqual(
      expect.arrayContaining(["config", "schedule"]),
    );
  });
});

describe("GET /openapi.json", () => {
  it("/openapi.json is OpenAPI 3.1, and lists the answers of each route, errors included", async () => {
    const document = await (await call("GET", "/openapi.json", { env })).json<{
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown>; summary: string }>>;
      components: { securitySchemes: unknown; schemas: Record<string, unknown> };
    }>();
    expect(document.openapi).toBe("3.1.0");
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: "http", scheme: "bearer" } });
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Error", "Run", "Status", "Product"]),
    );
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { responses, summary } of Object.values(methods)) {
        expect(summary, path).toBeTruthy();
        if (path.startsWith("/v1/"))
          expect(Object.keys(responses), path).toEqual(expect.arrayContaining(["401", "403"]));
      }
    }
  });
});
