import { expect, it } from "vitest";
import type { IncomingProduct } from "../../../../src/domain/records/mapping.ts";
import { planEvents } from "../../../../src/domain/resolve/events.ts";
import { roomBook } from "../../../../src/domain/snapshots/name-rooms.ts";
import { event, incomingProduct, NOW, ORIGIN, product } from "../build.ts";

const throwing: IncomingProduct = {
  dutchie_product_id: "1",
  modified_at: null,
  get content(): never {
    throw new TypeError("x is not a function");
  },
};

it.each([
  ["our code fails on the second of three", throwing, new TypeError("x is not a function")],
  ["nothing fails, but the second is of an unknown product", incomingProduct({ unit_price: 7 }, null, "9"), null],
  ["nothing fails", incomingProduct({ unit_price: 7 }), null],
])(
  "F72: a plan of events ends before the one that must be applied alone, and has the fault: %s",
  (_, second, fault) => {
    const rows = [incomingProduct({ unit_price: 5 }), second, incomingProduct({ unit_price: 6 })];
    const plan = planEvents({
      events: rows.map((row, n) => ({
        rows: { resource: "products", rows: [row] },
        read: event(n + 1),
        origin: ORIGIN,
      })),
      stored: {
        products: new Map([["1", product()]]),
        inventory: new Map(),
        sales: new Map(),
        lines: new Map(),
        rooms: roomBook([]),
      },
      answers: { sole: new Set(), hasFree: true },
      floors: { products: 0, inventory: 0 },
      pepper_id: null,
      room_types: {},
      now: NOW,
    });
    expect(plan.fault).toEqual(fault);
    expect(plan.ends).toHaveLength(second.dutchie_product_id === "9" || fault !== null ? 1 : 3);
  },
);
