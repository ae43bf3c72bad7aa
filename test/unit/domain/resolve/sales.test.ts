import { describe, expect, it } from "vitest";
import { type IncomingSale, mapSale } from "../../../../src/domain/records/mapping.ts";
import type { SaleRow } from "../../../../src/domain/records/records.ts";
import type { Read } from "../../../../src/domain/records/version.ts";
import { believedLines } from "../../../../src/domain/resolve/sale-lines.ts";
import { comparesLines, planSales } from "../../../../src/domain/resolve/sales.ts";
import { decodeSale } from "../../../../src/dutchie/decode/decode.ts";
import { byKey, event, incomingSale, MINUTE, NOW, ORIGIN, only, saleLine, saleRow, snapshot, T0 } from "../build.ts";

const plan = (
  stored: readonly SaleRow[],
  incoming: readonly IncomingSale[],
  read: Read = snapshot(0, false),
  pepper_id: string | null = null,
) =>
  planSales({
    incoming,
    stored: byKey(stored, (row) => row.dutchie_transaction_id),
    productIds: new Map([["1", "prd_1"]]),
    read,
    pepper_id,
    floor: 0,
    now: NOW,
    origin: ORIGIN,
  });

describe("the plan for sales", () => {
  it("a sale is stored under Dutchie's transaction id, and its lines are linked to ReUp's products", () => {
    const lines = [
      saleLine("1"),
      saleLine("2", { dutchie_product_id: "2" }),
      saleLine("3", { dutchie_product_id: null }),
    ];
    const { outcomes, rows, changes } = plan([], [incomingSale({ items: lines })]);
    expect(outcomes).toEqual(["created"]);
    const { sale, items } = only(rows);
    expect(sale).toMatchObject({ sale_id: "sal_900", total: 30, is_void: false, is_return: false, return_of: null });
    expect(items?.map((item) => [item.line_id, item.product_id])).toEqual([
      ["1", "prd_1"],
      ["2", null],
      ["3", null],
    ]);
    // The sale is its own record of coming to be.
    expect(changes).toEqual([]);
  });

  it.each([
    ["a poll", snapshot(60, false)],
    ["a full sync", snapshot(60)],
  ])("no floor covers sales: %s writes once the rank of a sale that a webhook told", (_, read) => {
    const { sale } = only(plan([], [incomingSale()], event(0)).rows);
    const again = plan([sale], [incomingSale()], read);
    expect(again.outcomes).toEqual(["unchanged"]);
    expect(only(again.rows).sale).toMatchObject({ ...sale, source_rank: 1, source_at: T0 + 60 * MINUTE });
    expect(plan([only(again.rows).sale], [incomingSale()], read).rows).toEqual([]);
  });

  it.each([
    ["in 2099", Date.UTC(2099, 0, 1), "years ahead"],
    ["at the end of time", Date.UTC(9999, 11, 31), "years ahead"],
    ["the day after tomorrow", NOW + 48 * 60 * MINUTE, "2 days ahead"],
  ])("a sale %s is stored as Dutchie states it, and its row says that no day counts it", (_, completed_at, text) => {
    const ahead = incomingSale({ content: { ...incomingSale().content, completed_at } });
    const { rows, outcomes, failures, counts } = plan([], [ahead]);
    expect(rows.map(({ sale }) => sale.completed_at)).toEqual([completed_at]);
    expect([outcomes, counts.created]).toEqual([["created"], 0]);
    expect(failures).toEqual([{ resource: "sales", dutchie_id: "900", reason: expect.stringContaining(text) }]);
  });

  it("a sale of tomorrow is no failure: a mistaken time zone is up to a day", () => {
    const completed_at = NOW + 24 * 60 * MINUTE;
    const ahead = incomingSale({ content: { ...incomingSale().content, completed_at } });
    expect(plan([], [ahead])).toMatchObject({ outcomes: ["created"], failures: [] });
  });

  it("a repeated row writes nothing", () => {
    const { sale } = only(plan([], [incomingSale()]).rows);
    expect(plan([sale], [incomingSale()], snapshot(60, false))).toMatchObject({ outcomes: ["unchanged"], rows: [] });
  });

  it("a void comes later as a change of the sale, keeps the rest of it, and is logged", () => {
    const { sale } = only(plan([], [incomingSale()]).rows);
    const voided = incomingSale({
      content: { completed_at: T0, type: "retail", is_void: true },
      items: null,
      modified_at: T0 + 60 * MINUTE,
    });
    const result = plan([sale], [voided], snapshot(70, false));
    expect(result.outcomes).toEqual(["updated"]);
    expect(only(result.rows).sale).toMatchObject({
      is_void: true,
      total: 30,
      item_count: 1,
      items_hash: sale.items_hash,
    });
    expect(only(result.changes)).toMatchObject({
      resource: "sales",
      record_id: "sal_900",
      fields: { is_void: [false, true] },
    });
  });

  it("an event from before the void does not undo it", () => {
    const voided = saleRow({ is_void: true, source_at: T0 + 60 * MINUTE });
    const late = incomingSale({ content: { completed_at: T0, type: "retail", is_void: false }, modified_at: null });
    expect(plan([voided], [late], event(1))).toMatchObject({ outcomes: ["stale"], rows: [] });
  });

  it("lines that the row does not state stay as they are", () => {
    const result = plan([saleRow()], [incomingSale({ content: { total: 31 }, items: null })], snapshot(10, false));
    const { sale, items } = only(result.rows);
    expect(items).toBeNull();
    expect(sale).toMatchObject({ total: 31, items_hash: "lines", item_count: 1 });
  });

  it.each([
    ["another quantity", [saleLine("1", { quantity: 2 })]],
    ["one line more", [saleLine("1"), saleLine("2")]],
    ["a line that was returned", [saleLine("1", { is_returned: true })]],
    ["a line that turns out to be a coupon", [saleLine("1", { is_coupon: true })]],
    ["another line in its place", [saleLine("9", { dutchie_product_id: "3" })]],
  ])("%s is a changed sale, and all its lines are replaced", (_, items) => {
    const { sale } = only(plan([], [incomingSale()]).rows);
    const changed = incomingSale({
      content: { completed_at: T0, type: "retail", total: 30, item_count: items.length },
      items,
      modified_at: T0 + MINUTE,
    });
    const result = plan([sale], [changed], snapshot(10, false));
    expect(result.outcomes).toEqual(["updated"]);
    expect(only(result.rows).items?.map((item) => item.line_id)).toEqual(items.map((line) => line.line_id));
  });

  it("a line that does not say whether it is a coupon is what it was", () => {
    const coupon = saleLine("1", { is_coupon: true });
    const { sale, items } = only(plan([], [incomingSale({ items: [coupon] })]).rows);
    const { is_coupon: _, ...silent } = coupon;
    const again = incomingSale({ items: [silent], modified_at: T0 + MINUTE });
    expect(comparesLines(again, sale)).toBe(true);
    expect(comparesLines(again, saleRow())).toBe(false);
    const { lines } = believedLines(again, sale, items ?? []);
    expect(lines).toMatchObject([{ line_id: "1", is_coupon: true }]);
  });

  it("a return counts once: it is a transaction of its own, and its flag on the returned line subtracts nothing", () => {
    const first = incomingSale({ items: [saleLine("1", { is_returned: true })] });
    const back = incomingSale({
      dutchie_transaction_id: "901",
      content: {
        completed_at: T0 + MINUTE,
        type: "retail",
        total: -30,
        is_return: true,
        return_of: "900",
        item_count: 1,
      },
      items: [saleLine("1", { quantity: -1, total: -30 })],
    });
    const { rows } = plan([], [first, back]);
    expect(rows.map(({ sale }) => [sale.sale_id, sale.total, sale.is_return, sale.return_of])).toEqual([
      ["sal_900", 30, false, null],
      ["sal_901", -30, true, "900"],
    ]);
    expect(rows.map(({ items }) => items?.map((item) => [item.quantity, item.is_returned]))).toEqual([
      [[1, true]],
      [[-1, false]],
    ]);
  });

  it("of two rows of one sale in a plan, the newer is kept, with the lines of the older if only that has them", () => {
    const rows = [
      incomingSale({
        content: { completed_at: T0, type: "retail", total: 30, item_count: 1 },
        modified_at: T0 + MINUTE,
      }),
      incomingSale({ content: { is_void: true }, items: null, modified_at: T0 + 2 * MINUTE }),
    ];
    const { sale, items } = only(plan([], rows, event(5)).rows);
    expect(sale).toMatchObject({ is_void: true, total: 30, source_at: T0 + 2 * MINUTE });
    expect(items).toHaveLength(1);
  });

  it("an event and a poll of one sale have the same result in both orders", () => {
    const sold = { content: { total: 29 }, items: null, modified_at: null };
    const event1 = (stored: SaleRow[]) => plan(stored, [incomingSale(sold)], event(5)).rows.map(({ sale }) => sale);
    const poll1 = (stored: SaleRow[]) =>
      plan(stored, [incomingSale({ modified_at: T0 + 6 * MINUTE })], snapshot(7, false)).rows.map(({ sale }) => sale);
    const totalAfter = (first: typeof poll1, second: typeof poll1) => {
      const rows = first([saleRow()]);
      return only([...second(rows), ...rows].slice(0, 1)).total;
    };
    expect(totalAfter(event1, poll1)).toBe(30);
    expect(totalAfter(poll1, event1)).toBe(30);
  });
});

describe("the customer of a sale", () => {
  const known = saleRow({ customer_key: "p1.ann", source_at: T0 + 20 * MINUTE });
  /** The same sale as it is stored, so that only its customer can differ. */
  const { sale } = only(plan([], [incomingSale()], snapshot(20, false)).rows);
  const sold = (customer_key: string | null) => incomingSale({ customer_key });
  const keyed = (customer_key: string | null) => [{ sale_id: "sal_900", customer_key }];

  it.each<[string, string | null, IncomingSale, string | null, Read, object]>([
    ["is filled in", null, sold("p1.ann"), "p1", snapshot(60), keyed("p1.ann")],
    ["is there already", "p1.ann", sold("p1.ann"), "p1", snapshot(60), []],
    ["is another", "p1.ann", sold("p1.bob"), "p1", snapshot(60), keyed("p1.bob")],
    ["is none now", "p1.ann", sold(null), "p1", snapshot(60), keyed(null)],
    ["is not stated", "p1.ann", incomingSale(), "p1", snapshot(60), []],
    ["is of an earlier pepper", "p1.ann", incomingSale(), "p2", snapshot(60), keyed(null)],
    ["was mapped under an earlier pepper", "p2.ann", sold("p1.ann"), "p2", snapshot(60), []],
    ["is kept no longer", "p1.ann", sold("p1.ann"), null, snapshot(60), keyed(null)],
    ["comes with an older event", "p1.ann", sold("p1.bob"), "p1", event(0), []],
  ])("a sale's customer %s: %s", (_, customer_key, incoming, pepper_id, read, expected) => {
    const result = plan([{ ...sale, customer_key }], [{ ...incoming, modified_at: null }], read, pepper_id);
    // It is no change of the sale: no row, no entry in the log.
    expect(result).toMatchObject({ outcomes: ["unchanged"], rows: [], changes: [], keyed: expected });
  });

  it("a sale's customer is written when the sale changes, and is not part of its content", () => {
    const changed = incomingSale({ content: { total: 31 }, customer_key: "p1.bob", modified_at: T0 + 60 * MINUTE });
    const result = plan([known], [changed], snapshot(70, false), "p1");
    expect(only(result.rows).sale.customer_key).toBe("p1.bob");
    expect(only(result.changes).fields).not.toHaveProperty("customer_key");
    const without = plan([known], [{ ...changed, customer_key: null }], snapshot(70, false), "p1");
    expect(only(without.rows).sale.content_hash).toBe(only(result.rows).sale.content_hash);
  });

  it("a sale's customer is not stored while the store keeps no customers", () => {
    const changed = incomingSale({ content: { total: 31 }, customer_key: "p1.bob", modified_at: T0 + 60 * MINUTE });
    expect(only(plan([known], [changed], snapshot(70, false), null).rows).sale.customer_key).toBeNull();
  });
});

const LINES = [saleLine("1"), saleLine("2", { quantity: 2 }), saleLine("3", { dutchie_product_id: "2" })];
const content = (over = {}) => ({ completed_at: T0, type: "retail", total: 90, item_count: 3, ...over });

describe("F43: missing lines", () => {
  const stored = only(plan([], [incomingSale({ content: content(), items: LINES })]).rows).sale;
  const later = { modified_at: T0 + MINUTE };

  it.each<[string, Partial<IncomingSale>]>([
    ["an empty list", { items: [], content: content({ item_count: 0 }) }],
    ["an absent list of a sale that counts some lines", { items: null, lines_missing: "the sale tells of 3 items" }],
    ["an empty list of a sale that counts no lines", { items: [], content: content({ total: 0, item_count: 0 }) }],
  ])("F43: %s makes no statement: the lines stay, the other fields apply, the row is listed once", (_, over) => {
    const incoming = incomingSale({
      ...later,
      ...over,
      content: { ...content({ item_count: 0 }), ...over.content, tax: 7 },
    });
    const result = plan([stored], [incoming], snapshot(10, false));
    const { sale, items } = only(result.rows);
    expect(items).toBeNull();
    expect(sale).toMatchObject({ tax: 7, item_count: 3, items_hash: stored.items_hash });
    expect(result.failures).toEqual([{ resource: "sales", dutchie_id: "900", reason: expect.any(String) }]);
    expect(Object.values(result.counts).every((count) => count === 0)).toBe(true);
    // The same row again is listed again and writes nothing.
    expect(plan([sale], [incoming], snapshot(10, false))).toMatchObject({
      rows: [],
      failures: [{ dutchie_id: "900" }],
    });
  });

  it.each<[string, Partial<IncomingSale>, string | null]>([
    ["where none are due", { items: null }, null],
    ["where they are due", { items: null, lines_due: true }, "without its 3 lines"],
    ["of a void", { items: null, lines_due: true, content: content({ is_void: true }) }, null],
    ["of an adjustment", { items: null, lines_due: true, content: content({ adjustment_of: "1" }) }, null],
    ["first seen, where none are due", { dutchie_transaction_id: "901", items: null }, null],
    ["first seen", { dutchie_transaction_id: "901", items: null, lines_due: true }, "total of 90 and came without"],
    [
      "first seen, with no total",
      { dutchie_transaction_id: "901", items: null, lines_due: true, content: content({ total: 0 }) },
      null,
    ],
    ["an empty list of a void", { items: [], content: content({ is_void: true, item_count: 0 }) }, null],
  ])(
    "F43: no list of lines (%s) makes no statement, and is listed as failed only if lines are due",
    (_, over, reason) => {
      const incoming = incomingSale({ ...later, content: content(), ...over });
      const { failures, rows } = plan([stored], [incoming], snapshot(10, false));
      expect(failures.map((failure) => failure.reason)).toEqual(
        reason === null ? [] : [expect.stringContaining(reason)],
      );
      for (const row of rows) expect(row.items).toBeNull();
    },
  );

  it("F43: a new sale with a total and no lines is listed as failed, and gets its lines later", () => {
    const first = plan([], [incomingSale({ content: content({ item_count: 0 }), items: [] })]);
    expect(first.failures).toHaveLength(1);
    const { sale } = only(first.rows);
    expect(sale).toMatchObject({ total: 90, item_count: 0 });
    const then = plan([sale], [incomingSale({ ...later, content: content(), items: LINES })], snapshot(10, false));
    expect(then).toMatchObject({ outcomes: ["updated"], failures: [] });
    expect(only(then.rows).items).toHaveLength(3);
  });

  it.each<[string, Partial<IncomingSale>]>([
    ["a void", { items: [], content: content({ is_void: true, item_count: 0 }) }],
    [
      "an adjustment",
      { dutchie_transaction_id: "901", items: [], content: content({ adjustment_of: "900", item_count: 0 }) },
    ],
    [
      "a sale with a total of 0",
      { dutchie_transaction_id: "902", items: [], content: content({ total: 0, item_count: 0 }) },
    ],
  ])("F43: %s needs no lines", (_, over) => {
    expect(plan([stored], [incomingSale({ ...later, ...over })], snapshot(10, false)).failures).toEqual([]);
  });
});

describe("F44: a sale without a type", () => {
  it("F44: a sale that states no type keeps its type", () => {
    const { sale } = only(plan([], [incomingSale({ content: content({ type: "transfer" }) })]).rows);
    const { type: _, ...untold } = content({ tax: 1 });
    const result = plan([sale], [incomingSale({ content: untold, modified_at: T0 + MINUTE })], snapshot(10, false));
    expect(only(result.rows).sale).toMatchObject({ type: "transfer", tax: 1 });
  });
});

describe("F44: a line that leaves something out", () => {
  const stored = saleLine("1");
  const bare = { line_id: stored.line_id, dutchie_product_id: stored.dutchie_product_id, quantity: stored.quantity };
  const linesAfter = (line: typeof bare) => {
    const sale = only(plan([], [incomingSale({ content: content(), items: [stored] })]).rows).sale;
    const incoming = incomingSale({ content: content({ tax: 1 }), items: [line], modified_at: T0 + MINUTE });
    expect(comparesLines(incoming, sale)).toBe(true);
    const { rows } = planSales({
      incoming: [incoming],
      stored: byKey([sale], (row) => row.dutchie_transaction_id),
      storedLines: new Map([[sale.sale_id, [stored]]]),
      productIds: new Map(),
      read: snapshot(10, false),
      pepper_id: null,
      floor: 0,
      now: NOW,
      origin: ORIGIN,
    });
    return only(rows).items;
  };

  it("F44: a line keeps the stored values that it does not state", () => {
    expect(linesAfter(bare)).toEqual([{ ...stored, product_id: null }]);
  });

  it("F44: a line's stated values count, null too", () => {
    const sold = { ...bare, quantity: 7, unit_cost: null };
    expect(linesAfter(sold)).toEqual([{ ...stored, quantity: 7, unit_cost: null, product_id: null }]);
  });

  it("F44: a line gets no values from a line of another product", () => {
    expect(linesAfter({ ...bare, dutchie_product_id: "77" })).toMatchObject([{ unit_price: null, unit_cost: null }]);
  });
});

describe("F44: a line without its product", () => {
  const before = { ...saleLine("1"), product_id: "prd_1" };
  const decoded = (items: object[]) => {
    const sale = decodeSale({ id: 900, completedAt: "2025-10-25T10:00:00Z", items });
    if (!sale.ok) throw new Error(sale.reason);
    return mapSale({ ...sale.row, modified_at: T0 + MINUTE }, null);
  };
  const linesAfter = (items: object[], stored = [before]) => {
    const { sale } = only(plan([], [incomingSale({ items: stored })]).rows);
    const incoming = decoded(items);
    expect(comparesLines(incoming, sale)).toBe(true);
    const { rows } = planSales({
      incoming: [incoming],
      stored: byKey([sale], (row) => row.dutchie_transaction_id),
      storedLines: new Map([[sale.sale_id, stored]]),
      productIds: new Map([["2", "prd_2"]]),
      read: snapshot(10, false),
      pepper_id: null,
      floor: 0,
      now: NOW,
      origin: ORIGIN,
    });
    return only(rows).items;
  };

  it.each([
    ["nothing but its quantity", { lineId: 1, quantity: 3 }],
    ["its SKU", { transactionItemId: "1", quantity: 3, sku: "A" }],
    ["a product that cannot be read", { id: 1, quantity: 3, product: undefined }],
  ])("F44: a line that states %s keeps its product and all stored values", (_, line) => {
    expect(linesAfter([line])).toEqual([{ ...before, quantity: 3 }]);
  });

  it("F44: a line that states no product has none", () => {
    expect(linesAfter([{ lineId: 1, quantity: 3, productId: null }])).toMatchObject([
      { dutchie_product_id: null, product_id: null, unit_cost: null },
    ]);
  });

  it.each([
    ["that ReUp numbered itself", [{ quantity: 3 }]],
    [
      "with an id that two lines share",
      [
        { lineId: 1, quantity: 3 },
        { lineId: 1, quantity: 4 },
      ],
    ],
    ["with an id that is not stored", [{ lineId: 7, quantity: 3 }]],
  ])("F44: a line %s keeps no stored values", (_, lines) => {
    for (const line of linesAfter(lines) ?? [])
      expect(line).toMatchObject({ dutchie_product_id: null, product_id: null, unit_cost: null });
  });

  it("F44: a stated product replaces the stored product", () => {
    expect(linesAfter([{ lineId: 1, quantity: 3, productId: 2 }])).toMatchObject([
      { dutchie_product_id: "2", product_id: "prd_2", unit_cost: null },
    ]);
  });
});

describe("F62: lines are compared by content, in any order", () => {
  const sale = (items: IncomingSale["items"], over = {}) =>
    incomingSale({ content: content(), items, modified_at: T0 + MINUTE, ...over });

  it.each([
    ["turned round", LINES.toReversed()],
    ["rotated", [...LINES.slice(1), ...LINES.slice(0, 1)]],
    ["numbered by their place", LINES.toReversed().map((line, at) => ({ ...line, line_id: String(at + 1) }))],
  ])("F62: a sale whose lines are %s is the same sale: nothing is written or logged", (_, items) => {
    const { sale: stored } = only(plan([], [sale(LINES)]).rows);
    expect(plan([stored], [sale(items)], snapshot(10, false))).toMatchObject({
      outcomes: ["unchanged"],
      rows: [],
      changes: [],
    });
  });

  it("F62: a line that differs changes the sale in any order", () => {
    const { sale: stored } = only(plan([], [sale(LINES)]).rows);
    const [first, ...rest] = LINES;
    const changed = [...rest, { ...saleLine("1"), ...first, quantity: 7 }];
    expect(plan([stored], [sale(changed, { modified_at: T0 + 2 * MINUTE })], snapshot(10, false)).outcomes).toEqual([
      "updated",
    ]);
  });
});
