import { setTimeout as pause } from "node:timers/promises";
import { createSimulator } from "../simulator/app.ts";
import { listen } from "../simulator/http/listen.ts";
import type { Stage } from "./stage.ts";
import { connect, type Store } from "./store.ts";
import { atOnce } from "./support/until.ts";

/** How many stores are connected at once: each is a connection test of several requests. */
const AT_ONCE = 8;

/**
 * Connects many small stores. One simulated Dutchie answers for all of them: each store has a path and a location id of its
 * own, and the same records. `lateBy`: how late a store's Dutchie begins to answer, ms.
 */
export async function connectFleet(stage: Stage, count: number, lateBy = (_store: number) => 0): Promise<Store[]> {
  const simulator = createSimulator({ size: 20, salesDays: 10, salesPerDay: 5, limits: "off", now: stage.now });
  const { url, close } = await listen(async (request) => {
    const asked = new URL(request.url);
    const [, store = "", rest = ""] = /^\/(\d+)(\/.*)$/.exec(asked.pathname) ?? [];
    if (rest === "/whoami") return Response.json({ locationId: Number(store), locationName: `Store ${store}` });
    await pause(lateBy(Number(store)));
    asked.pathname = rest;
    return simulator.app.fetch(new Request(asked, request));
  });
  stage.onClose(async () => {
    simulator.close();
    await close();
  });
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  return atOnce(numbers, AT_ONCE, (n) => connect(stage, `${url}/${n}`, simulator));
}
