import { createAdaptorServer } from "@hono/node-server";
import { createSimulator } from "../simulator/app.ts";
import type { Stage } from "./stage.ts";
import { connect, type Store } from "./store.ts";
import { atOnce } from "./support/until.ts";

/** How many stores are connected at once: each is a connection test of several requests. */
const AT_ONCE = 8;

/**
 * Connects many small stores. One simulated Dutchie answers for all of them: each store has a path and a location id of its
 * own, and the same records.
 */
export async function connectFleet(stage: Stage, count: number): Promise<Store[]> {
  const simulator = createSimulator({ size: 20, salesDays: 10, salesPerDay: 5, limits: "off", now: stage.now });
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request: Request) => {
      const [, store = "", rest = ""] = /^\/(\d+)(\/.*)$/.exec(new URL(request.url).pathname) ?? [];
      if (rest === "/whoami") return Response.json({ locationId: Number(store), locationName: `Store ${store}` });
      const url = new URL(request.url);
      url.pathname = rest;
      return simulator.app.fetch(new Request(url, request));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stage.onClose(async () => {
    simulator.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The simulated Dutchie has no port");
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  return atOnce(numbers, AT_ONCE, (n) => connect(stage, `http://127.0.0.1:${address.port}/${n}`, simulator));
}
