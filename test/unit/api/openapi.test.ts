import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { type RulesetDefinition, Spectral } from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { OpenApiDocument } from "../../../src/api/openapi/types.ts";

interface App {
  routes: { method: string; path: string }[];
  request(url: string): Promise<Response>;
}

// By its address: this project's types are node's, the app's are workerd's. Here, since the validators compile code,
// which workerd forbids.
const { app }: { app: App } = await import(new URL("../../../src/api/app.ts", import.meta.url).href);
const response = await app.request("https://dutchie.reup.example/openapi.json");
const document = (await response.json()) as OpenApiDocument;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
);

/** Routes outside the API contract: those that serve it, and the page behind a link in a mail. */
const UNLISTED = ["GET /docs", "GET /openapi.json", "GET /consent/email", "POST /consent/email"];

/** Everything that the app answers to; middleware is registered for ALL methods. */
const registered = new Set(
  app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
);

/** Every object of the document that could be a schema. */
function schemasOf(node: unknown): Record<string, unknown>[] {
  if (typeof node !== "object" || node === null) return [];
  const within = Object.values(node).flatMap(schemasOf);
  return Array.isArray(node) ? within : [node as Record<string, unknown>, ...within];
}

describe("the OpenAPI document", () => {
  it("a validator of OpenAPI 3.1 accepts the document", async () => {
    const result = await new Validator().validate(structuredClone(document as object as Record<string, unknown>));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it("Redocly's recommended rules find no error in the document, and no warning", async () => {
    const config = await createConfig({
      extends: ["recommended"],
      // /healthz and /readyz take nothing and refuse nobody; the owner has not chosen a license.
      rules: { "operation-4xx-response": "off", "info-license": "off" },
    });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer }))).toEqual(
      [],
    );
  });

  it("Spectral's recommended rules find no error in the document, and no warning", async () => {
    const spectral = new Spectral();
    spectral.setRuleset({ extends: [[oas as RulesetDefinition, "recommended"]] });
    const problems = await spectral.run(document as object as Record<string, unknown>);
    expect(problems.map(({ code, message, path }) => ({ code, message, at: path.join("/") }))).toEqual([]);
  });

  it("the document lists each route of the app, and no other", () => {
    const listed = operations.map(({ route }) => route);
    expect([...listed, ...UNLISTED].sort()).toEqual([...registered].sort());
  });

  it("what may be null is not forbidden to be by its list of values", () => {
    const lists = schemasOf(document).filter(({ type }) => Array.isArray(type) && type.includes("null"));
    expect(lists.length).toBeGreaterThan(0);
    for (const schema of lists) {
      if (schema.enum !== undefined) expect(schema.enum).toContain(null);
      expect(schema.const ?? null).toBeNull();
    }
  });

  it("the document gives each operation an id of its own", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(operations.length);
  });
});

describe.each(operations)("$route", ({ route, operation }) => {
  const statuses = Object.keys(operation.responses);

  it("the operation lists every status that it may answer", () => {
    expect(statuses.some((status) => /^[23]/.test(status))).toBe(true);
    if (/\/(healthz|readyz)$/.test(route)) return;
    const always = ["400", "401", "429", "500", "503"];
    const own = route.includes("/v1/") ? ["403", "404"] : [];
    const written = route.startsWith("GET") ? [] : ["413"];
    expect(statuses).toEqual(expect.arrayContaining([...always, ...own, ...written]));
  });

  it("the operation says what it does and who may call it", () => {
    expect(operation.summary).toBeTruthy();
    expect(operation.description).toBeTruthy();
    expect(operation.security).toEqual(route.includes("/v1/") ? [{ bearer: [] }] : []);
  });

  it("the operation describes each answer, and shows each body by an example that fits its schema", () => {
    const bodies = [operation.requestBody ?? {}, ...Object.values(operation.responses)];
    for (const response of Object.values(operation.responses)) expect(response.description).toBeTruthy();
    for (const media of bodies.flatMap((body) => Object.entries(body.content ?? {}))) {
      const [type, { schema, example }] = media;
      if (type !== "application/json") continue;
      expect(example).toBeDefined();
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      const fits = ajv.compile({ ...schema, components: document.components });
      fits(example);
      expect(fits.errors ?? []).toEqual([]);
    }
  });
});
