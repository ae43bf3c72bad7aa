import { createAdaptorServer } from "@hono/node-server";

export interface Listening {
  url: string;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

/** Answers HTTP on loopback; port 0 means any free port. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port = 0, hostname = "127.0.0.1" }: { port?: number; hostname?: string } = {},
): Promise<Listening> {
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return {
    url: `http://${hostname}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Hanging and kept-alive connections would keep the server open.
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
