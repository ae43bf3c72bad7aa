import type { OpenAPIHono } from "@hono/zod-openapi";
import { STATUS_OF } from "../errors.ts";
import type { AppEnv } from "../requests/context.ts";
import { VERSION } from "../version.ts";
import { exampleOf } from "./example.ts";
import type { Body, Json, Media, OpenApiDocument } from "./types.ts";

/** The groups of docs/api.md, in its order. */
const TAGS = [
  { name: "Service", description: "Is it alive, is it ready, and in which database a store's records are" },
  { name: "Webhooks", description: "What Dutchie sends" },
  { name: "Connecting", description: "A store's key, settings and webhook" },
  { name: "Syncing", description: "Syncs, their progress and the status of stores" },
  { name: "Records", description: "Products, packages, sales and rooms as Dutchie has them" },
  { name: "Insights", description: "Sales and customers, summed up" },
  { name: "Told to others", description: "The change feed and who gets it" },
  { name: "Putting things right", description: "What needs a person: alerts, decisions, edits, failed messages" },
  { name: "Alert channels", description: "Where alerts are sent" },
];

/** The API contract, made of the schemas that check the requests. Every body has an example that fits its schema. */
export function openApiDocument(app: OpenAPIHono<AppEnv>, server: string): OpenApiDocument {
  const description =
    "Errors are `{ error: { code, message, details } }`. Every answer has an `x-request-id`. Lists are " +
    "`{ data, next_cursor }`: ask again with `?cursor=` until `next_cursor` is null. Some also have numbered pages: " +
    "with `?page=` they answer `pagination: { page, limit, total }`.";
  const document: unknown = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "ReUp – Dutchie",
      version: VERSION,
      description,
      contact: { name: "Whoever runs this server", url: server },
    },
    servers: [{ url: server }],
    tags: TAGS,
  });
  return withExamples(document as OpenApiDocument);
}

function withExamples(document: OpenApiDocument): OpenApiDocument {
  const { schemas } = document.components;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId ??= operationId(method, path);
      operation.description ??= operation.summary;
      for (const media of jsonOf(operation.requestBody)) media.example ??= exampleOf(media.schema ?? {}, schemas);
      for (const [status, response] of Object.entries(operation.responses)) {
        for (const media of jsonOf(response)) {
          media.example ??=
            media.schema?.$ref === "#/components/schemas/Error"
              ? errorExample(Number(status), response.description ?? "")
              : exampleOf(media.schema ?? {}, schemas);
        }
      }
    }
  }
  return document;
}

const jsonOf = (body: Body | undefined): Media[] =>
  Object.entries(body?.content ?? {}).flatMap(([type, media]) => (type === "application/json" ? [media] : []));

function errorExample(status: number, message: string): Json {
  const code = Object.entries(STATUS_OF).find(([, known]) => known === status)?.[0] ?? "SERVER_ERROR";
  return { error: { code, message: `${message}.`, details: {} } };
}

/** Client generators name their functions by it: `get_v1_locations_location_id`. */
const operationId = (method: string, path: string) =>
  `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, "_")}`.replace(/_$/, "");
