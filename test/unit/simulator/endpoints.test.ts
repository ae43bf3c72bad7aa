import { describe, expect, it } from "vitest";
import { serveSimulator } from "../../../simulator/http/serve.ts";
import { expectedPotency, unitGrams } from "../../../simulator/world/potency.ts";
import type { Label } from "../../../simulator/world/records.ts";
import { call, HEADERS, INVENTORY, type Json, RANGE, rows, SALES, store } from "./helpers.ts";

describe("access to the simulator", () => {
  it("a wrong key gets an empty 401", async () => {
    const { simulator } = store();
    const answer = await call(simulator, "/whoami", { headers: { ...HEADERS, authorization: `Basic ${btoa("no:")}` } });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe("");
  });

  it("calls without Accept or User-Agent are blocked as a firewall does", async () => {
    const { simulator } = store();
    const { accept: _, ...without } = HEADERS;
    const answer = await call(simulator, "/whoami", { headers: without });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("content-type")).toContain("html");
  });

  it("the integrator key is the password if there is one", async () => {
    const { simulator } = store({ integratorKey: "int" });
    expect((await call(simulator, "/whoami")).status).toBe(401);
    const authorization = `Basic ${btoa("sim-key:int")}`;
    expect((await call(simulator, "/whoami", { headers: { ...HEADERS, authorization } })).status).toBe(200);
  });

  it("bearer and X-Api-Key work if they are switched on, under the guide's names only", async () => {
    const { simulator } = store({ auth: ["bearer", "header"] });
    const { authorization: _, ...open } = HEADERS;
    const status = async (path: string, extra: Record<string, string>) =>
      (await call(simulator, path, { headers: { ...open, ...extra } })).status;
    expect(await status("/rooms", { authorization: "Bearer sim-key" })).toBe(200);
    expect(await status("/rooms", { "x-api-key": "sim-key" })).toBe(200);
    expect(await status("/rooms", { authorization: HEADERS.authorization })).toBe(401);
    expect(await status("/room/rooms", { authorization: "Bearer sim-key" })).toBe(401);
  });

  it("a key without the role gets 403, and /whoami of a key without a location is 404", async () => {
    const { simulator } = store({ roles: ["Room"], locationId: null });
    expect((await call(simulator, "/reporting/products")).status).toBe(403);
    expect((await call(simulator, "/room/rooms")).status).toBe(200);
    expect((await call(simulator, "/whoami")).status).toBe(404);
  });

  it("only the profiles that are on are served", async () => {
    const { simulator } = store({ profiles: ["guide"] });
    expect((await call(simulator, "/reporting/products")).status).toBe(404);
    expect((await call(simulator, "/products")).status).toBe(200);
  });

  it("each answer has the simulator's own time", async () => {
    const { simulator } = store();
    expect((await call(simulator, "/okcomputer")).headers.get("date")).toBe("Thu, 15 Jan 2026 18:00:00 GMT");
  });
});

describe("the simulator's limits", () => {
  it("the 61st /reporting call in a minute gets 429, and a minute later calls pass", async () => {
    const { simulator, advance } = store({ limits: "real", size: 10, salesDays: 1 });
    for (let i = 0; i < 60; i++) expect((await call(simulator, "/reporting/products")).status).toBe(200);
    const refused = await call(simulator, "/reporting/inventory");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBeNull();
    expect(await refused.json()).toEqual({
      Message: "Too many requests - only 60 per minute allowed",
      TraceId: expect.any(String),
    });
    expect((await call(simulator, "/whoami")).status).toBe(200);
    advance(60_001);
    expect((await call(simulator, "/reporting/inventory")).status).toBe(200);
  });

  it("limits can be scaled, state a wait, and answer in plain text", async () => {
    const { simulator, advance } = store({ limits: { scale: 0.05 }, limitRetryAfter: true, limitText: true });
    for (let i = 0; i < 3; i++) await call(simulator, "/reporting/products");
    advance(20_000);
    const refused = await call(simulator, "/reporting/products");
    expect(refused.headers.get("retry-after")).toBe("40");
    expect(await refused.text()).toBe("Too many requests - only 3 per minute allowed");
  });
});

describe("the simulator's transactions", () => {
  it.each([
    ["", "nothing asked"],
    [`?${RANGE}&TransactionId=1`, "two ways at once"],
    ["?FromDateUTC=2026-01-01", "half a pair"],
    ["?FromDateUTC=2025-10-01T00:00:00Z&ToDateUTC=2026-01-01T00:00:00Z", "over 60 days"],
  ])("transactions answer 400 to %s (%s)", async (query) => {
    const { simulator } = store();
    const answer = await call(simulator, `/reporting/transactions${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ isValid: false, errors: [{ errorMessage: expect.any(String) }] });
  });

  it("transactions have lines only with IncludeDetail, and read times without Z as UTC", async () => {
    const { simulator } = store();
    const bare = await rows(simulator, `/reporting/transactions?${RANGE.replaceAll("Z", "")}`);
    const full = await rows(simulator, SALES);
    expect(bare.map((row) => row.transactionId)).toEqual(full.map((row) => row.transactionId));
    expect(bare.every((row) => row.items === null)).toBe(true);
    expect(full.every((row) => Array.isArray(row.items))).toBe(true);
  });

  it("a voided transaction is listed by last-modified", async () => {
    const { simulator, advance } = store();
    advance(60_000);
    const since = new Date(simulator.world.now()).toISOString();
    const [event] = simulator.act({ kind: "void" });
    const to = "2026-01-20T00:00:00Z";
    const changed = await rows(
      simulator,
      `/reporting/transactions?FromLastModifiedDateUTC=${since}&ToLastModifiedDateUTC=${to}`,
    );
    expect(changed.map((row) => row.transactionId)).toEqual([event !== undefined && "sale" in event && event.sale.id]);
  });
});

describe("both profiles of the simulator", () => {
  it("both profiles state the same products, stock and sales", async () => {
    const { simulator } = store({ size: 300 });
    simulator.act({ count: 300 });
    const [pos, guide] = [await rows(simulator, "/reporting/products"), await rows(simulator, "/products")];
    expect(guide.map((row) => [row.id, row.sku, row.name, row.brandName, row.price, row.isActive])).toEqual(
      pos.map((row) => [row.productId, row.sku, row.productName, row.brandName, row.price, row.isActive]),
    );
    const flat = (await rows(simulator, INVENTORY)).flatMap((row) =>
      (row.roomQuantities as Json[]).map((room) => [row.inventoryId, room.room, room.quantityAvailable, row.unitCost]),
    );
    const perRoom = await rows(simulator, "/inventory");
    expect(perRoom.map((row) => [row.id, row.roomName, row.quantity, row.unitCost])).toEqual(flat);
    const sales = await rows(simulator, SALES);
    expect(
      (await rows(simulator, "/transactions")).map((row) => [row.id, row.total, (row.items as Json[]).length]),
    ).toEqual(sales.map((row) => [row.transactionId, row.total, (row.items as Json[]).length]));
  });

  it("both profiles mean the same potency in every notation", async () => {
    const { simulator } = store({ size: 2000, salesDays: 0 });
    const truth = new Map(
      (simulator.oracle(["products"]).products ?? []).map((each) => [each.dutchie_product_id, each]),
    );
    for (const row of await rows(simulator, "/products")) {
      const grams = unitGrams(row.netWeight as number | null, row.netWeightUnit as string | null);
      const thc = expectedPotency(undress(row.potencyThc), grams);
      const cbd = expectedPotency(undress(row.potencyCbd), grams);
      expect([thc.percentage, thc.mg, cbd.percentage, cbd.mg], JSON.stringify(row)).toEqual(
        ["thc_percentage", "thc_mg", "cbd_percentage", "cbd_mg"].map(
          (field) => truth.get(String(row.id))?.[field as "thc_mg"],
        ),
      );
    }
  });

  it.each(["cursor", "url"] as const)("pages by %s lose and repeat no row while stock moves", async (paging) => {
    const { simulator } = store({ guidePaging: paging, guidePageSize: 7 });
    const ids: unknown[] = [];
    let path: string | null = "/products";
    while (path !== null) {
      const page = (await (await call(simulator, path)).json()) as { data: Json[]; next: string | null };
      ids.push(...page.data.map((row) => row.id));
      path = page.next === null || paging === "url" ? page.next : `/products?cursor=${page.next}`;
      simulator.act({ kind: "sell" });
    }
    expect(ids).toEqual([...simulator.world.products.values()].map((each) => each.id).sort((a, b) => a - b));
  });

  it("a key of another location sees no data", async () => {
    const { simulator } = store();
    expect((await call(simulator, "/products?locationId=9")).status).toBe(404);
    expect((await call(simulator, "/products?locationId=4711")).status).toBe(200);
    Object.assign(simulator.config, { otherLocation: "empty" });
    expect(await rows(simulator, "/products?locationId=9")).toEqual([]);
  });
});

/** Reads a potency of the guide's profile back into a label. */
function undress(potency: unknown): Label {
  if (potency === null) return { value: null, unit: null };
  if (typeof potency === "number") return { value: potency, unit: null };
  if (typeof potency === "string") {
    const [, number, unit = ""] = /^([\d.]+)\s*(.*)$/.exec(potency) ?? [];
    return { value: Number(number), unit: unit === "" ? null : (unit as Label["unit"]) };
  }
  const { range, unit } = potency as { range: number[]; unit: string };
  return { value: range[0] ?? null, unit: unit === "PERCENTAGE" ? "%" : "mg" };
}

describe("the simulator over the network", () => {
  it("the simulator serves, cuts a connection in the middle of a body, and releases hanging calls when it closes", async () => {
    const running = await serveSimulator({ size: 200, salesDays: 1, limits: "off" });
    const whole = await fetch(`${running.url}/reporting/products`, { headers: HEADERS });
    expect(await whole.json()).toHaveLength(200);
    running.simulator.setFaults([
      { kind: "cutBody", path: "/reporting" },
      { kind: "timeout", path: "/whoami" },
    ]);
    const cut = await fetch(`${running.url}/reporting/products`, { headers: HEADERS });
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow();
    const hanging = fetch(`${running.url}/whoami`, { headers: HEADERS });
    const ended = expect(hanging.then((answer) => answer.status)).rejects.toThrow();
    while (running.simulator.faults.list()[1]?.struck === 0) await new Promise(setImmediate);
    await running.close();
    await ended;
  });
});
