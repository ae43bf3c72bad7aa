import { client } from "../client.ts";

/** Requests by address, for routes that the typed client does not know yet. */
export async function fetchJson<T>(path: string): Promise<T> {
  const response = await client.request(path);
  return (await response.json()) as T;
}

export async function sendJson(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await client.request(path, init);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}
