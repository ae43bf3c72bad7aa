import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../../src/api/app.ts";
import { call, envWith, errorOf, seedStore, token } from "./support.ts";

const ROLES = ["viewer", "manager", "admin"];

interface Document {
  paths: Record<string, Record<string, { summary: string; security?: unknown[] }>>;
}

/** Every route behind a token, as the OpenAPI document lists them: a new one is in the matrix by itself. */
const { paths } = app.getOpenAPI31Document({
  openapi: "3.1.0",
  info: { title: "", version: "" },
}) as unknown as Document;
const routes = Object.entries(paths)
  .filter(([path]) => path.startsWith("/v1/"))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, security }]) => ({
      method: method.toUpperCase(),
      path,
      role: /\((viewer|manager|admin)\)$/.exec(summary)?.[1] ?? "",
      security,
    })),
  );

const at = (path: string, location_id: string) =>
  path.replace("{location_id}", location_id).replaceAll(/\{\w+\}/g, "nothing");

const body = (method: string) => (method === "POST" || method === "PUT" || method === "PATCH" ? { body: {} } : {});

/** A valid body, for routes that check it before they look for the store. */
function bodyOf(method: string, path: string): { body?: object } {
  if (path.endsWith("/syncs") && method === "POST") return { body: { mode: "full" } };
  if (path.endsWith("/move") && method === "POST") return { body: { to: "01" } };
  if (path.endsWith("/resolve")) return { body: { action: "merge" } };
  if (path.endsWith("/link")) return { body: { dutchie_product_id: "1" } };
  if (path.includes("/products")) return method === "GET" ? {} : { body: { product_name: "x" } };
  return method === "PATCH" ? { body: { name: "x" } } : {};
}

/** A token whose header says `none` and which nobody signed. */
function unsigned(): string {
  const encode = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  const claims = { retailer_id: "ret_1", role: "admin", exp: Math.floor(Date.now() / 1000) + 600 };
  return `${encode({ alg: "none" })}.${encode(claims)}.AA`;
}

let location_id = "";
beforeAll(async () => {
  location_id = (await seedStore()).row.location_id;
});

it.each([
  ["ReUp's own token", { entity_id: "ret_1", retailer_id: undefined, role: "owner" }, 200, 404],
  ["permissions to read", { role: "retailer", permissions: ["read:inventory", "read:orders"] }, 200, 403],
  ["permissions to write", { role: undefined, permissions: ["write:inventory"] }, 200, 404],
  ["permissions for orders", { role: undefined, permissions: ["write:orders"] }, 403, 403],
  ["a role that is known beside greater permissions", { role: "viewer", permissions: ["admin:settings"] }, 200, 403],
  ["two retailers", { entity_id: "ret_2" }, 401, 401],
])("a token with %s reads and orders what it may", async (_, claims, reads, orders) => {
  const given = { token: await token(claims) };
  expect((await call("GET", `/v1/locations/${location_id}`, given)).status).toBe(reads);
  // 404: the caller may cancel runs, but there is no such run.
  expect((await call("POST", `/v1/locations/${location_id}/syncs/none/cancel`, given)).status).toBe(orders);
});

describe.each(routes)("$method $path", ({ method, path, role, security }) => {
  it("the document says that the route needs a token, and which role", () => {
    expect(security).toEqual([{ bearer: [] }]);
    expect(ROLES).toContain(role);
  });

  it.each([
    ["no token", async () => undefined],
    ["an expired token", () => token({}, { expires: Math.floor(Date.now() / 1000) - 120 })],
    ["a token without an end", () => token({}, { expires: null })],
    ["a token signed with another key", () => token({}, { secret: "another-secret-of-at-least-32-bytes-0000" })],
    ["an unsigned token", async () => unsigned()],
    ["a token without a retailer", () => token({ retailer_id: "" })],
    ["something that is no token", async () => "abc.def.ghi"],
  ])("a request with %s is 401", async (_, make) => {
    const jwt = await make();
    const response = await call(method, at(path, location_id), {
      ...(jwt === undefined ? {} : { token: jwt }),
      ...body(method),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.headers.get("x-request-id")).toBeTruthy();
    expect(await errorOf(response)).toMatchObject({ code: "UNAUTHORIZED", details: {} });
  });

  it("a token of another issuer or for another audience is 401", async () => {
    for (const strict of [{ AUTH_AUDIENCE: "dutchie" }, { AUTH_ISSUER: "https://reup.example" }]) {
      const jwt = await token({ aud: "another", iss: "https://another.example" });
      const given = { token: jwt, env: envWith(strict), ...body(method) };
      const response = await call(method, at(path, location_id), given);
      expect([response.status, (await errorOf(response)).code]).toEqual([401, "UNAUTHORIZED"]);
    }
  });

  it("a lower role, an unknown role and no role are 403", async () => {
    for (const lower of [...ROLES.slice(0, ROLES.indexOf(role)), "superuser", undefined]) {
      const jwt = await token({ role: lower as string });
      const response = await call(method, at(path, location_id), { token: jwt, ...body(method) });
      expect(response.status).toBe(403);
      expect(await errorOf(response)).toMatchObject({ code: "FORBIDDEN" });
    }
  });

  it("the right role is accepted", async () => {
    const response = await call(method, at(path, "loc_nowhere"), { token: await token({ role }), ...body(method) });
    // 202: an order that found nothing to do.
    expect([200, 202, 400, 404]).toContain(response.status);
  });

  if (path.includes("{location_id}")) {
    it.each([
      ["another retailer", { retailer_id: "ret_2" }],
      ["a token bound to other stores", { location_ids: ["loc_other"] }],
    ])("a request of %s is 404, as if the store did not exist", async (_, claims) => {
      const path_ = at(path, location_id);
      const asked = bodyOf(method, path);
      const response = await call(method, path_, { token: await token(claims), ...asked });
      expect(response.status).toBe(404);
      expect((await errorOf(response)).code).toBe("NOT_FOUND");
      expect(
        await env.DB.prepare("select deleted_at from locations where location_id = ?").bind(location_id).first(),
      ).toEqual({ deleted_at: null });
    });
  }
});

describe("the tokens of the API", () => {
  it("a token is accepted up to a minute after its end, because clocks differ", async () => {
    const jwt = await token({}, { expires: Math.floor(Date.now() / 1000) - 30 });
    expect((await call("GET", "/v1/status", { token: jwt })).status).toBe(200);
  });

  it("a token must have the configured issuer and audience", async () => {
    const strict = envWith({ AUTH_ISSUER: "https://reup.example", AUTH_AUDIENCE: "dutchie" });
    expect((await call("GET", "/v1/status", { token: await token(), env: strict })).status).toBe(401);
  });

  it("a token cannot be an HMAC over the public key if only a key server is configured", async () => {
    const jwks = envWith({ AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: "https://keys.example/jwks" });
    expect((await call("GET", "/v1/status", { token: await token(), env: jwks })).status).toBe(401);
  });

  it("a token whose location_ids are no list of ids is refused", async () => {
    expect((await call("GET", "/v1/status", { token: await token({ location_ids: "loc_1" }) })).status).toBe(401);
  });

  it("a token for some stores sees only these stores", async () => {
    const other = (await seedStore()).row.location_id;
    const jwt = await token({ role: "viewer", location_ids: [other] });
    const seen = await (await call("GET", "/v1/locations", { token: jwt })).json<{ data: { location_id: string }[] }>();
    expect(seen.data.map((store) => store.location_id)).toEqual([other]);
    const glance = await (await call("GET", "/v1/status", { token: jwt })).json<{ data: { location_id: string }[] }>();
    expect(glance.data.map((store) => store.location_id)).toEqual([other]);
  });
});
