import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunView, Stage, until } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** A Dutchie that answers as it should until it turns: then it sends no headers, drips, or never ends. */
async function neighbour(spoil: (response: ServerResponse) => void) {
  let hasTurned = false;
  const server = createServer((_, response) => {
    if (!hasTurned) response.writeHead(200, { "content-type": "application/json" }).end('[{"id":1,"name":"p"}]');
    else spoil(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { location } = await stage.api.call<{ location: { location_id: string } }>("POST", "/v1/locations", {
    name: "Hostile",
    time_zone: "America/Denver",
    dutchie: { endpoint, api_key: "any-key-will-do", profile: "guide" },
    settings: { data_types: { products: true, inventory: false, sales: false } },
  });
  const base = `/v1/locations/${location.location_id}`;
  return {
    base,
    turn: () => {
      hasTurned = true;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).write("[");
  const timer = setInterval(() => response.write(" "), 1_000);
  response.on("close", () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).write("[0");
  const rows = ",0".repeat(20_000);
  const send = () => {
    while (!response.destroyed && response.write(rows));
  };
  response.on("drain", send);
  send();
}

it("F83: beside slow and endless stores in one queue, a store's poll ends and its webhooks are applied in seconds", async () => {
  const neighbours = await Promise.all([() => {}, drip, flood].map(neighbour));
  const store = await stage.connect();
  store.sendWebhooks();
  expect((await store.sync("initial")).state).toBe("completed");
  for (const each of neighbours) each.turn();
  try {
    await Promise.all(neighbours.map(({ base }) => stage.api.call("POST", `${base}/syncs`, { mode: "initial" })));
    const poll = store.start("full");
    const item = [...store.dutchie.world.packages.values()].find(({ rooms }) => rooms.length > 0);
    if (item === undefined) throw new Error("The store has packages.");
    store.dutchie.setPackage(item.id, { quantity: 77 });
    await until(
      () => store.get<{ last_24h: { webhooks: { applied: number } } }>("/status"),
      (status) => status.last_24h.webhooks.applied > 0,
      10_000,
    );
    // Each slow store blocks the consumer once, for ten seconds; a local queue has one consumer.
    expect((await store.ended((await poll).run_id)).state).toBe("completed");
    expect(await store.differences()).toEqual([]);
    for (const { base } of neighbours) {
      const { current_run } = await stage.api.get<{ current_run: RunView | null }>(`${base}/status`);
      expect(current_run?.error?.code ?? "at it").toMatch(/at it|TIMEOUT|TOO_LARGE/);
    }
  } finally {
    for (const each of neighbours) each.close();
  }
});
