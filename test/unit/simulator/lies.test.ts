import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Liar } from "../../../simulator/lies/liar.ts";
import {
  drawLie,
  LIE_RESOURCES,
  type LieInput,
  type LieResource,
  lieSchema,
  MUTATIONS,
} from "../../../simulator/lies/lies.ts";
import { Random } from "../../../simulator/random.ts";
import { call, INVENTORY, type Json, SALES, START, store } from "./helpers.ts";

const READS = [
  ["products", "pos", "/reporting/products", "productId", "productName"],
  ["inventory", "pos", INVENTORY, "inventoryId", "productName"],
  ["sales", "pos", SALES, "transactionId", "transactionType"],
  ["rooms", "pos", "/room/rooms", "roomId", "roomName"],
  ["products", "guide", "/products", "id", "name"],
  ["inventory", "guide", "/inventory", "id", "productName"],
  ["sales", "guide", "/transactions", "id", "type"],
  ["rooms", "guide", "/rooms", "id", "name"],
] as const;

/** What an honest and a lying store of the same seed answer to one read. */
async function read(path: string, ...lies: LieInput[]) {
  const { simulator, advance } = store({ size: 20, salesDays: 2 });
  const honest = (await (await call(simulator, path)).json()) as Json[];
  simulator.setLies(lies);
  const answer = await call(simulator, path);
  const text = await answer.text();
  return { honest, text, answer, rows: () => JSON.parse(text) as Json[], simulator, advance };
}

describe.each(READS)("lies about %s of the %s profile", (on, _profile, path, id, name) => {
  const row = (op: LieInput["op"], value?: unknown): LieInput => ({ on, target: "row", op, value, every: 3, from: 1 });
  const field = (op: LieInput["op"], value?: unknown, key: string = name): LieInput => ({
    on,
    target: "field",
    op,
    value,
    field: key,
  });
  const answer = (op: LieInput["op"], value?: unknown): LieInput => ({ on, target: "answer", op, value });
  const lied = (index: number) => index % 3 === 1;

  it("lies change an answer: nothing, a half, twice, backwards, null, text in text, one row instead of a list", async () => {
    expect((await read(path, answer("drop"))).rows()).toEqual([]);
    const half = await read(path, answer("cut"));
    expect(half.rows().length).toBeLessThan(half.honest.length);
    expect(half.rows()).toEqual(half.honest.slice(0, half.rows().length));
    const twice = await read(path, answer("double"));
    expect(twice.rows()).toEqual([...twice.honest, ...twice.honest]);
    const backwards = await read(path, answer("order"));
    expect(backwards.rows()).not.toEqual(backwards.honest);
    expect(new Set(backwards.rows().map((each) => each[id]))).toEqual(
      new Set(backwards.honest.map((each) => each[id])),
    );
    expect((await read(path, answer("null"))).rows()).toBeNull();
    const quoted = await read(path, answer("type", "text"));
    expect(JSON.parse(JSON.parse(quoted.text))).toEqual(quoted.honest);
    expect((await read(path, answer("type", "object"))).text).toMatch(/^\{/);
  });

  it("lies change an answer: other keys, another clock, an absurd wait, a page, an error object", async () => {
    const rekeyed = await read(path, answer("rekey", "Products"));
    expect(rekeyed.rows()).toEqual({ Products: rekeyed.honest });
    const cased = await read(path, answer("case"));
    expect(Object.keys(cased.rows()[0] ?? {})).toContain(`${id.charAt(0).toUpperCase()}${id.slice(1)}`);
    const shifted = await read(path, answer("shift", 7 * 86_400_000));
    expect(Date.parse(shifted.answer.headers.get("date") ?? "")).toBe(START + 7 * 86_400_000);
    const waits = await read(path, answer("wait", "999999999"));
    expect([waits.answer.status, waits.answer.headers.get("retry-after")]).toEqual([429, "999999999"]);
    const page = await read(path, answer("page", "<html>"));
    expect([page.answer.status, page.text]).toEqual([200, "<html>"]);
    expect((await read(path, answer("page", { Result: false }))).rows()).toEqual({ Result: false });
  });

  it("lies change only the meant rows: left out, null, another type, without id, doubled, half, under another key", async () => {
    const dropped = await read(path, row("drop"));
    expect(dropped.rows()).toEqual(dropped.honest.filter((_, index) => !lied(index)));
    const nulls = await read(path, row("null"));
    expect(nulls.rows()).toEqual(nulls.honest.map((each, index) => (lied(index) ? null : each)));
    const typed = await read(path, row("type", "list"));
    expect(typed.rows()).toEqual(typed.honest.map((each, index) => (lied(index) ? [each] : each)));
    const nameless = await read(path, row("withoutId"));
    expect(nameless.rows().map((each) => id in each)).toEqual(nameless.honest.map((_, index) => !lied(index)));
    const doubled = await read(path, row("double", 1));
    expect(doubled.rows()[1]?.[id]).toBe(doubled.rows()[2]?.[id]);
    expect(doubled.rows().length).toBe(doubled.honest.length + doubled.honest.filter((_, index) => lied(index)).length);
    const half = await read(path, row("cut"));
    expect(Object.keys(half.rows()[1] ?? {}).length).toBe(Math.ceil(Object.keys(half.honest[1] ?? {}).length / 2));
    const under = await read(path, row("rekey", "data"));
    expect(under.rows()[1]).toEqual({ data: under.honest[1] });
  });

  it("lies change rows: the other sign, another time, other key names, another order, a placeholder", async () => {
    const signed = await read(path, row("sign"));
    expect([signed.rows()[0], signed.rows()[1]?.[id]]).toEqual([signed.honest[0], -Number(signed.honest[1]?.[id])]);
    const reordered = await read(path, row("order"));
    expect(Object.keys(reordered.rows()[1] ?? {})).toEqual(Object.keys(reordered.honest[1] ?? {}).reverse());
    const cased = await read(path, row("case"));
    expect(Object.keys(cased.rows()[1] ?? {})[0]).toMatch(/^[A-Z]/);
    expect((await read(path, row("placeholder", "N/A"))).rows()[1]).toBe("N/A");
    const shifted = await read(path, row("shift", 86_400_000));
    for (const [key, value] of Object.entries(shifted.honest[1] ?? {})) {
      if (!/UTC$|updatedAt/i.test(key) || typeof value !== "string") continue;
      const utc = (text: unknown) => Date.parse(String(text).replace(/Z?$/, "Z"));
      expect(utc(shifted.rows()[1]?.[key])).toBe(utc(value) + 86_400_000);
    }
  });

  it("lies change a field: left out, null, another type, a placeholder, cased, dressed, cut, doubled, swollen, under another key", async () => {
    const value = async (op: LieInput["op"], by?: unknown) => {
      const { honest, rows } = await read(path, field(op, by));
      return [rows()[0]?.[name], String(honest[0]?.[name])] as const;
    };
    expect(name in ((await read(path, field("drop"))).rows()[0] ?? {})).toBe(false);
    expect((await value("null"))[0]).toBeNull();
    const [object, was] = await value("type", "object");
    expect(object).toEqual({ value: was });
    expect((await value("placeholder", "TBD"))[0]).toBe("TBD");
    expect((await value("case", "upper"))[0]).toBe(was.toUpperCase());
    expect((await value("dress", " |"))[0]).toBe(`${was} |`);
    expect((await value("cut"))[0]).toBe(was.slice(0, Math.floor(was.length / 2)));
    expect((await value("double"))[0]).toBe(`${was}${was}`);
    expect((await value("swell", 2_000))[0]).toHaveLength(2_000);
    expect((await read(path, field("rekey", "Value"))).rows()[0]).toMatchObject({ [`${name}Value`]: was });
    const scaled = await read(path, field("scale", 100, id));
    expect(scaled.rows()[0]?.[id]).toBe(100 * Number(scaled.honest[0]?.[id]));
    const any = await read(path, { ...field("drop"), field: 0.999 });
    expect(Object.keys(any.rows()[0] ?? {})).toEqual(Object.keys(any.honest[0] ?? {}).slice(0, -1));
  });

  it("lies begin after some answers, last for some, and stop on command", async () => {
    const { simulator } = store({ size: 20, salesDays: 2 });
    simulator.setLies([{ ...answer("drop"), after: 1, times: 2 }]);
    const counts = [];
    for (let each = 0; each < 4; each++) counts.push(((await (await call(simulator, path)).json()) as Json[]).length);
    expect(counts.map((count) => count === 0)).toEqual([false, true, true, false]);
    simulator.setLies([answer("drop")]);
    simulator.lies.stop();
    expect(await (await call(simulator, path)).json()).not.toEqual([]);
  });
});

it("a stale copy shows an earlier state: of the answer minutes ago, of a row or field when first read", async () => {
  for (const lie of [
    { target: "answer", value: 300_000 },
    { target: "row" },
    { target: "field", field: "price" },
  ] as const) {
    const { simulator, advance } = store({ size: 20, salesDays: 0 });
    simulator.setLies([{ on: "products", op: "stale", ...lie }]);
    const price = async () => ((await (await call(simulator, "/reporting/products")).json()) as Json[])[0]?.price;
    const before = await price();
    advance(60_000);
    simulator.setProduct(Number([...simulator.world.products.values()][0]?.id), { price: 999 });
    expect(await price()).toBe(before);
    simulator.lies.stop();
    expect(await price()).toBe(999);
  }
});

it("rooms are renamed, split and merged under both profiles", async () => {
  const pos = await read(INVENTORY, { on: "inventory", target: "row", op: "splitRoom", value: " B" });
  for (const [index, row] of pos.rows().entries()) {
    const rooms = roomsOf(row);
    expect(rooms.length).toBe(2 * roomsOf(pos.honest[index]).length);
    expect(rooms.reduce((sum, each) => sum + Number(each.quantityAvailable), 0)).toBeCloseTo(
      Number(row.quantityAvailable),
      6,
    );
  }
  const guide = await read("/inventory", { on: "inventory", target: "row", op: "splitRoom", value: " " });
  expect(guide.rows().length).toBe(2 * guide.honest.length);
  const renamed = await read("/inventory", { on: "inventory", target: "row", op: "renameRoom", value: "vault" });
  expect(new Set(renamed.rows().map((each) => each.roomName))).toEqual(new Set(["vault"]));
  const merged = await read(INVENTORY, { on: "inventory", target: "row", op: "mergeRooms" });
  for (const row of merged.rows()) {
    expect(row.roomQuantities).toMatchObject([{ quantityAvailable: row.quantityAvailable }]);
  }
});

it("lies change a field of nested rows", async () => {
  const { rows } = await read(SALES, { on: "sales", target: "field", op: "sign", field: "items.quantity" });
  const quantities = rows().flatMap((row) => (row.items as Json[]).map((item) => Number(item.quantity)));
  expect(quantities.length).toBeGreaterThan(0);
  expect(Math.max(...quantities)).toBeLessThan(0);
});

it("lies change fields of /whoami, too", async () => {
  const { simulator } = store({ size: 20, salesDays: 0 });
  simulator.setLies([{ on: "location", target: "field", op: "null", field: "locationName" }]);
  expect(await (await call(simulator, "/whoami")).json()).toMatchObject({ locationId: 4711, locationName: null });
});

it("lies keep the next page of the guide's pages", async () => {
  const { simulator } = store({ size: 20, salesDays: 0, guidePaging: "cursor", guidePageSize: 5 });
  simulator.setLies([{ on: "products", target: "answer", op: "rekey", value: "items" }]);
  const page = (await (await call(simulator, "/products")).json()) as Json;
  expect(page).toMatchObject({ items: expect.any(Array), next: expect.any(String) });
});

describe("lies in webhooks", () => {
  async function sent(lies: LieInput[], kind: "edit" | "sell" | "receive") {
    const bodies: Json[] = [];
    const { simulator } = store({
      size: 20,
      salesDays: 0,
      webhook: { url: "http://reup.test/hook", secret: `whsec_${btoa("s".repeat(32))}`, profile: "pos" },
      fetch: async (_url, init) => {
        bodies.push(JSON.parse(String(init?.body)));
        return new Response(null, { status: 202 });
      },
    });
    simulator.setLies(lies);
    simulator.act({ kind });
    await simulator.webhooks.idle();
    return bodies;
  }

  it("webhooks lie about time, content and shape, and their signature stays valid", async () => {
    const via = "webhook";
    const late = await sent([{ on: "products", via, target: "answer", op: "shift", value: 86_400_000 }], "edit");
    expect(Date.parse(String(late[0]?.occurred_at))).toBeGreaterThan(START + 80_000_000);
    const wrapped = await sent([{ on: "inventory", via, target: "answer", op: "rekey", value: "items" }], "receive");
    expect(wrapped[0]?.data).toMatchObject({ items: [{ inventoryId: expect.any(Number) }] });
    const nameless = await sent([{ on: "sales", via, target: "row", op: "withoutId" }], "sell");
    expect(nameless[0]?.data).not.toHaveProperty("transactionId");
    const free = await sent(
      [{ on: "products", via, target: "field", op: "placeholder", value: 0, field: "price" }],
      "edit",
    );
    expect(free[0]?.data).toMatchObject({ price: 0 });
  });

  it("webhooks do not lie if only reads should", async () => {
    const bodies = await sent([{ on: "products", target: "row", op: "withoutId" }], "edit");
    expect(bodies[0]?.data).toHaveProperty("productId");
  });
});

describe("lies drawn from a seed", () => {
  const talk = async (lies: Parameters<ReturnType<typeof store>["simulator"]["setLies"]>[0]) => {
    const { simulator } = store({ size: 20, salesDays: 2 });
    simulator.setLies(lies);
    const answers: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const [, , path] of READS) {
        const answer = await call(simulator, path);
        answers.push(`${answer.status} ${answer.headers.get("date")} ${await answer.text()}`);
      }
    }
    return { answers, lied: simulator.lies.list().map(({ struck: _, ...lie }) => lie) };
  };

  it("lies are the same for the same seed, others for another, and can be repeated from the list", async () => {
    const first = await talk({ seed: 5, rate: 0.5 });
    expect(first.lied.length).toBeGreaterThan(3);
    expect(await talk({ seed: 5, rate: 0.5 })).toEqual(first);
    expect((await talk({ seed: 6, rate: 0.5 })).lied).not.toEqual(first.lied);
    expect((await talk(first.lied)).answers).toEqual(first.answers);
  });

  it("lies do not occur at rate 0 or after their time", async () => {
    const honest = await talk([]);
    expect(await talk({ seed: 5, rate: 0 })).toEqual({ ...honest, lied: [] });
    const { simulator, advance } = store({ size: 20, salesDays: 0 });
    simulator.setLies({ seed: 5, rate: 1, forMs: 60_000 });
    advance(60_000);
    await call(simulator, "/reporting/products");
    expect(simulator.lies.list()).toEqual([]);
  });

  it("lies follow the grammar: each has a valid target, and every mutation occurs", () => {
    const seen = new Set<string>();
    const lie = fc.record({
      seed: fc.nat(),
      on: fc.constantFrom(...LIE_RESOURCES),
      via: fc.constantFrom("read" as const, "webhook" as const),
    });
    fc.assert(
      fc.property(lie, ({ seed, on, via }) => {
        const drawn = drawLie(new Random(seed), on as LieResource, via, 3);
        expect(lieSchema.parse(drawn)).toEqual(drawn);
        expect((MUTATIONS[drawn.op] as Record<string, unknown>)[drawn.target]).toBeGreaterThan(0);
        seen.add(`${drawn.target} ${drawn.op}`);
      }),
      { numRuns: 4_000, seed: 1 },
    );
    const all = Object.entries(MUTATIONS).flatMap(([op, mutation]) =>
      (["answer", "row", "field"] as const).filter((target) => target in mutation).map((target) => `${target} ${op}`),
    );
    expect([...seen].sort()).toEqual(all.sort());
  });
});

it("lies can be set, seen and ended over HTTP", async () => {
  const { simulator } = store({ size: 20, salesDays: 0 });
  const ask = (method: string, body?: object) =>
    Promise.resolve(
      simulator.app.request("/_sim/lies", { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    );
  const lies = [{ on: "products", target: "answer", op: "drop" }];
  expect((await ask("POST", { lies })).status).toBe(200);
  expect(await (await call(simulator, "/reporting/products")).json()).toEqual([]);
  expect(await (await ask("GET")).json()).toMatchObject({
    lies: [{ op: "drop", struck: 1 }],
    grammar: { targets: { field: 50 } },
  });
  expect((await ask("DELETE")).status).toBe(204);
  expect(await (await call(simulator, "/reporting/products")).json()).toHaveLength(20);
  expect((await ask("POST", { lies: { seed: 3, rate: 0.5, forMs: 60_000 } })).status).toBe(200);
  expect((await ask("POST", { lies: [{ on: "products", target: "answer", op: "nonsense" }] })).status).toBe(400);
});

it("an event that lost the rows of a package's other rooms denies its stock", () => {
  const room = (roomName: string, quantity: number) => ({ id: 1, roomName, quantity });
  const denies = (...data: Json[]) => {
    const liar = new Liar(() => 0);
    liar.set([{ on: "inventory", via: "webhook", target: "answer", op: "cut" }]);
    liar.distort({ type: "inventory.updated", occurred_at: "2026-03-01T10:00:00Z", data });
    return liar.hasDenied("1");
  };
  expect(denies(room("Vault", 0), room("Floor", 5))).toBe(true);
  expect(denies(room("Floor", 5), room("Vault", 0))).toBe(false);
  expect(denies(room("Vault", 0), room("Floor", 0))).toBe(false);
});

function roomsOf(row: Json | undefined): Json[] {
  return (row?.roomQuantities ?? []) as Json[];
}
