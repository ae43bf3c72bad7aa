import type { OpenApiDocument } from "../../src/api/openapi/types.ts";

/** The document that the Worker serves, without a Worker. By the app's address: its types are workerd's, these are node's. */
export async function openApiDocument(): Promise<OpenApiDocument> {
  const { app }: { app: { request(url: string): Promise<Response> } } = await import(
    new URL("../../src/api/app.ts", import.meta.url).href
  );
  const response = await app.request("https://dutchie.reup.example/openapi.json");
  return (await response.json()) as OpenApiDocument;
}
