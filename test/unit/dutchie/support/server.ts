import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { DutchieConfig } from "../../../../src/dutchie/http/config.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

export interface Server {
  endpoint: string;
  /** Paths with queries, in the order they came. */
  seen: string[];
  headers: IncomingMessage["headers"][];
  /** Resolves when a connection with an unfinished answer was closed by the client. */
  hungUp: Promise<void>;
}

/** A server on a free port for one test. */
export async function serve(handler: Handler): Promise<Server> {
  const seen: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  let tell = () => {};
  const hungUp = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    headers.push(request.headers);
    // Node keeps the text of its Date header for a second and longer.
    response.setHeader("date", new Date().toUTCString());
    response.on("close", () => {
      if (!response.writableFinished) tell();
    });
    handler(request, response, new URL(request.url ?? "/", "http://localhost"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, headers, hungUp };
}

/** A server that answers every request alike. */
export function answer(status: number, body: string, headers: Record<string, string> = {}): Promise<Server> {
  return serve((_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
}

/** Answers by path; 404 for every other. */
export function routes(byPath: Record<string, unknown>): Promise<Server> {
  return serve((_request, response, url) => {
    const body = byPath[url.pathname];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });
}

export function config(endpoint: string, more: Partial<DutchieConfig> = {}): DutchieConfig {
  return { endpoint, api_key: "key-123456", profile: "pos", auth: "basic", ...more };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
