import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchIndex } from "../../../../src/domain/identity/match.ts";
import { decide } from "../../../../src/domain/records/decide.ts";
import type { InventoryRow } from "../../../../src/domain/records/records.ts";
import { asOf, type Read } from "../../../../src/domain/records/version.ts";
import { planInventory, tombstoneInventory } from "../../../../src/domain/resolve/inventory.ts";
import { planProducts } from "../../../../src/domain/resolve/products.ts";
import { byKey, incomingPackage, incomingProduct, MINUTE, ORIGIN, product, T0 } from "../build.ts";

const SECOND = 1_000;
const snapshot = (started_at: number): Read => ({
  kind: "snapshot",
  as_of: asOf("inventory", started_at, started_at),
  complete: true,
  started_at,
});

/** Rooms of one package as a read at that time states them, stamped T0. */
function read(
  stored: readonly InventoryRow[],
  started_at: number,
  rooms: Record<string, number>,
  now = started_at + SECOND,
) {
  const plan = planInventory({
    incoming: [incomingPackage(rooms, { modified_at: T0 })],
    stored: new Map([["10", stored]]),
    productIds: new Map(),
    read: snapshot(started_at),
    floor: 0,
    now,
    origin: ORIGIN,
  });
  const after = byKey([...stored, ...plan.rows], (row) => row.inventory_id);
  return { rows: [...after.values()], plan };
}
const stock = (rows: readonly InventoryRow[]) =>
  Object.fromEntries(rows.filter((row) => row.quantity !== 0).map((row) => [row.room_name, row.quantity]));

describe("F56: of two reads with the same stamp, the later one wins", () => {
  it("F56: quantities that are read one after the other under one stamp have the last value", () => {
    const rooms = fc.dictionary(fc.constantFrom("Vault", "Floor"), fc.integer({ min: 1, max: 9 }), { minKeys: 1 });
    fc.assert(
      fc.property(fc.array(rooms, { minLength: 2, maxLength: 6 }), (states) => {
        let rows: InventoryRow[] = [];
        for (const [at, each] of states.entries()) rows = read(rows, T0 + (at + 1) * 10 * SECOND, each).rows;
        expect(stock(rows)).toEqual(states.at(-1));
        const last = T0 + states.length * 10 * SECOND + SECOND;
        for (const row of rows) expect(Math.max(row.source_at, row.package_at)).toBeLessThanOrEqual(last);
      }),
    );
  });

  it.each([5, 7, 9])("F56: %i of 10 without the allocation is an update, and a repeat changes nothing", (quantity) => {
    const first = read([], T0 + 10 * SECOND, { Vault: 10 });
    const second = read(first.rows, T0 + 20 * SECOND, { Vault: quantity });
    expect(second.plan.outcomes).toEqual(["updated"]);
    expect(stock(second.rows)).toEqual({ Vault: quantity });
    expect(read(second.rows, T0 + 30 * SECOND, { Vault: quantity }).plan).toMatchObject({
      outcomes: ["unchanged"],
      rows: [],
    });
  });

  it.each([19, 21])("F56: a product's price of %i, read later under one stamp, counts", (unit_price) => {
    const row = product({ unit_price: 20, content_hash: "zz", updated_at: T0 + SECOND });
    const plan = planProducts({
      incoming: [incomingProduct({ unit_price }, T0)],
      stored: new Map([["1", row]]),
      match: matchIndex([]),
      read: snapshot(T0 + MINUTE),
      floor: 0,
      now: T0 + 2 * MINUTE,
      origin: ORIGIN,
      keep: [],
    });
    expect(plan.rows.map((each) => each.unit_price)).toEqual([unit_price]);
  });

  it("F56: a read that began before the stored row was written does not overrule it", () => {
    const outcomes = [3, 4].map((quantity) => {
      const stored = read([], T0 + 10 * SECOND, { Vault: 7 - quantity }).rows;
      return stock(read(stored, T0 + 9 * SECOND, { Vault: quantity }, T0 + MINUTE).rows);
    });
    expect(outcomes[0]).toEqual(outcomes[1]);
  });

  it("F56: a stale answer with the old stamp does not bring an absent package back", () => {
    const [row] = read([], T0 + 10 * SECOND, { Vault: 3 }).rows;
    if (row === undefined) throw new Error("a row expected");
    const gone = tombstoneInventory(row, T0 - MINUTE, T0 + 20 * SECOND);
    expect(stock(read([gone], T0 + 30 * SECOND, { Vault: 3 }).rows)).toEqual({});
  });

  it.each<[string, 0 | 1, number, string]>([
    ["an older stamp stays older", 1, T0 + SECOND, "stale"],
    ["a later read of one stamp applies", 1, T0, "updated"],
    ["an event of one stamp yields to the snapshot", 0, T0, "updated"],
  ])("F56: stamps decide about any row: %s", (_, source_rank, source_at, outcome) => {
    const stored = { price: 1, source_at, source_rank, content_hash: "ffff", updated_at: T0 + 5 * SECOND };
    const given = {
      content: { price: 2 },
      modified_at: T0,
      read: snapshot(T0 + 10 * SECOND),
      floor: 0,
      now: T0 + MINUTE,
    };
    expect(decide<{ price: number }>({ ...given, stored, hash: "0" }).outcome).toBe(outcome);
  });
});
