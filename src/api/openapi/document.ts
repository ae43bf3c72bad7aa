import type { OpenAPIHono } from "@hono/zod-openapi";
import { STATUS_OF } from "../errors.ts";
import type { AppEnv } from "../requests/context.ts";
import { VERSION } from "../version.ts";
import { exampleOf } from "./example.ts";
import type { Body, Json, Media, OpenApiDocument } from "./types.ts";

/** The API contract, made of the schemas that check the requests. Every body has an example that fits its schema. */
export function openApiDocument(app: OpenAPIHono<AppEnv>, server: string): OpenApiDocument {
  const description =
    "Errors are `{ error: { code, message, details } }`. Every answer has an `x-request-id`. Lists are " +
    "`{ data, next_cursor }`: ask again with `?cursor=` until `next_cursor` is null. Some also have numbered pages: " +
    "with `?page=` they answer `pagination: { page, limit, total }`.";
  const document: unknown = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "ReUp – Dutchie", version: VERSION, description },
    servers: [{ url: server }],
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
