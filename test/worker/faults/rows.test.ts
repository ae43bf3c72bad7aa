import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { recordsDb } from "../../../src/db/databases.ts";
import { salesInsights } from "../../../src/db/insights/sales.ts";
import type { LocationRow } from "../../../src/db/locations.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

type Answers = Record<string, unknown>;

/** A store whose Dutchie answers what a test says, by path; `text` as it is. */
async function open(
  profile: "guide" | "pos",
  answers: Answers,
  settings: Partial<typeof DEFAULT_SETTINGS> = {},
  store: Partial<LocationRow> = {},
) {
  const rig = await Rig.open({}, { profile, settings: { ...DEFAULT_SETTINGS, ...settings }, ...store });
  const whoami = { locationId: rig.dutchie.config.locationId };
  vi.stubGlobal("fetch", async (url: string) => {
    const { pathname, searchParams } = new URL(url);
    const body = pathname === "/whoami" ? whoami : (answers[pathname + (searchParams.get("cursor") ?? "")] ?? []);
    return new Response(typeof body === "string" ? body : JSON.stringify(body), {
      headers: { "content-type": "application/json" },
    });
  });
  return rig;
}

async function sync(rig: Rig, mode: "initial" | "full" = "full") {
  await rig.start(mode);
  await rig.drain();
  return (await rig.status()).last_run;
}

describe("F83: a server that answers with the rows of several stores", () => {
  const at = (locationId: number, id: number, quantity: number) => ({
    id,
    locationId,
    productId: 1,
    roomName: "Floor",
    quantity,
  });

  it("F83: another store's packages and events are no stock of this one, and are listed", async () => {
    const rig = await open("guide", {});
    const own = rig.dutchie.config.locationId ?? 0;
    const shelf = [at(own, 1, 5), at(own + 1, 1, 100), at(own + 1, 2, 100)];
    answers(rig, shelf);
    expect(await sync(rig)).toMatchObject({ state: "completed_with_errors", failed: 2 });
    expect(await stock(rig)).toEqual({ "1 Floor": 5 });
    expect(await webhook(rig, "inventory.updated", at(own + 1, 1, 7))).toMatchObject({ outcome: "invalid" });
    await webhook(rig, "inventory.updated", at(own, 1, 4));
    expect(await stock(rig)).toEqual({ "1 Floor": 4 });
  });

  it("F83: while it is not known which store is ours, such an answer is none", async () => {
    const rig = await open("guide", {}, {}, { dutchie_location_id: null });
    answers(rig, [at(77, 1, 5), at(78, 2, 100)]);
    const run = await sync(rig);
    expect(run?.error?.code ?? run?.phases.find(({ resource }) => resource === "inventory")?.error?.code).toBe(
      "WRONG_LOCATION",
    );
    expect(await stock(rig)).toEqual({});
  });

  function answers(rig: Rig, inventory: unknown[]) {
    const whoami = { locationId: rig.dutchie.config.locationId };
    vi.stubGlobal("fetch", async (url: string) => {
      const { pathname } = new URL(url);
      return Response.json(pathname === "/whoami" ? whoami : pathname === "/inventory" ? inventory : []);
    });
  }
});

describe("an event that contradicts itself", () => {
  const packageRow = (quantityAvailable: number) => ({
    inventoryId: 1,
    productId: 7,
    quantityAvailable,
    room: "Floor",
  });

  it("F42: of two statements on one package the first counts, and the event names the other", async () => {
    const rig = await open("pos", {});
    const event = await webhook(rig, "inventory.updated", [
      { inventoryId: 1, productId: 7, quantityAvailable: 3, roomQuantities: [{ room: "Floor", quantityAvailable: 3 }] },
      { inventoryId: 1, productId: 7, quantityAvailable: 8, roomQuantities: [{ room: "Floor", quantityAvailable: 8 }] },
    ]);
    expect(event).toMatchObject({ reason: expect.stringContaining("listed twice") });
    expect(await rows("select quantity from inventory where location_id = ?", rig.id)).toEqual([{ quantity: 3 }]);
  });

  it("F42: a sale that comes as an inventory event changes no stock", async () => {
    const rig = await open("pos", {});
    await webhook(rig, "inventory.updated", packageRow(15));
    const event = await webhook(rig, "inventory.updated", {
      transactionId: 77,
      items: [{ transactionItemId: 1, transactionId: 77, productId: 7, inventoryId: 1, quantity: 2 }],
    });
    expect(event).toMatchObject({
      outcome: "invalid",
      reason: expect.stringContaining("belongs to a sale"),
    });
    expect(await rows("select quantity from inventory where location_id = ?", rig.id)).toEqual([{ quantity: 15 }]);
  });
});

let events = 0;
async function webhook(rig: Rig, type: string, data: unknown) {
  const received_at = Date.now();
  const body = { type, occurred_at: new Date(received_at).toISOString(), data };
  const event_id = `evt_rows_${events++}`;
  await deliver(WEBHOOKS, [{ location_id: rig.id, event_id, received_at, body }]);
  return rig.location.getEvent(event_id);
}

/** What insights make of all the store's sales, as if they were of one day. */
async function figuresOf(rig: Rig) {
  const span = { start: 0, end: Date.now() + 60_000 };
  const days = [{ name: "2026-01-01", ...span }];
  const window = { from: "2026-01-01", to: "2026-01-01", today: "2026-01-01", days, months: [], ...span };
  return salesInsights(recordsDb(env, rig.row), rig.id, window);
}

/** What insights make of one sale of two lines. */
async function figuresOfSale(stated: object) {
  const at = new Date(Date.now() - 60_000).toISOString();
  const sale = { transactionDate: at, lastModifiedDateUTC: at, transactionType: "Retail", totalItems: 2 };
  const rig = await open("pos", {
    "/reporting/products": [product],
    "/reporting/transactions": [{ ...sale, ...stated, transactionId: 9 }],
  });
  expect(await sync(rig, "initial")).toMatchObject({ state: "completed" });
  return figuresOf(rig);
}

async function stock(rig: Rig): Promise<Record<string, number>> {
  const found = await rows<{ room: string; quantity: number }>(
    `select dutchie_inventory_id || ' ' || room_name as room, quantity from inventory
     where location_id = ? and quantity <> 0 order by 1`,
    rig.id,
  );
  return Object.fromEntries(found.map(({ room, quantity }) => [room, quantity]));
}

const changesOf = (rig: Rig) => rows("select * from entries where location_id = ? and resource <> 'products'", rig.id);
const product = { id: 1, name: "A" };

describe("F20: an amount that cannot be read", () => {
  const item = { productId: 1, sku: "A1", productName: "Blue Dream", price: 30, unitCost: 12 };
  const shelf = { inventoryId: 5, productId: 1, quantityAvailable: 8, unitPrice: 30, unitCost: 12 };
  const sale = { transactionId: 9, transactionType: "Retail", total: 70, items: [{ productId: 1, quantity: 2 }] };

  it("F20: the record keeps it and the row is listed; everything else of the row counts", async () => {
    const given: Answers = { "/reporting/products": [item], "/reporting/inventory": [shelf] };
    const rig = await open("pos", given);
    expect(await sync(rig, "initial")).toMatchObject({ state: "completed" });
    given["/reporting/products"] = [{ ...item, productName: "Blue Dream 3.5g", price: "31,50" }];
    given["/reporting/inventory"] = [{ ...shelf, quantityAvailable: 6, unitCost: "13,00" }];
    const at = new Date(Date.now() - 60_000).toISOString();
    given["/reporting/transactions"] = [{ ...sale, transactionDate: at, lastModifiedDateUTC: at, total: "70,00" }];
    const run = await sync(rig);
    expect(run).toMatchObject({ state: "completed_with_errors", deleted: 0 });
    // Each window of sales has the sale again.
    expect(run?.failures.slice(0, 3).map(({ dutchie_id, reason }) => [dutchie_id, reason])).toEqual([
      ["1", "the price cannot be read and stays as it is"],
      ["5", "the cost cannot be read and stays as it is"],
      ["9", "the total cannot be read and stays as it is"],
    ]);
    expect(await rows("select product_name, unit_price from products where location_id = ?", rig.id)).toEqual([
      { product_name: "Blue Dream 3.5g", unit_price: 30 },
    ]);
    expect(await rows("select quantity, unit_cost from inventory where location_id = ?", rig.id)).toEqual([
      { quantity: 6, unit_cost: 12 },
    ]);
    expect(await rows("select total, item_count from sales where location_id = ?", rig.id)).toEqual([
      { total: null, item_count: 1 },
    ]);
  });

  it("F20: potencies in a unit that nobody knows are listed, and are no failed records: no alert, and the rest applies", async () => {
    const catalogue = (price: number, thcContentUnit: string) =>
      Array.from({ length: 30 }, (_, n) => ({
        ...item,
        productId: n + 1,
        sku: `A${n}`,
        price,
        thcContent: 20,
        thcContentUnit,
      }));
    const given: Answers = { "/reporting/products": catalogue(30, "%"), "/reporting/inventory": [shelf] };
    const rig = await open("pos", given);
    expect(await sync(rig, "initial")).toMatchObject({ state: "completed" });
    given["/reporting/products"] = [...catalogue(31, "bananas"), { ...item, productId: 99, sku: "B", price: "31,50" }];
    const run = await sync(rig, "full");
    expect(run).toMatchObject({ state: "completed_with_errors", failed: 1 });
    const reasons = run?.failures.map(({ dutchie_id, reason, ...rest }) => [dutchie_id, reason, rest]) ?? [];
    const isOf = (id: string, word: string) => [
      id,
      `the ${word} cannot be read and stays as it is`,
      { resource: "products" },
    ];
    expect(reasons.slice(0, 3)).toEqual([isOf("99", "price"), isOf("1", "THC"), isOf("2", "THC")]);
    expect(reasons).toHaveLength(21);
    const stored = "select distinct unit_price, thc_percentage from products where location_id = ? and unit_price > 0";
    expect(await rows(stored, rig.id)).toEqual([{ unit_price: 31, thc_percentage: 20 }]);
    expect((await rig.status()).active_alerts.map(({ rule }) => rule)).not.toContain("high_error_rate");
  });

  it("F20: amounts of absurd size are listed, and the records keep their own; the smallest are 0", async () => {
    const given: Answers = {
      "/reporting/products": [{ ...item, thcContent: 20, thcContentUnit: "%" }],
      "/reporting/inventory": [shelf],
    };
    const rig = await open("pos", given);
    await sync(rig, "initial");
    const products = "select unit_price, unit_cost, thc_percentage, thc_mg from products where location_id = ?";
    const inventory = "select quantity, unit_price, unit_cost from inventory where location_id = ?";
    const before = [await rows(products, rig.id), await rows(inventory, rig.id)];
    const prices = { price: 1e12, unitPrice: 1e12, unitCost: -1e12 };
    given["/reporting/products"] = [{ ...item, ...prices, thcContent: 1e12, thcContentUnit: "%" }];
    given["/reporting/inventory"] = [{ ...shelf, ...prices, quantityAvailable: 1e12 }];
    const run = await sync(rig, "full");
    expect(run).toMatchObject({ state: "completed_with_errors", failed: 2, deleted: 0 });
    expect(run?.failures.map(({ reason }) => reason)).toEqual([
      "these cannot be read, so they stay as they are: THC, price, cost",
      "the quantity is larger than any store has",
    ]);
    expect([await rows(products, rig.id), await rows(inventory, rig.id)]).toEqual(before);
    given["/reporting/products"] = [
      { ...item, price: 0.000001, unitCost: 0.000001, thcContent: 0.000001, thcContentUnit: "%" },
    ];
    given["/reporting/inventory"] = [{ ...shelf, quantityAvailable: 0.000001 }];
    expect(await sync(rig, "full")).toMatchObject({ state: "completed", deleted: 0 });
    expect(await rows(products, rig.id)).toEqual([{ unit_price: 0, unit_cost: 0, thc_percentage: 0, thc_mg: null }]);
    expect(await rows(inventory, rig.id)).toEqual([{ quantity: 0, unit_price: 30, unit_cost: 12 }]);
  });

  it("F20: so are those of a sale, and no day counts them", async () => {
    const at = new Date(Date.now() - 60_000).toISOString();
    const line = { productId: 1, quantity: 2, unitPrice: 35 };
    const times = { transactionDate: at, lastModifiedDateUTC: at, items: [line] };
    const rig = await open("pos", {
      "/reporting/products": [item],
      "/reporting/transactions": [
        { ...sale, ...times },
        { ...sale, ...times, transactionId: 10, total: 1e12, tax: -1e12 },
        { ...sale, ...times, transactionId: 11, items: [{ ...line, quantity: 1e12 }] },
        { ...sale, ...times, transactionId: 12, items: [{ ...line, totalPrice: 1e12 }] },
      ],
    });
    const run = await sync(rig, "initial");
    expect(run).toMatchObject({ state: "completed_with_errors" });
    expect(new Map(run?.failures.map(({ dutchie_id, reason }) => [dutchie_id, reason]))).toEqual(
      new Map([
        ["10", "these cannot be read, so they stay as they are: tax, total"],
        ["11", "line 1 has no readable quantity"],
        ["12", "the total of line 1 cannot be read and stays as it is"],
      ]),
    );
    expect(await figuresOf(rig)).toMatchObject({ totals: { sales: 3, revenue: 210, units: 6 } });
  });

  it("F20: an event with one is applied, and its reason says so", async () => {
    const rig = await open("pos", { "/reporting/products": [item], "/reporting/inventory": [shelf] });
    await sync(rig, "initial");
    expect(
      await webhook(rig, "inventory.updated", { inventoryId: 5, quantityAvailable: 4, unitPrice: "31,50" }),
    ).toMatchObject({
      outcome: "applied",
      reason: "5: the price cannot be read and stays as it is",
    });
    expect(await webhook(rig, "product.updated", { productId: 1, price: "31,50" })).toMatchObject({
      reason: "1: the price cannot be read and stays as it is",
    });
    expect(await rows("select quantity, unit_price from inventory where location_id = ?", rig.id)).toEqual([
      { quantity: 4, unit_price: 30 },
    ]);
  });
});

describe("two rooms of one name", () => {
  it("are listed while their types differ, because their stock is shown as one", async () => {
    const given: Answers = {
      "/room/rooms": [
        { roomId: 1, roomName: "Main", isSalesFloor: true },
        { roomId: 9, roomName: "Main ", isQuarantineRoom: true },
      ],
    };
    const rig = await open("pos", given);
    const run = await sync(rig, "initial");
    expect(run).toMatchObject({ state: "completed_with_errors", failures: [{ resource: "rooms", dutchie_id: "9" }] });
    expect(run?.failures[0]?.reason).toContain("Room 1 has the same name and another type");
    given["/room/rooms"] = [
      { roomId: 1, roomName: "Main", isSalesFloor: true },
      { roomId: 9, roomName: "Main", isSalesFloor: true },
    ];
    expect(await sync(rig)).toMatchObject({ state: "completed", failures: [] });
  });
});

describe("F46: a package in several rows of the guide", () => {
  it("F46: rows of one package add up across pages and chunks, and a broken read starts again at its first page", async () => {
    const others = Array.from({ length: 600 }, (_, n) => ({ id: `x${n}`, quantity: 1, roomName: "Vault" }));
    const answers: Answers = {
      "/products": [product],
      "/inventory": { data: [{ id: 5, productId: 1, roomName: "Vault", quantity: 5 }, ...others], next: "b" },
      "/inventoryb": {
        data: [
          { id: 5, productId: 1, roomName: "VAULT ", quantity: 3 },
          { id: 6, roomName: "Vault", quantity: 5 },
          { id: 6, quantity: 3 },
          { id: 6, quantity: 3 },
        ],
        next: null,
      },
    };
    const rig = await open("guide", answers);
    expect(await sync(rig, "initial")).toMatchObject({ state: "completed", failed: 0 });
    expect(await stock(rig)).toMatchObject({ "5 Vault": 8, "6 Vault": 5, "6 Unassigned": 3, "x599 Vault": 1 });
    const before = await changesOf(rig);
    expect(await sync(rig)).toMatchObject({ state: "completed", created: 0, updated: 0 });
    expect(await changesOf(rig)).toEqual(before);
  });

  it("F46: rows of one package add up in one event, too", async () => {
    const rig = await open("guide", {});
    const event = await webhook(rig, "inventory.updated", [
      { id: 5, roomName: "Vault", quantity: 5 },
      { id: 5, roomName: "vault", quantity: 3 },
      { id: 5, roomName: "Floor", quantity: 2 },
    ]);
    expect(event?.outcome).toBe("applied");
    expect(Object.values(await stock(rig)).toSorted()).toEqual([2, 8]);
  });
});

describe("F12: a package in several rows of an event, where Dutchie has one row a package", () => {
  const row = (quantityAvailable: number, more: object = {}) => ({
    inventoryId: 5,
    productId: 1,
    quantityAvailable,
    ...more,
  });

  it("F12: two states of a package do not add up: the later by its stamp counts, else the first, and the other is listed", async () => {
    const rig = await open("pos", {});
    await webhook(rig, "inventory.updated", [row(5), row(5)]);
    expect(await stock(rig)).toEqual({ "5 Unassigned": 5 });
    const told = await webhook(rig, "inventory.updated", [row(7), row(4)]);
    expect(await stock(rig)).toEqual({ "5 Unassigned": 7 });
    expect(told?.reason).toMatch(/5: it is listed twice .* with different values/);
    const at = (minute: number) => new Date(Date.now() + minute * 60_000).toISOString();
    const stamped = [row(3, { lastModifiedDateUtc: at(-2) }), row(2, { lastModifiedDateUtc: at(-1) })];
    const events = stamped.map((each) => ({ ...each, inventoryId: 6 }));
    expect(await webhook(rig, "inventory.updated", events)).toMatchObject({ outcome: "applied", reason: null });
    expect(await stock(rig)).toMatchObject({ "6 Unassigned": 2 });
  });
});

describe("F44, F45: values that a row does not state", () => {
  const full = {
    inventoryId: 5,
    productId: 1,
    quantityAvailable: 10,
    allocatedQuantity: 4,
    unitPrice: 0,
    recUnitPrice: 20,
    roomQuantities: [{ roomId: 1, room: "Floor", quantityAvailable: 10 }],
  };

  it("F44: a webhook without an allocation keeps the allocation that was read", async () => {
    const rig = await open(
      "pos",
      { "/reporting/products": [product], "/reporting/inventory": [full] },
      {
        quantity_basis: "available_minus_allocated",
      },
    );
    await sync(rig, "initial");
    expect(await stock(rig)).toEqual({ "5 Floor": 6 });
    await webhook(rig, "inventory.updated", { inventoryId: 5, quantityAvailable: 10 });
    expect(await stock(rig)).toEqual({ "5 Floor": 6 });
    const unknown = await webhook(rig, "inventory.updated", { inventoryId: 6, quantityAvailable: 3 });
    expect(unknown).toMatchObject({ outcome: "invalid", reason: expect.stringMatching(/how much .* is allocated/) });
    const [price] = await rows("select unit_price from inventory where location_id = ?", rig.id);
    expect(price).toEqual({ unit_price: 20 });
  });

  it("F45: rooms that a poll does not state stay, and nothing is logged", async () => {
    const two = {
      ...full,
      quantityAvailable: 48,
      roomQuantities: [
        { room: "Floor", quantity: 8 },
        { room: "Depot", quantity: 40 },
      ],
    };
    const answers: Answers = { "/reporting/products": [product], "/reporting/inventory": [two] };
    const rig = await open("pos", answers);
    await sync(rig, "initial");
    const before = await changesOf(rig);
    for (const roomQuantities of [null, [], undefined]) {
      answers["/reporting/inventory"] = [{ ...two, roomQuantities }];
      expect(await sync(rig)).toMatchObject({ state: "completed", updated: 0 });
      expect(await stock(rig)).toEqual({ "5 Depot": 40, "5 Floor": 8 });
    }
    expect(await changesOf(rig)).toEqual(before);
    answers["/reporting/inventory"] = [{ ...two, roomQuantities: null, quantityAvailable: 44 }];
    await sync(rig);
    expect(await stock(rig)).toEqual({ "5 Depot": 36, "5 Floor": 4, "5 Unassigned": 4 });
  });

  it("F44: a product without net weight keeps the potency that was read from its label", async () => {
    const vape = {
      productId: 1,
      productName: "V",
      category: "Vape",
      thcContent: 74.05,
      thcContentUnit: "mg",
      netWeight: 1,
      netWeightUnit: "g",
    };
    const rig = await open("pos", { "/reporting/products": [vape] });
    await sync(rig, "initial");
    const before = await rows("select thc_percentage, thc_mg from products where location_id = ?", rig.id);
    expect(before).toEqual([{ thc_percentage: 74.05, thc_mg: null }]);
    await webhook(rig, "product.updated", { productId: 1, thcContent: 74.05, thcContentUnit: "mg", category: "Vape" });
    await webhook(rig, "product.updated", { productId: 1, thcContent: 74.05 });
    expect(await rows("select thc_percentage, thc_mg from products where location_id = ?", rig.id)).toEqual(before);
  });
});

describe("F43, F49, F62, F68: sales", () => {
  let asked = 0;
  // Each later than the one before, whatever the clock does.
  const now = () => new Date(Date.now() - 60_000 + asked++ * 10).toISOString();
  const lines = [
    { id: 1, productId: 1, quantity: 1, unitPrice: 10, total: 10 },
    { id: 2, productId: 1, quantity: 2, unitPrice: 10, total: 20 },
    { id: 3, productId: 1, quantity: 3, unitPrice: 10, total: 30 },
  ];
  const storedLines = (rig: Rig) =>
    rows<{ n: number }>("select count(*) as n from sales s join json_each(s.lines) where s.location_id = ?", rig.id);

  it("F43, F62: a sale without its lines is listed and keeps them; with lines in another order it is the same sale", async () => {
    const sale = {
      transactionId: 9,
      transactionDate: now(),
      lastModifiedDateUTC: now(),
      total: 60,
      totalItems: 3,
      items: lines,
    };
    const answers: Answers = { "/reporting/products": [product], "/reporting/transactions": [sale] };
    const rig = await open("pos", answers);
    expect(await sync(rig, "initial")).toMatchObject({ state: "completed", failed: 0 });
    const changes = await changesOf(rig);
    answers["/reporting/transactions"] = [{ ...sale, lastModifiedDateUTC: now(), items: lines.toReversed() }];
    expect(await sync(rig)).toMatchObject({ state: "completed", updated: 0 });
    expect(await changesOf(rig)).toEqual(changes);
    for (const items of [[], null, undefined, lines.slice(1, 2)]) {
      answers["/reporting/transactions"] = [{ ...sale, items, tax: 5, lastModifiedDateUTC: now() }];
      const run = await sync(rig);
      expect(run?.state).toBe("completed_with_errors");
      expect(run?.failures.every(({ dutchie_id }) => dutchie_id === "9")).toBe(true);
      expect(run?.failed).toBe(run?.failures.length);
      expect(await storedLines(rig)).toEqual([{ n: 3 }]);
      expect(await rows("select tax, item_count from sales where location_id = ?", rig.id)).toEqual([
        { tax: 5, item_count: 3 },
      ]);
    }
  });

  it("F49: an adjustment counts once in revenue, is no visit, and has no line that counts again", async () => {
    const sale = { transactionDate: now(), lastModifiedDateUTC: now(), transactionType: "Retail" };
    const answers: Answers = {
      "/reporting/products": [product],
      "/reporting/transactions": [
        { ...sale, transactionId: 9, total: 66, tax: 6, totalItems: 3, items: lines },
        { ...sale, transactionId: 10, adjustmentForTransactionId: 9, total: -11, tax: -1, items: lines.slice(0, 1) },
      ],
    };
    const rig = await open("pos", answers);
    expect(await sync(rig, "initial")).toMatchObject({ state: "completed" });
    const { totals } = await figuresOf(rig);
    expect(totals).toMatchObject({ sales: 1, units: 6, revenue: 50 });
    expect(
      await rows("select adjustment_of from sales where location_id = ? order by dutchie_transaction_id", rig.id),
    ).toEqual([{ adjustment_of: "9" }, { adjustment_of: null }]);
  });

  it.each([
    ["beside the lines", { subtotal: 50, totalDiscount: 5, tax: 9, total: 54 }, [27, 18]],
    [
      "beside the lines, whose totals are before discounts",
      { subtotal: 50, totalDiscount: 5, tax: 9, total: 54 },
      [30, 20],
    ],
    [
      "in each line's total, as Dutchie documents it",
      { subtotal: 50, totalDiscount: 5, tax: 9, total: 54 },
      [33.3, 20.7],
    ],
    [
      "in prices that include it",
      { subtotal: 50, totalDiscount: 5, tax: 9, total: 45, isTaxInclusive: true },
      [27, 18],
    ],
  ])("F49: revenue is after discounts and before tax: the tax is %s", async (name, sums, totals) => {
    const [a, b] = totals;
    const items = [
      { transactionItemId: 1, productId: 1, quantity: 2, unitPrice: 15, totalDiscount: 3, totalPrice: a },
      { transactionItemId: 2, productId: 1, quantity: 1, unitPrice: 20, totalDiscount: 2, totalPrice: b },
    ];
    const figures = await figuresOfSale({ ...sums, items });
    const revenue = name.includes("prices") ? 36 : 45;
    expect(figures).toMatchObject({ totals: { units: 3, revenue }, top: [{ revenue }] });
  });

  it.each([
    ["on no line", { subtotal: 50, tax: 9, total: 54 }, [{ totalPrice: 30 }, { totalPrice: 20 }], 45],
    ["on no line, whose totals nobody states", { tax: 9, total: 54 }, [{}, {}], 45],
    ["on no line, with prices that include the tax", { subtotal: 50, tax: 9, total: 45 }, [{}, {}], 36],
    [
      "partly on a line",
      { subtotal: 50, tax: 9, total: 54 },
      [
        { totalDiscount: 3, totalPrice: 27 },
        { totalDiscount: 0, totalPrice: 20 },
      ],
      45,
    ],
    ["in the lines' totals", { subtotal: 50, tax: 9, total: 54 }, [{ totalPrice: 27 }, { totalPrice: 18 }], 45],
    ["on no line, and the total does not confirm it", { tax: 9, total: 59 }, [{}, {}], 50],
  ])("F49: a discount of the whole sale is no revenue: it is %s", async (_, sums, [a, b], revenue) => {
    const items = [
      { transactionItemId: 1, productId: 1, quantity: 2, unitPrice: 15, ...a },
      { transactionItemId: 2, productId: 1, quantity: 1, unitPrice: 20, ...b },
    ];
    const figures = await figuresOfSale({ totalDiscount: 5, ...sums, items });
    expect(figures).toMatchObject({ totals: { units: 3, revenue }, top: [{ revenue }] });
  });

  it.each([
    ["in prices, and no subtotal is stated", { tax: 9, total: 45 }, [15, 20], [27, 18], 36],
    ["in prices, and neither subtotal nor totals of lines are stated", { tax: 9, total: 45 }, [15, 15], [], 36],
    ["in the lines' totals, beside no price", { subtotal: 45, tax: 9, total: 54 }, [], [32.4, 21.6], 45],
    ["beside the lines, and no subtotal is stated", { tax: 9, total: 54 }, [15, 20], [27, 18], 45],
    ["beside the lines, beside no price", { subtotal: 45, tax: 9, total: 54 }, [], [27, 18], 45],
  ])(
    "F49: revenue is before tax, however little is stated: the tax is %s",
    async (_, sums, prices, totals, revenue) => {
      const items = [2, 1].map((quantity, i) => ({
        ...{ transactionItemId: i + 1, productId: 1, quantity },
        ...(prices[i] !== undefined && { unitPrice: prices[i] }),
        ...(totals[i] !== undefined && { totalPrice: totals[i] }),
      }));
      const figures = await figuresOfSale({ ...sums, items });
      expect(figures).toMatchObject({ totals: { units: 3, revenue }, top: [{ revenue }] });
    },
  );

  it("F68: a transaction with unusual names is read, and an unreadable one fails alone with its reason", async () => {
    const answers: Answers = {
      "/products": { Products: [product] },
      "/inventory": JSON.stringify(JSON.stringify([{ id: 5, productId: 1, qty: 4, room: "Vault" }])),
      "/transactions": {
        results: [
          { orderId: 9, date: now(), line_items: [{ product: { id: 1 }, qty: 2, amount: 20 }], grand_total: 21 },
          { orderId: 10, when: now(), grand_total: 21 },
        ],
      },
    };
    const rig = await open("guide", answers);
    const run = await sync(rig, "initial");
    expect(run?.state).toBe("completed_with_errors");
    expect(run?.failures[0]).toMatchObject({
      dutchie_id: "10",
      reason: "the transaction has no readable time",
    });
    expect(await stock(rig)).toEqual({ "5 Vault": 4 });
    expect(await rows("select total, item_count from sales where location_id = ?", rig.id)).toEqual([
      { total: 21, item_count: 1 },
    ]);
  });
});

describe("F42: an answer without a list", () => {
  it.each([
    ['{"Message":"An error has occurred.","TraceId":"1"}'],
    ['{"data":[],"error":"timeout"}'],
    ['{"data":[{"id":"x0","quantity":1,"roomName":"Vault"}],"total":15}'],
  ])("F42: the answer %s ends no stock", async (body) => {
    const inventory = Array.from({ length: 15 }, (_, n) => ({ id: `x${n}`, quantity: 1, roomName: "Vault" }));
    const answers: Answers = { "/products": [product], "/inventory": inventory };
    const rig = await open("guide", answers);
    await sync(rig, "initial");
    answers["/inventory"] = body;
    await rig.start("full");
    for (let deliveries = 0; deliveries < 4; deliveries++) {
      const next = rig.queue.shift();
      if (next !== undefined) await deliver("reup-dutchie-sync-development", [next.body], rig.env);
    }
    expect(Object.keys(await stock(rig))).toHaveLength(15);
    expect((await rig.status()).held_snapshot ?? null).toBeNull();
  });
});
