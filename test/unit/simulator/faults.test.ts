import { describe, expect, it } from "vitest";
import { call, INVENTORY, rows, SALES, store } from "./helpers.ts";

const PRODUCTS = "/reporting/products";

describe("faults that replace an answer", () => {
  it("429 is a rate limit for a number of calls, with or without Retry-After, JSON or text", async () => {
    const { simulator } = store();
    simulator.setFaults([{ kind: "429", path: "/reporting", times: 2, retryAfter: 7, text: true }]);
    const first = await call(simulator, PRODUCTS);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await first.text()).toContain("Too many requests");
    expect((await call(simulator, "/room/rooms")).status).toBe(200);
    expect((await call(simulator, PRODUCTS)).status).toBe(429);
    expect((await call(simulator, PRODUCTS)).status).toBe(200);
  });

  it("429 is a rate limit for some time", async () => {
    const { simulator, advance } = store();
    simulator.setFaults([{ kind: "429", forMs: 600_000 }]);
    advance(599_999);
    expect((await call(simulator, PRODUCTS)).status).toBe(429);
    advance(1);
    expect((await call(simulator, PRODUCTS)).status).toBe(200);
  });

  it("faults with a probability occur as often as stated, in the same way for the same seed", async () => {
    const run = async () => {
      const { simulator } = store({ size: 10, salesDays: 0 });
      simulator.setFaults([{ kind: "500", probability: 0.3 }]);
      const seen: number[] = [];
      for (let i = 0; i < 200; i++) seen.push((await call(simulator, "/okcomputer")).status);
      return seen;
    };
    const seen = await run();
    expect(seen.filter((status) => status === 500).length).toBeGreaterThan(40);
    expect(seen.filter((status) => status === 500).length).toBeLessThan(80);
    expect(await run()).toEqual(seen);
  });

  it("faults begin after some calls", async () => {
    const { simulator } = store();
    simulator.setFaults([{ kind: "503", after: 1, times: 1 }]);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await call(simulator, PRODUCTS)).status);
    expect(statuses).toEqual([200, 503, 200]);
  });

  it("empty200, html200, expiredKey and wrongLocation answer as their names say", async () => {
    const { simulator } = store();
    simulator.setFaults([{ kind: "empty200", path: "/reporting/inventory" }]);
    expect(await rows(simulator, INVENTORY)).toEqual([]);
    simulator.setFaults([{ kind: "html200" }]);
    expect((await call(simulator, PRODUCTS)).headers.get("content-type")).toContain("html");
    simulator.setFaults([{ kind: "expiredKey" }]);
    expect((await call(simulator, PRODUCTS)).status).toBe(401);
    simulator.setFaults([{ kind: "wrongLocation" }]);
    expect(await (await call(simulator, "/whoami")).json()).toMatchObject({ locationId: 4712 });
    simulator.clearFaults();
    expect(await (await call(simulator, "/whoami")).json()).toMatchObject({ locationId: 4711 });
  });

  it("timeout hangs until the caller gives up", async () => {
    const { simulator } = store();
    simulator.setFaults([{ kind: "timeout" }]);
    const caller = new AbortController();
    const hanging = call(simulator, PRODUCTS, { signal: caller.signal, headers: { accept: "*/*", "user-agent": "x" } });
    const settled = await Promise.race([
      hanging.then(() => "answered"),
      new Promise(setImmediate).then(() => "hanging"),
    ]);
    expect(settled).toBe("hanging");
    caller.abort();
    expect((await hanging).status).toBe(504);
  });
});

describe("faults in rows", () => {
  it("cutBody ends in the middle of a row, with an error or without", async () => {
    const { simulator } = store();
    simulator.setFaults([{ kind: "cutBody", end: "close" }]);
    const text = await (await call(simulator, PRODUCTS)).text();
    expect(text.startsWith('[{"productId"')).toBe(true);
    expect(() => JSON.parse(text)).toThrow();
    simulator.setFaults([{ kind: "cutBody", end: "destroy" }]);
    await expect((await call(simulator, PRODUCTS)).text()).rejects.toThrow();
  });

  it("stale shows a true earlier state", async () => {
    const { simulator, advance } = store();
    const before = {
      inventory: await rows(simulator, INVENTORY),
      products: await rows(simulator, PRODUCTS),
      sales: await rows(simulator, SALES),
    };
    advance(60_000);
    simulator.act({ count: 300 });
    const [gone] = simulator.world.packages.values();
    simulator.removePackage(gone?.id ?? 0);
    advance(60_000);
    expect(await rows(simulator, INVENTORY)).not.toEqual(before.inventory);
    simulator.setFaults([{ kind: "stale", ms: 120_000 }]);
    const byId = (list: Record<string, unknown>[], id: string) =>
      [...list].sort((a, b) => Number(a[id]) - Number(b[id]));
    expect(byId(await rows(simulator, INVENTORY), "inventoryId")).toEqual(byId(before.inventory, "inventoryId"));
    expect(byId(await rows(simulator, PRODUCTS), "productId")).toEqual(byId(before.products, "productId"));
    expect(byId(await rows(simulator, SALES), "transactionId")).toEqual(byId(before.sales, "transactionId"));
    simulator.setFaults([{ kind: "stale", ms: 30_000 }]);
    expect(await rows(simulator, INVENTORY)).not.toEqual(before.inventory);
  });

  it("poison spoils one row of a page", async () => {
    const { simulator } = store();
    simulator.setFaults([{ kind: "poison", every: 20 }]);
    const shown = await rows(simulator, INVENTORY);
    const bad = shown.filter((row) => row.quantityAvailable === "abc" && row.productId === null);
    expect(bad).toHaveLength(Math.ceil(shown.length / 20));
  });

  it("missingRows silently leaves out a share of the rows", async () => {
    const { simulator } = store({ size: 500 });
    simulator.setFaults([{ kind: "missingRows", share: 0.3 }]);
    const shown = await rows(simulator, PRODUCTS);
    expect(shown.length).toBeGreaterThan(300);
    expect(shown.length).toBeLessThan(400);
  });

  it("unknownFields, missingFields, stringNumbers and nulls change rows as their names say", async () => {
    const { simulator } = store();
    simulator.setFaults([
      { kind: "unknownFields" },
      { kind: "missingFields", fields: ["upc"] },
      { kind: "stringNumbers" },
    ]);
    const [row] = await rows(simulator, INVENTORY);
    expect(row).toMatchObject({ futureField: expect.anything(), inventoryId: expect.any(String) });
    expect((await rows(simulator, PRODUCTS))[0]).not.toHaveProperty("upc");
    simulator.setFaults([{ kind: "nulls", share: 1, fields: ["category"] }]);
    expect((await rows(simulator, PRODUCTS)).every((each) => each.category === null)).toBe(true);
  });
});
