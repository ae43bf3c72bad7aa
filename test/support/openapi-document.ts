import type { OpenApiDocument } from "../../src/api/openapi/types.ts";

/** The document that the Worker serves, without a Worker. Imported by a variable path: the app has workerd's types, this file Node's. */
export async function openApiDocument(): Promise<OpenApiDocument> {
  const { app }: { app: { request(url: string): Promise<Response> } } = await import(
    new URL("../../src/api/app.ts", import.meta.url).href
  );
  const response = await app.request("https://dutchie.reup.example/openapi.json");
  return (await response.json()) as OpenApiDocument;
}
