import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEvent, parseEvent } from "../../../../src/dutchie/webhook/event.ts";

function parsed(body: unknown) {
  const event = parseEvent(body);
  if (!event.ok) throw new Error(event.reason);
  return event;
}

const AT = Date.UTC(2026, 0, 1);

describe("the event of a webhook", () => {
  test.each([
    [{ type: "inventory.updated", occurred_at: "2026-01-01T00:00:00Z", id: "e1", data: { id: 1 } }],
    [{ event: "Inventory.Updated", timestamp: AT / 1000, event_id: "e1", data: [{ id: 1 }] }],
    [{ type: "inventory.updated", created_at: AT, event_id: "e1", data: { items: [{ id: 1 }] } }],
  ])("an event is read from %j", (body) => {
    expect(parsed(body)).toEqual({
      ok: true,
      type: "inventory.updated",
      known: true,
      occurred_at: AT,
      rows: [{ id: 1 }],
      location: null,
      body_id: "e1",
    });
  });

  test.each([
    [{ locationId: 77, data: [{ id: 1 }] }, "77"],
    [{ data: { items: [{ id: 1 }], location_id: "77" } }, "77"],
    [{ locationId: 77, data: { items: [{ id: 1 }], location_id: "78" } }, "77"],
    [{ locationId: {}, data: { id: 1, locationId: 77 } }, null],
  ])("the store that an event says it is about is read from %j", (body, location) => {
    expect(parsed({ type: "inventory.updated", ...body }).location).toBe(location);
  });

  test("an event of an unknown type is read, and has no rows", () => {
    const event = parsed({ type: "room.painted", data: { a: 1 } });
    expect(event).toMatchObject({ known: false, occurred_at: null, body_id: null });
    expect(decodeEvent(event)).toBeNull();
    expect(parsed({ type: "constructor" }).known).toBe(false);
  });

  test.each([null, [], "x", 1, {}, { type: "" }, { type: 5 }])("%j is not an event", (body) => {
    expect(parseEvent(body).ok).toBe(false);
  });

  test("an event of a sale: an object with an id is the transaction, and its items are its lines", () => {
    const sale = { transactionId: 9, completedAt: "2026-01-01", items: [{ quantity: 1 }] };
    for (const data of [sale, [sale], { items: [sale] }]) {
      const decoded = decodeEvent(parsed({ type: "sale.completed", data }));
      expect(decoded).toMatchObject({
        resource: "sales",
        rows: [{ dutchie_transaction_id: "9", items: [{ quantity: 1 }] }],
        failures: [],
      });
    }
  });

  test("an event keeps its good rows beside the bad ones", () => {
    const decoded = decodeEvent(parsed({ type: "inventory.updated", data: [{ id: 1, quantity: 2 }, { id: 2 }] }));
    expect(decoded).toMatchObject({ rows: [{ dutchie_inventory_id: "1" }], failures: [{ dutchie_id: "2" }] });
  });

  test("an event of a known type without rows fails with a reason", () => {
    expect(decodeEvent(parsed({ type: "product.updated" }))?.failures).toEqual([
      { resource: "products", dutchie_id: null, reason: "the event has no rows" },
    ]);
  });

  test.each([
    ["zeros", "inventory.updated", 0],
    ["empty objects", "sale.completed", {}],
    ["rows without a quantity", "inventory.updated", { id: 7 }],
  ])("F77: an event of 100 KB of %s lists a hundred failures and counts the others", (_, type, each) => {
    const data = Array.from({ length: Math.floor(100_000 / (JSON.stringify(each).length + 1)) }, () => each);
    const decoded = decodeEvent(parsed({ type, data }));
    expect(decoded?.failures).toHaveLength(100);
    expect(decoded?.more).toBe(data.length - 100);
  });

  test("an event of any JSON never throws", () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom("sale.completed", "inventory.updated", "x"),
        data: fc.jsonValue(),
        timestamp: fc.jsonValue(),
      }),
    );
    fc.assert(
      fc.property(body, (value) => {
        const event = parseEvent(value);
        expect(event.ok ? (decodeEvent(event)?.rows ?? []) : []).toBeInstanceOf(Array);
      }),
    );
  });
});
