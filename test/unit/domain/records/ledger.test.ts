import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ledgerOf, type QuantityChange, type SoldLine } from "../../../../src/domain/records/ledger.ts";

const MINUTE = 60_000;
const T0 = 1_760_000_000_000;

const change = (
  minute: number,
  before: number | null,
  after: number,
  over: Partial<QuantityChange> = {},
): QuantityChange => ({
  change_id: `${1_000 + minute}${over.package ?? "p1"}${before}`,
  at: T0 + minute * MINUTE,
  package: "p1",
  before,
  after,
  cause: "poll",
  ref: "run_1",
  ...over,
});
const line = (minute: number, quantity: number, sale_id = `s${minute}`): SoldLine => ({
  sale_id,
  label: `Sale ${sale_id}`,
  completed_at: T0 + minute * MINUTE,
  quantity,
});

describe("a product's ledger", () => {
  it.each<[string, QuantityChange[], SoldLine[], string[]]>([
    ["the first import", [change(0, null, 9, { cause: "initial" })], [], ["first_seen"]],
    ["a new package", [change(0, null, 9, { cause: "webhook" })], [], ["received"]],
    ["stock again", [change(0, 0, 9)], [], ["received"]],
    ["one more", [change(0, 3, 4)], [], ["adjusted"]],
    ["one less", [change(0, 3, 2)], [], ["adjusted"]],
    ["nothing left", [change(0, 3, 0)], [], ["sold_out"]],
    ["a sale", [change(10, 3, 2)], [line(8, 1)], ["sale"]],
    ["a sale of all", [change(10, 3, 0)], [line(8, 3)], ["sale"]],
    ["two sales between two polls", [change(10, 9, 6)], [line(3, 1), line(8, 2)], ["sale"]],
    ["a sale that does not add up", [change(10, 9, 5)], [line(3, 1)], ["adjusted"]],
    ["a sale after the change", [change(10, 9, 8)], [line(11, 1)], ["adjusted"]],
    ["a sale that another change explains", [change(20, 8, 7), change(10, 9, 8)], [line(8, 1)], ["adjusted", "sale"]],
    ["an old sale", [change(60, 8, 7), change(40, 9, 8)], [line(2, 1)], ["adjusted", "sale"]],
    ["another room", [change(10, 0, 4), change(10, 4, 0, { change_id: "x" })], [], ["moved", "moved"]],
    ["two packages in one sync", [change(10, 0, 4), change(10, 4, 0, { package: "p2" })], [], ["received", "sold_out"]],
  ])("%s", (_, changes, sold, reasons) => {
    expect(ledgerOf(changes, { balance: 5, sold }).map(({ reason }) => reason)).toEqual(reasons);
  });

  it("says what explains a change", () => {
    const [first, second] = ledgerOf([change(20, 6, 3), change(10, 7, 6, { cause: "webhook", ref: "evt_1" })], {
      balance: 3,
      sold: [line(15, 1, "a"), line(18, 2, "b")],
    });
    expect(first).toMatchObject({
      reason: "sale",
      ref_to: { kind: "sale", id: "b", label: "2 sales, the last is Sale b" },
    });
    expect(second).toMatchObject({ reason: "adjusted", ref_to: { kind: "event", id: "evt_1", label: "Webhook" } });
  });

  it("balances add up, page after page, whatever the packages and sales", () => {
    const step = fc.record({
      package: fc.constantFrom("p1", "p2", "p3"),
      after: fc.integer({ min: 0, max: 500 }).map((n) => n / 10),
      minutes: fc.constantFrom(0, 0, 1, 10, 16, 30),
    });
    const lines = fc.array(
      fc.record({ minute: fc.integer({ min: 0, max: 300 }), quantity: fc.integer({ min: 1, max: 9 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), lines, fc.integer({ min: 1, max: 9 }), (steps, sales, size) => {
        const stock = new Map<string, number>();
        let minute = 0;
        const oldest = steps.map(({ package: id, after, minutes }, index) => {
          minute += minutes;
          const before = stock.get(id) ?? null;
          stock.set(id, after);
          return change(minute, before, after, { package: id, change_id: String(index).padStart(4, "0") });
        });
        const newest = oldest.toReversed();
        const total = [...stock.values()].reduce((sum, each) => sum + each, 0);
        const sold = sales.map((each) => line(each.minute, each.quantity));
        const whole = ledgerOf(newest, { balance: total, sold });
        let balance = total;
        for (let at = 0; at < newest.length; at += size) {
          const around = { newer: newest.slice(0, at), older: newest.slice(at + size) };
          for (const [index, entry] of ledgerOf(newest.slice(at, at + size), { balance, sold, ...around }).entries()) {
            expect(entry.balance).toBeCloseTo(balance, 4);
            balance = entry.balance - entry.change;
            const { reason, ref_to } = whole[at + index] ?? {};
            expect(entry).toMatchObject({ reason, ref_to });
          }
        }
        expect(balance).toBeCloseTo(0, 4);
      }),
    );
  });
});
