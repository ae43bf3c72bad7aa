import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { app } from "../../../src/api/app.ts";
import { STATUS_OF } from "../../../src/api/errors.ts";
import { call, type ErrorBody, seedStore, token } from "./support.ts";

/** Whatever is sent to whichever route: an answer of the contract, never a 500. */

const { paths } = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
const routes = Object.entries(paths ?? {})
  .filter(([path]) => path.startsWith("/v1/") || path.startsWith("/webhooks/"))
  .flatMap(([path, methods]) => Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`))
  // Deletes the store that the others are tried on.
  .filter((route) => !route.startsWith("DELETE"));

let location_id = "";
beforeAll(async () => {
  location_id = (await seedStore()).row.location_id;
});

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "\u0000", "\ud800", "'; --", "%", "__proto__"),
);

const dutchie = fc.record(
  {
    endpoint: fc.oneof(fc.webUrl(), text),
    api_key: text,
    integrator_key: fc.oneof(text, fc.constant(null)),
    location_id: text,
    profile: fc.constantFrom("auto", "pos", "x"),
    auth: fc.oneof(fc.constantFrom("basic", 7), fc.record({ header: text })),
  },
  { requiredKeys: [] },
);

/** Bodies that are nearly right get further than noise. */
const nearly = fc.record(
  {
    name: fc.oneof(text, fc.integer()),
    time_zone: fc.oneof(text, fc.constantFrom("UTC", "Europe/Berlin")),
    dutchie: fc.oneof(dutchie, fc.jsonValue()),
    settings: fc.oneof(
      fc.jsonValue(),
      fc.record({ room_types: fc.dictionary(text, text), overnight_hour: fc.integer() }, { requiredKeys: [] }),
    ),
    mode: fc.constantFrom("full", "verify", "x", null),
    heal: fc.oneof(fc.boolean(), fc.integer()),
    scheme: fc.record(
      { kind: fc.constantFrom("standard", "hmac", "x"), header: text, prefix: text },
      { requiredKeys: [] },
    ),
    type: text,
  },
  { requiredKeys: [] },
);

const body = fc.oneof(
  fc.json().map((json) => json),
  nearly.map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary" }),
  fc.constantFrom("{", "", "null", "[]", '{"__proto__":{"x":1}}', `${"[".repeat(9_000)}`, '{"a":1e999}', "\ufeff{}"),
);

const query = fc.dictionary(
  fc.constantFrom(
    "limit",
    "cursor",
    "q",
    "sku",
    "status",
    "from",
    "to",
    "since",
    "outcome",
    "include_merged",
    "resource",
  ),
  fc.oneof(
    text,
    fc.integer().map(String),
    fc.constantFrom("2026-10-01", "9999-12-31T23:59:59Z", "WyJ4Il0", "WzFlMzA4LCJ4Il0"),
  ),
  { maxKeys: 3 },
);

const encode = (part: string) => encodeURIComponent(part.toWellFormed());

it.each(routes)("%s answers in the envelope to whatever it is sent", async (route) => {
  const [method = "", template = ""] = route.split(" ");
  const jwt = await token();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        body,
        query,
        id: text,
        own: fc.boolean(),
        type: fc.constantFrom(
          "application/json",
          "application/json; charset=x",
          "text/plain",
          "multipart/form-data",
          "",
        ),
      }),
      async (given) => {
        const store = given.own ? location_id : encode(given.id || "x");
        const filled = template.replace("{location_id}", store).replaceAll(/\{\w+\}/g, encode(given.id || "x"));
        const search = Object.entries(given.query).map(([key, value]) => `${key}=${encode(value)}`);
        const headers: Record<string, string> = given.type === "" ? {} : { "content-type": given.type };
        const raw = method === "GET" ? {} : { raw: given.body.toWellFormed() };
        const response = await call(method, `${filled}?${search.join("&")}`, { token: jwt, headers, ...raw });
        expect(response.headers.get("x-request-id")).toBeTruthy();
        if (response.status < 400) return void (await response.body?.cancel());
        const { error } = await response.json<ErrorBody>();
        expect(STATUS_OF).toHaveProperty(error.code, response.status);
        expect(error.code).not.toBe("SERVER_ERROR");
        expect(error.message).not.toBe("");
      },
    ),
    { numRuns: 25 },
  );
});
