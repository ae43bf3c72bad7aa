import { createAdaptorServer } from "@hono/node-server";
import { createSimulator, type Simulator } from "../app.ts";
import type { SimulatorOptions } from "../options.ts";

export interface RunningSimulator {
  url: string;
  simulator: Simulator;
  close(): Promise<void>;
}

/** Listens on loopback; port 0 means any free port. */
export async function serveSimulator(
  options: SimulatorOptions & { port?: number; hostname?: string },
): Promise<RunningSimulator> {
  const { port = 0, hostname = "127.0.0.1", ...rest } = options;
  const simulator = createSimulator(rest);
  const server = createAdaptorServer({ fetch: simulator.app.fetch, overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${hostname}:${actual}`,
    simulator,
    close: () =>
      new Promise((resolve) => {
        simulator.close();
        server.close(() => resolve());
        // Hanging and kept-alive connections would keep the server open.
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
