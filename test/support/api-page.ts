import type { JsonSchema, Media, OpenApiDocument, Operation } from "../../src/api/openapi/types.ts";
import { HINTS } from "../../src/dutchie/http/errors.ts";

// docs/api.md, made from the OpenAPI document that the Worker serves.

const DESCRIBED = {
  head: `# The API contract

Made from the OpenAPI document by \`npm run docs:api\`; a test fails when it is stale. Do not edit it: edit the schemas in
\`src/contract/http\` and the routes in \`src/api/routes\`. The running Worker serves the same at \`/docs\` and \`/openapi.json\`.

- JSON in snake_case. Times are ISO 8601 in UTC. Money and quantities are numbers.
- Send the token as \`Authorization: Bearer <JWT>\`. A manager may do what a viewer may, and an admin may do everything.
- Lists answer \`{ data, next_cursor }\`. Ask again with \`?cursor=\` until \`next_cursor\` is null.
- Every answer has \`x-request-id\`. A field marked \`?\` may be absent.
- Names and meanings do not change. New fields may be added.
`,
  errors: `## Errors

\`\`\`json
{ "error": { "code": "INVALID_REQUEST", "message": "what is wrong, in a sentence", "details": {} } }
\`\`\`
`,
  dutchie: `## Errors of Dutchie

A connection test, a run, a status and an edit have one of these codes, with a hint about what to do.
`,
  webhooks: `## Webhooks

**Dutchie to us.** \`POST /webhooks/dutchie/{location_id}\`, below. Types: \`inventory.updated\`, \`product.created\`,
\`product.updated\`, \`sale.completed\`; any other type is accepted and recorded as ignored. The type may be under \`type\` or
\`event\`, the time under \`occurred_at\`, \`timestamp\` or \`created_at\`. \`data\` is one row, a list, or \`{ "items": [...] }\`, under
the names of either of Dutchie's APIs. The signature is that of [Standard Webhooks](https://www.standardwebhooks.com), or a
custom HMAC header per store. The event's id is the header \`webhook-id\`; under a custom scheme it is \`id\` or \`event_id\` in
the body.

**Us to you.** An alert channel of kind \`webhook\` gets \`{ "type", "timestamp", "data" }\`, signed by Standard Webhooks. Types:
\`alert.fired\`, \`alert.repeated\`, \`alert.resolved\`, \`alert.test\`. \`webhook-id\` is the id of the notice: a notice that comes twice has the same id.
Answer 2xx within 10 seconds.
`,
};

export function apiPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? "Others"))];
  const endpoints = tags.flatMap((tag) => [
    `## ${tag === "Webhooks" ? "The webhook endpoint" : tag}\n`,
    ...operations
      .filter(({ operation }) => (operation.tags?.[0] ?? "Others") === tag)
      .map(({ route, operation }) => endpoint(route, operation)),
  ]);
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `### ${name}\n\n${fields(schema) || `${typeOf(schema)}\n`}`,
  );
  const parts = [
    DESCRIBED.head,
    DESCRIBED.errors,
    errorTable(operations.map(({ operation }) => operation)),
    DESCRIBED.dutchie,
    table(
      ["code", "what to do"],
      Object.entries(HINTS).map(([code, hint]) => [`\`${code}\``, hint]),
    ),
    DESCRIBED.webhooks,
    ...endpoints,
    "## Schemas\n",
    ...schemas,
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

/** From the examples of the answers themselves: each code, its status and its description. */
function errorTable(operations: Operation[]): string {
  const rows = new Map<string, string[]>();
  for (const { responses } of operations) {
    for (const [status, { description, content }] of Object.entries(responses)) {
      const media = content?.["application/json"];
      if (media?.schema?.$ref !== "#/components/schemas/Error") continue;
      const { error } = media.example as unknown as { error: { code: string } };
      if (!rows.has(error.code)) rows.set(error.code, [status, `\`${error.code}\``, description ?? ""]);
    }
  }
  return table(
    ["status", "code", "meaning"],
    [...rows.values()].sort(([a = ""], [b = ""]) => a.localeCompare(b)),
  );
}

function endpoint(route: string, operation: Operation): string {
  const [, summary = "", role] = /^(.*?)(?: \((viewer|manager|admin)\))?$/s.exec(operation.summary ?? "") ?? [];
  const parameters = (operation.parameters ?? []).map(({ name, in: where, required, description, schema }) => [
    `\`${name}\`${required ? "" : "?"}`,
    where,
    typeOf(schema),
    [
      description ?? schema.description,
      schema.default === undefined ? null : `Default ${JSON.stringify(schema.default)}`,
    ]
      .filter(Boolean)
      .join(". "),
  ]);
  const answers = Object.entries(operation.responses).filter(([status]) => /^[23]/.test(status));
  const errors = Object.keys(operation.responses).filter((status) => /^[45]/.test(status));
  return [
    `### ${route}\n`,
    `${summary}${/[.?]$/.test(summary) ? "" : "."} ${operation.description === operation.summary ? "" : operation.description}`
      .trim()
      .concat("\n"),
    `Role: ${role ?? "none, no token"}.${errors.length === 0 ? "" : ` Errors: ${errors.join(", ")}.`}\n`,
    ...(parameters.length === 0 ? [] : [table(["parameter", "in", "type", ""], parameters)]),
    ...bodies("Body", operation.requestBody?.content),
    ...answers.flatMap(([status, { description, content }]) =>
      content === undefined ? [`${status}: ${description}.\n`] : bodies(`${status}: ${description}.`, content),
    ),
  ].join("\n");
}

function bodies(title: string, content: Record<string, Media> = {}): string[] {
  return Object.entries(content).map(([type, { schema = {} }]) => {
    const rows = fields(schema);
    const what = rows === "" ? typeOf(schema) : "";
    return `${[title, type === "application/json" ? "" : `\`${type}\``, what].filter(Boolean).join(" ")}\n${rows && `\n${rows}`}`;
  });
}

/** A row for each field, those of nested objects under dotted names; empty for what is no object. */
function fields(schema: JsonSchema): string {
  const rows = rowsOf(schema, "");
  return rows.length === 0 ? "" : table(["field", "type", ""], rows);
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const inner = field.items ?? field;
    const path = `${prefix}${name}`;
    const nested = rowsOf(inner, `${path}${field.items === undefined ? "." : "[]."}`);
    const row = [`\`${path}\`${required.includes(name) ? "" : "?"}`, typeOf(field), field.description ?? ""];
    return [row, ...nested];
  });
}

/** In words: `string or null`, `active | inactive`, `[Product]`. */
function typeOf(schema: JsonSchema): string {
  const { $ref, items, type, allOf, anyOf, oneOf, format } = schema;
  if ($ref !== undefined) return linkTo($ref);
  if (allOf !== undefined) {
    const isNullable = allOf.some((each) => Array.isArray(each.type) && each.type.includes("null"));
    return `${typeOf(allOf[0] ?? {})}${isNullable ? " or null" : ""}`;
  }
  const several = anyOf ?? oneOf;
  if (several !== undefined) return [...new Set(several.map(typeOrKeys))].join(" or ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(" \\| ");
  if (items !== undefined)
    return `list of ${typeOf(items)}${Array.isArray(type) && type.includes("null") ? ", or null" : ""}`;
  if (type === undefined) return "any";
  if (typeof schema.additionalProperties === "object") return `map of ${typeOf(schema.additionalProperties)}`;
  const names = (Array.isArray(type) ? type : [type]).map((name) =>
    name === "string" && format === "date-time" ? "time" : name,
  );
  return [names.join(" or "), ...boundsOf(schema)].join(", ");
}

/** An object that is one of several possibilities has no rows of its own: its keys distinguish it. */
const typeOrKeys = (schema: JsonSchema): string =>
  schema.properties === undefined ? typeOf(schema) : `\`{ ${Object.keys(schema.properties).join(", ")} }\``;

function boundsOf({ minimum, maximum, exclusiveMinimum, minLength, maxLength }: JsonSchema): string[] {
  const range = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : null;
  const bounds = [
    range,
    range === null && minimum !== undefined ? `at least ${minimum}` : null,
    range === null && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `at most ${maximum}` : null,
    exclusiveMinimum === undefined ? null : `over ${exclusiveMinimum}`,
    minLength !== undefined && minLength > 1 ? `at least ${minLength} characters` : null,
    maxLength === undefined ? null : `at most ${maxLength} characters`,
  ];
  return bounds.filter((bound) => bound !== null);
}

const linkTo = (ref: string) => {
  const name = ref.split("/").at(-1) ?? ref;
  return `[${name}](#${name.toLowerCase()})`;
};

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n");
}
