import { describe, expect, it } from "vitest";
import type { Simulator } from "../../../simulator/app.ts";
import { call, type Json, store } from "./helpers.ts";

async function control(simulator: Simulator, method: string, path: string, body?: unknown) {
  const answer = await simulator.app.request(
    `/_sim${path}`,
    body === undefined ? { method } : { method, body: JSON.stringify(body) },
  );
  const text = await answer.text();
  return { status: answer.status, json: (text === "" ? null : JSON.parse(text)) as Json };
}

describe("the simulator's control", () => {
  it("control needs no key and returns the truth that was asked for", async () => {
    const { simulator } = store();
    const { json } = await control(simulator, "GET", "/oracle?resources=products,sales");
    expect(Object.keys(json).sort()).toEqual(["at", "duplicate_skus", "products", "sales"]);
    expect(json.products).toEqual(simulator.oracle().products);
  });

  it("control makes things happen and shows them", async () => {
    const { simulator } = store();
    const { json } = await control(simulator, "POST", "/act", { count: 2, kind: "edit" });
    expect(json.events).toMatchObject([{ type: "product.updated", changed: [{ resource: "products" }] }, {}]);
  });

  it("control counts requests by endpoint and status", async () => {
    const { simulator } = store();
    await control(simulator, "POST", "/faults", { faults: [{ kind: "500", path: "/room", times: 1 }] });
    await call(simulator, "/room/rooms");
    await call(simulator, "/room/rooms");
    const { json } = await control(simulator, "GET", "/state");
    expect(json.requests).toEqual({ "/room/rooms": { total: 2, "200": 1, "500": 1 } });
    expect((await control(simulator, "DELETE", "/faults")).status).toBe(204);
    expect(simulator.faults.list()).toEqual([]);
  });

  it("control sets fields, and removes records", async () => {
    const { simulator } = store();
    const [product] = simulator.world.products.values();
    const [item] = simulator.world.packages.values();
    expect((await control(simulator, "POST", `/products/${product?.id}`, { price: 1.25 })).status).toBe(200);
    expect((await control(simulator, "POST", `/packages/${item?.id}`, { quantity: 3, room: "Vault" })).status).toBe(
      200,
    );
    const { products, inventory } = simulator.oracle();
    expect(products).toContainEqual(
      expect.objectContaining({ dutchie_product_id: String(product?.id), unit_price: 1.25 }),
    );
    expect(inventory).toContainEqual(
      expect.objectContaining({ dutchie_inventory_id: String(item?.id), quantity: 3, room_name: "Vault" }),
    );
    expect((await control(simulator, "DELETE", `/products/${product?.id}`)).status).toBe(204);
    expect((await control(simulator, "DELETE", `/products/${product?.id}`)).status).toBe(404);
    expect((await control(simulator, "DELETE", `/packages/${item?.id}`)).status).toBe(204);
    expect(simulator.world.packages.get(item?.id ?? 0)).toBeUndefined();
  });

  it("control refuses unknown commands", async () => {
    const { simulator } = store();
    expect((await control(simulator, "POST", "/faults", { faults: [{ kind: "gremlin" }] })).status).toBe(400);
    expect((await control(simulator, "POST", "/packages/1", { colour: "green" })).status).toBe(400);
    expect((await control(simulator, "GET", "/nothing")).status).toBe(404);
  });

  it("control starts and stops the clock", async () => {
    const { simulator } = store();
    expect((await control(simulator, "POST", "/clock", { everyMs: 60_000 })).json).toEqual({ every_ms: 60_000 });
    expect((await control(simulator, "POST", "/clock", { everyMs: null })).json).toEqual({ every_ms: null });
    simulator.close();
  });
});
