import { describe, expect, it } from "vitest";
import type { DutchiePackage, DutchieSale, DutchieSaleLine } from "../../../../src/domain/records/model.ts";
import { Repeats } from "../../../../src/domain/snapshots/repeats.ts";

const item = (over: Partial<DutchiePackage> = {}): DutchiePackage => ({
  dutchie_inventory_id: "5",
  quantity: 8,
  rooms: [
    { room_name: "Vault", quantity: 5 },
    { room_name: "Shelf", quantity: 3 },
  ],
  scope: "package",
  modified_at: 1_000,
  ...over,
});

describe("F42: an answer that lists a record twice", () => {
  it.each<[string, DutchiePackage, "passes" | "is dropped" | "fails"]>([
    ["equal", item(), "is dropped"],
    ["with its rooms in another order", item({ rooms: item().rooms?.toReversed() ?? null }), "is dropped"],
    ["with another quantity and the same time", item({ quantity: 7 }), "fails"],
    ["with another quantity and no time", item({ quantity: 7, modified_at: null }), "fails"],
    ["older", item({ quantity: 7, modified_at: 999 }), "fails"],
    ["newer", item({ quantity: 7, modified_at: 1_001 }), "passes"],
    ["of another package", item({ dutchie_inventory_id: "6" }), "passes"],
  ])("F42: a second row of one package (%s) %s", (_name, second, expected) => {
    const result = (chunks: DutchiePackage[][]) => {
      const repeats = new Repeats();
      const [last] = chunks.map((rows) => repeats.sift(rows)).slice(-1);
      return last;
    };
    for (const found of [result([[item()], [second]]), result([[item(), second]])]) {
      expect(found?.rows.at(-1) === second).toBe(expected === "passes");
      const failed = { resource: "inventory", dutchie_id: "5", reason: expect.stringContaining("twice") };
      expect(found?.failures).toEqual(expected === "fails" ? [failed] : []);
    }
  });

  const line = (line_id: string, quantity: number): DutchieSaleLine => ({
    line_id,
    quantity,
    dutchie_inventory_id: null,
    package_id: null,
    sku: null,
    upc: null,
    product_name: null,
  });
  const sale = (over: Partial<DutchieSale> = {}): DutchieSale => ({
    dutchie_transaction_id: "9",
    completed_at: 1,
    total: 30,
    items: [line("1", 1), line("2", 2)],
    modified_at: 1_000,
    ...over,
  });

  it.each<[string, DutchieSale, "passes" | "is dropped" | "fails"]>([
    ["equal", sale(), "is dropped"],
    ["with its lines in another order", sale({ items: sale().items?.toReversed() ?? [] }), "is dropped"],
    ["with another total", sale({ total: 20 }), "fails"],
    ["with another line", sale({ items: [line("3", 2)] }), "fails"],
    ["void and newer", sale({ is_void: true, modified_at: 1_001 }), "passes"],
  ])("F42: a second row of one sale (%s) %s", (_name, second, expected) => {
    const found = new Repeats().sift([sale(), second]);
    expect(found.rows.includes(second)).toBe(expected === "passes");
    const failed = { resource: "sales", dutchie_id: "9", reason: expect.stringContaining("twice") };
    expect(found.failures).toEqual(expected === "fails" ? [failed] : []);
  });
});
