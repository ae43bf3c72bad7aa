import type { JsonSchema, OpenApiDocument, Operation } from "../../src/api/openapi/types.ts";

// src/client/api.ts, made from the OpenAPI document that the Worker serves: named types, with what the schemas say about them.

const HEAD = `// Made from the OpenAPI document by \`npm run docs:api\`; a test fails when it is stale. Do not edit it: edit the schemas in
// \`src/contract/http\` and the routes in \`src/api/routes\`.

import type { Answer } from "./answer.ts";
`;

/** The client throws it as a `ReupError`. */
const THROWN = "Error";

/** The routes as a tree: a key for each part of the path, and `$get`, `$post` … at its end. */
interface Branch {
  calls: string[];
  parts: Map<string, Branch>;
}

export function clientTypes({ components, paths }: OpenApiDocument): string {
  const root = branch();
  for (const [path, operations] of Object.entries(paths)) {
    const calls = Object.entries(operations).flatMap(([method, operation]) => call(method, operation));
    if (calls.length === 0 || !path.startsWith("/v1/")) continue;
    const end = path
      .slice("/v1/".length)
      .replaceAll(/{(\w+)}/g, ":$1")
      .split("/")
      .reduce(into, root);
    end.calls.push(...calls);
  }
  return [
    HEAD,
    ...Object.entries(components.schemas).flatMap(([name, schema]) =>
      name === THROWN ? [] : declaration(name, schema),
    ),
    FIRST,
    `export const FIRST_KEYS: Record<string, string> = ${JSON.stringify(firstKeys({ components, paths }), null, 2)};\n`,
    `/** Every call under \`/v1\`, by the parts of its path. */\nexport interface Api ${tree(root)}\n`,
  ].join("\n");
}

const FIRST = `/** By the path of a question: a key that each answer to it has, or \`[]\`: it is a list. The client refuses another answer. */`;

function firstKeys({ components, paths }: Pick<OpenApiDocument, "components" | "paths">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, { get }]) => {
      const first = firstKey(get?.responses[200]?.content?.["application/json"]?.schema ?? {}, components);
      return first === undefined || !path.startsWith("/v1/") ? [] : [[path.replaceAll(/{(\w+)}/g, ":$1"), first]];
    }),
  );
}

function firstKey(
  { $ref, allOf, type, required }: JsonSchema,
  from: OpenApiDocument["components"],
): string | undefined {
  const [whole] = allOf ?? [];
  if (whole !== undefined) return firstKey(whole, from);
  if ($ref !== undefined) return firstKey(from.schemas[$ref.split("/").at(-1) ?? ""] ?? {}, from);
  return type === "array" ? "[]" : required?.[0];
}

const branch = (): Branch => ({ calls: [], parts: new Map() });

function into(from: Branch, part: string): Branch {
  const next = from.parts.get(part) ?? branch();
  from.parts.set(part, next);
  return next;
}

function tree({ calls, parts }: Branch): string {
  return block([...calls, ...[...parts].map(([part, next]) => `${key(part)}: ${tree(next)};`)]);
}

/** Nothing for an answer that is no JSON: the client reads the stream by itself. */
function call(method: string, { summary = "", parameters = [], requestBody, responses }: Operation): string[] {
  const answers = Object.entries(responses)
    .filter(([status]) => /^2/.test(status))
    .map(([status, { content }]) => (status === "204" ? "null" : content?.["application/json"]?.schema))
    .filter((schema) => schema !== undefined)
    .map((schema) => (typeof schema === "string" ? schema : typeOf(schema)));
  if (answers.length === 0) return [];
  const inputs = [["param", "path"] as const, ["query", "query"] as const, ["header", "header"] as const]
    .map(([name, where]) => ({ name, fields: parameters.filter((each) => each.in === where) }))
    .filter(({ fields }) => fields.length > 0)
    .map(({ name, fields }) => ({
      required: fields.some(({ required }) => required),
      text: `${name}: ${block(fields.map((each) => field(each.name, each.schema, each.required === true)))}`,
    }));
  const body = requestBody?.content?.["application/json"]?.schema;
  if (body !== undefined) inputs.push({ required: requestBody?.required === true, text: `json: ${typeOf(body)}` });
  const given = inputs.map(({ required, text }) => (required ? text : text.replace(":", "?:"))).join("; ");
  const optional = inputs.some(({ required }) => required) ? "" : "?";
  const takes = inputs.length === 0 ? "" : `given${optional}: { ${given} }`;
  return [`${comment(summary)}$${method}(${takes}): Promise<Answer<${[...new Set(answers)].join(" | ")}>>;`];
}

function declaration(name: string, schema: JsonSchema): string {
  const about = comment(schema.description);
  return schema.properties !== undefined && schema.type === "object"
    ? `${about}export interface ${name} ${typeOf(schema)}\n`
    : `${about}export type ${name} = ${typeOf(schema)};\n`;
}

function typeOf(schema: JsonSchema): string {
  const { $ref, allOf, anyOf, oneOf, type, items, properties, additionalProperties } = schema;
  if ($ref !== undefined) return $ref.split("/").at(-1) ?? $ref;
  if (allOf !== undefined) return both(allOf);
  const several = anyOf ?? oneOf;
  if (several !== undefined) return [...new Set(several.map(typeOf))].join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const names = (Array.isArray(type) ? type : [type]).map((name) => {
    if (name === "integer") return "number";
    if (name === "array") return listOf(typeOf(items ?? {}));
    if (name !== "object") return name ?? "unknown";
    if (properties !== undefined) return members(schema);
    return `Record<string, ${typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown"}>`;
  });
  return names.join(" | ");
}

/** A part that has only `null` besides says that the other may be absent; one without keys only describes it. */
function both(parts: JsonSchema[]): string {
  const isNullable = parts.some(({ type }) => Array.isArray(type) && type.includes("null"));
  const types = parts.filter((each) => each.$ref !== undefined || each.properties !== undefined).map(typeOf);
  return `${types.join(" & ")}${isNullable ? " | null" : ""}`;
}

const members = ({ properties = {}, required = [] }: JsonSchema): string =>
  block(Object.entries(properties).map(([name, schema]) => field(name, schema, required.includes(name))));

const field = (name: string, schema: JsonSchema, required: boolean): string =>
  `${comment(schema.description)}${key(name)}${required ? "" : "?"}: ${typeOf(schema)};`;

const key = (name: string): string => (/^[\w$]+$/.test(name) ? name : JSON.stringify(name));
const comment = (text: string | undefined): string => (text ? `/** ${text.replaceAll("*/", "* /")} */\n` : "");
const listOf = (type: string): string => (/^\w+$/.test(type) ? `${type}[]` : `Array<${type}>`);

/** On one line if nothing in it needs lines of its own: the formatter keeps that, where it fits. */
function block(lines: string[]): string {
  const between = lines.some((line) => line.includes("\n")) ? "\n" : " ";
  return `{${between}${lines.join(between)}${between}}`;
}
