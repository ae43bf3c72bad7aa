import { expect, test } from "vitest";
import { MAX_GROUP_BYTES, MAX_GROUP_ROWS } from "../../../../src/domain/bounds.ts";
import { decodedGroups } from "../../../../src/dutchie/decode/decoded-groups.ts";
import { splitRows } from "../../../../src/dutchie/stream/split.ts";
import { all, pieces } from "../support/collect.ts";

const products = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ id: i + 1, ...more }));

test("rows come in groups of at most the given size, and the last group is complete", async () => {
  const body = JSON.stringify({ data: products(5), next: "n" });
  const groups = decodedGroups("products", splitRows(pieces(body)), { rows: 2 });
  const ids: string[][] = [];
  for (;;) {
    const step = await groups.next();
    if (step.done) {
      expect(step.value).toEqual({ next: "n", count: 5, total_rows: null, total_pages: null });
      break;
    }
    ids.push(step.value.rows.map(({ dutchie_product_id }) => dutchie_product_id));
  }
  expect(ids).toEqual([["1", "2"], ["3", "4"], ["5"]]);
});

test("a row that is not JSON and a row that is no product fail alone, and count in their group", async () => {
  const groups = await all(
    decodedGroups("products", splitRows(pieces('[{"id":1},{"id":2 3},4,{"id":5}]')), { rows: 3 }),
  );
  expect(groups.map(({ rows }) => rows.map(({ dutchie_product_id }) => dutchie_product_id))).toEqual([["1"], ["5"]]);
  expect(groups.map(({ failures }) => failures.map(({ dutchie_id }) => dutchie_id))).toEqual([["2", null], []]);
});

test("a reader that leaves early closes the source", async () => {
  const source = splitRows(pieces(JSON.stringify(products(3))));
  for await (const { rows } of decodedGroups("products", source, { rows: 1 })) {
    expect(rows).toHaveLength(1);
    break;
  }
  expect(await source.next()).toEqual({ done: true, value: undefined });
});

test.each([
  ["60 rows of 1 MB", 60, 1_000_000],
  ["1,200 rows of 20 KB", 1_200, 20_000],
  ["2,200 small rows", 2_200, 20],
])("F83: %s come in groups of at most 1,000 rows and about 4 MB", async (_, count, length) => {
  const body = JSON.stringify(products(count, { text: "x".repeat(length) }));
  const groups = await all(decodedGroups("products", splitRows(pieces(body))));
  const sizes = groups.map(({ rows }) => rows.length);
  expect(sizes.reduce((sum, rows) => sum + rows, 0)).toBe(count);
  for (const rows of sizes) {
    expect(rows).toBeLessThanOrEqual(MAX_GROUP_ROWS);
    expect(rows * length).toBeLessThan(MAX_GROUP_BYTES + length + 100);
  }
});
