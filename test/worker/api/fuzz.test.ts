import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { app } from "../../../src/api/app.ts";
import { STATUS_OF } from "../../../src/api/errors.ts";
import { openApiDocument } from "../../../src/api/openapi/document.ts";
import type { Json, Operation } from "../../../src/api/openapi/types.ts";
import { noise, spoilt, valid } from "./schema-arbitrary.ts";
import { call, type ErrorBody, seedStore, signed, token } from "./support.ts";

/** Whatever is sent to whichever route: an answer of the API contract, never a 500. Made from the OpenAPI document itself. */

const document = openApiDocument(app, "https://worker.test");
const { schemas } = document.components;
const routes = Object.entries(document.paths)
  .filter(([path]) => path.startsWith("/v1/") || path.startsWith("/webhooks/"))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

/** Deleting routes have a store of their own: the others are tried on the first. */
const stores = { kept: "", deleted: "" };
beforeAll(async () => {
  stores.kept = (await seedStore()).row.location_id;
  stores.deleted = (await seedStore()).row.location_id;
});

/** Requests are accepted without effect, so that no run or purge disturbs the next request. */
const still = { ...env, SYNC: { send: async () => {} }, WEBHOOKS: { send: async () => {} } } as unknown as Env;

const encode = (part: Json) => encodeURIComponent(String(part).toWellFormed());

/** Bodies for an operation: valid ones, spoilt ones and noise. */
function bodies(operation: Operation): fc.Arbitrary<string> {
  const junk = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("{", "", "null", "[]", '{"__proto__":{"x":1}}', "[".repeat(9_000), '{"a":1e999}', "\ufeff{}"),
  );
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (schema === undefined) return junk;
  const right = valid(schema, schemas);
  const text = (value: fc.Arbitrary<Json>) => value.map((json) => JSON.stringify(json));
  return fc.oneof(
    { arbitrary: text(right), weight: 2 },
    { arbitrary: text(spoilt(right)), weight: 3 },
    { arbitrary: junk, weight: 1 },
  );
}

/** Each parameter left out, valid, or noise; and one that nobody knows. */
function queries(operation: Operation): fc.Arbitrary<Record<string, Json>> {
  const known = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
  const fields = known.map(({ name, schema }) => [name, fc.oneof(valid(schema, schemas), noise)] as const);
  return fc.record({ ...Object.fromEntries(fields), unknown: noise }, { requiredKeys: [] });
}

const types = fc.oneof(
  { arbitrary: fc.constant("application/json"), weight: 6 },
  { arbitrary: fc.constantFrom("application/json; charset=x", "text/plain", "multipart/form-data", ""), weight: 1 },
);

it.each(routes)("$route answers in the envelope, whatever it is sent", async ({ method, path, operation }) => {
  const jwt = await token();
  const store = method === "DELETE" ? stores.deleted : stores.kept;
  const given = fc.record({
    body: bodies(operation),
    query: queries(operation),
    id: noise,
    own: fc.boolean(),
    type: types,
    accept: fc.constantFrom("application/json", "text/csv", "*/*", ""),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ body, query, id, own, type, accept }) => {
      const filled = path
        .replace("{location_id}", own ? store : encode(id || "x"))
        .replaceAll(/\{\w+\}/g, encode(id || "x"));
      const search = Object.entries(query).map(([key, value]) => `${key}=${encode(value)}`);
      const headers: Record<string, string> = { accept, ...(type === "" ? {} : { "content-type": type }) };
      const raw = method === "GET" ? {} : { raw: body.toWellFormed() };
      const response = await call(method, `${filled}?${search.join("&")}`, { token: jwt, headers, env: still, ...raw });
      expect(response.headers.get("x-request-id")).toBeTruthy();
      // An id of nothing but dots leads to another address.
      const elsewhere = /\/\.{1,2}(\/|$)/.test(decodeURIComponent(filled));
      if (!elsewhere) expect(Object.keys(operation.responses)).toContain(String(response.status));
      if (response.status < 400) return void (await response.body?.cancel());
      const { error } = await response.json<ErrorBody>();
      expect(STATUS_OF).toHaveProperty(error.code, response.status);
      expect(error.code).not.toBe("SERVER_ERROR");
      expect(error.message).not.toBe("");
    }),
    { numRuns: 40 },
  );
});

/** The bytes of a signature, as text; null when it is none. */
function signatureIn(part: string): string | null {
  try {
    return part.startsWith("v1,") ? atob(part.slice("v1,".length)) : null;
  } catch {
    return null;
  }
}

it("a webhook that differs in anything from the signed one is 401, and writes nothing", async () => {
  const { row, secret } = await seedStore();
  const raw = '{"type":"inventory.updated","data":[{"inventoryId":1,"quantityAvailable":2}]}';
  const genuine = await signed(secret, "evt_genuine", raw);
  const sent: unknown[] = [];
  const recording = { ...env, WEBHOOKS: { send: async (body: unknown) => void sent.push(body) } } as unknown as Env;
  const path = `/webhooks/dutchie/${row.location_id}`;
  const state = async () => JSON.stringify((await env.DB.prepare("select * from locations").all()).results);
  const before = await state();

  const header = fc.constantFrom("webhook-id", "webhook-timestamp", "webhook-signature");
  // What a header can carry.
  const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  const forged = fc.oneof(
    fc.tuple(header, visible).map(([name, value]) => ({ headers: { ...genuine, [name]: value }, body: raw })),
    fc.tuple(header, fc.nat(80), visible).map(([name, at, extra]) => {
      const value = String(genuine[name as keyof typeof genuine]);
      return { headers: { ...genuine, [name]: value.slice(0, at) + extra + value.slice(at + 1) }, body: raw };
    }),
    header.map((name) => ({ headers: { ...genuine, [name]: "" }, body: raw })),
    fc.tuple(fc.nat(raw.length), fc.string()).map(([at, extra]) => ({
      headers: genuine,
      body: raw.slice(0, at) + extra + raw.slice(at + 1),
    })),
  );
  let sender = 0;
  await fc.assert(
    fc.asyncProperty(forged, async ({ headers, body }) => {
      fc.pre(JSON.stringify([headers, body.toWellFormed()]) !== JSON.stringify([genuine, raw]));
      // A second, valid signature beside a wrong one is how secrets are rotated. Base64 without its padding, or with other
      // unused bits, is the same signature.
      const given = headers["webhook-signature"];
      const isSame = given.split(" ").some((part) => signatureIn(part) === signatureIn(genuine["webhook-signature"]));
      fc.pre(!isSame || given === genuine["webhook-signature"]);
      // From an address each: the limit on strangers is another test's.
      const from = { ...headers, "cf-connecting-ip": `10.${sender >> 16}.${(sender >> 8) & 255}.${sender++ & 255}` };
      const response = await call("POST", path, { raw: body.toWellFormed(), headers: from, env: recording });
      expect(response.status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(sent).toEqual([]);
  expect(await state()).toBe(before);
  expect((await call("POST", path, { raw, headers: genuine, env: recording })).status).toBe(202);
  expect(sent).toHaveLength(1);
});
