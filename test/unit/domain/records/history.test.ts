import fc from "fast-check";
import { expect, it } from "vitest";
import type { NumberedChange } from "../../../../src/domain/records/change.ts";
import { linkHistory } from "../../../../src/domain/records/history.ts";

const change = (
  change_id: string,
  record_id: string,
  resource: "inventory" | "products" = "inventory",
): NumberedChange => ({
  digest: "",
  change_id,
  resource,
  record_id,
  fields: {},
  cause: "poll",
  ref: null,
  at: 1,
  source_at: 1,
});

it("changes of other records are no package's history", () => {
  const changes = [change("1", "prd_1", "products"), change("2", "inv_unwritten")];
  expect(linkHistory([{ inventory_id: "inv_1" }], changes)).toEqual({
    rows: [{ inventory_id: "inv_1", last_change: null }],
    changes,
  });
});

it("however changes come in batches, each package's row leads back to all of its own, the last one first", () => {
  const id = fc.constantFrom("inv_1", "inv_2", "inv_3");
  fc.assert(
    fc.property(fc.array(fc.array(id)), (batches) => {
      const rows = new Map<string, { inventory_id: string; last_change: string | null }>();
      const log = new Map<string, NumberedChange>();
      let next = 0;
      for (const batch of batches) {
        const before = [...new Set(batch)].map((each) => rows.get(each) ?? { inventory_id: each, last_change: null });
        const linked = linkHistory(
          before,
          batch.map((record_id) => change(String(next++), record_id)),
        );
        for (const row of linked.rows) rows.set(row.inventory_id, { ...row, last_change: row.last_change ?? null });
        for (const each of linked.changes) log.set(each.change_id, each);
      }
      for (const { inventory_id, last_change } of rows.values()) {
        const found: string[] = [];
        for (let at = last_change; at !== null; at = log.get(at)?.previous ?? null) found.push(at);
        const all = [...log.values()].filter(({ record_id }) => record_id === inventory_id);
        expect(found).toEqual(all.map(({ change_id }) => change_id).reverse());
      }
    }),
  );
});
