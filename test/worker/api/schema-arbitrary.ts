import fc from "fast-check";
import type { Json, JsonSchema } from "../../../src/api/openapi/types.ts";

/** Values for the schemas of the OpenAPI document: valid ones, ones that were spoilt, and noise. */

type Schemas = Record<string, JsonSchema>;
const MAX_DEPTH = 6;

export const noise: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "\u0000", "\ud800", "'; --", "%", "__proto__", "9".repeat(400), "../..", "1e999", "\ufeff"),
);

/** Strings that match the patterns of the API contract; generic ones for other patterns. */
const texts = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/),
  fc.constantFrom(
    "https://api.pos.dutchie.com",
    "http://127.0.0.1:1",
    "https://[::1]/",
    "UTC",
    "Europe/Berlin",
    "2026-11-01T00:00:00Z",
    "2026-11-01",
    "X-Signature",
    "WyJ4Il0",
    "WzFlMzA4LCJ4Il0",
  ),
);

/** Mostly valid values of a schema. */
export function valid(schema: JsonSchema, schemas: Schemas, depth = 0): fc.Arbitrary<Json> {
  if (depth > MAX_DEPTH) return fc.constant(null);
  const inner = (part: JsonSchema) => valid(part, schemas, depth + 1);
  if (schema.$ref !== undefined) return inner(schemas[schema.$ref.slice("#/components/schemas/".length)] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  if (schema.allOf !== undefined) {
    return fc.tuple(...schema.allOf.map(inner)).map((parts) => Object.assign({}, ...parts) as Json);
  }
  const types = schema.type === undefined ? ["object"] : [schema.type].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, inner)));
}

function ofType(type: string, schema: JsonSchema, inner: (part: JsonSchema) => fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  switch (type) {
    case "object":
      return object(schema, inner);
    case "array":
      return fc.array(inner(schema.items ?? {}), { maxLength: 4 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "integer":
    case "number":
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 10_000 });
    default:
      return schema.example === undefined ? texts : fc.oneof(texts, fc.constant(schema.example));
  }
}

function object(schema: JsonSchema, inner: (part: JsonSchema) => fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined) {
    const values = typeof additionalProperties === "object" ? inner(additionalProperties) : fc.jsonValue();
    return fc.dictionary(texts, values as fc.Arbitrary<Json>, { maxKeys: 4 });
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, inner(part)]));
  return fc.record(fields, { requiredKeys: required }) as fc.Arbitrary<Json>;
}

/** One place of a value, anywhere in it, is replaced, removed or gets a neighbour. */
export function spoilt(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const other = fc.oneof(noise, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>, fc.constantFrom(-1, 1e308, 0.5));
  return fc
    .tuple(value, fc.nat(), other, fc.constantFrom("replace", "remove", "add"))
    .map(([given, at, replacement, how]) => mutate(given, { at, replacement, how }));
}

interface Mutation {
  at: number;
  replacement: Json;
  how: string;
}

function mutate(value: Json, { at, replacement, how }: Mutation): Json {
  if (typeof value !== "object" || value === null) return replacement;
  const entries = Object.entries(value);
  const index = at % (entries.length + 1);
  const rest = { at: Math.floor(at / (entries.length + 1)), replacement, how };
  const hit = entries[index];
  // An object with a member `toString` has no `String(…)`.
  const name = typeof replacement === "string" ? replacement : JSON.stringify(replacement);
  if (hit === undefined) return how === "add" ? { ...value, [name]: replacement } : replacement;
  const [key, inner] = hit;
  if (Array.isArray(value)) return value.map((each, position) => (position === index ? mutate(each, rest) : each));
  if (how === "remove" && rest.at % 2 === 0) return Object.fromEntries(entries.filter(([name]) => name !== key));
  return { ...value, [key]: mutate(inner, rest) };
}
