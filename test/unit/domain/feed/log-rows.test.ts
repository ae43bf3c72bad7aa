import fc from "fast-check";
import { expect, it } from "vitest";
import { firstNumberOf, logRowsOf, type NewLogRow } from "../../../../src/domain/feed/log-rows.ts";
import type { Change, Named } from "../../../../src/domain/records/change.ts";
import { ENTRIES_A_ROW, firstSequence, numberChanges, sequenceOf } from "../../../../src/domain/records/sequence.ts";

const AT = Date.UTC(2026, 10, 26);

const change = (n: number, resource: Change["resource"] = "inventory", at = AT): Change => ({
  digest: `d${n}`,
  resource,
  record_id: `${resource}${n}`,
  fields: { quantity: [n, n + 1] },
  cause: "webhook",
  ref: `evt${n}`,
  at,
  source_at: at,
});
const naming = (ids: string[], at = AT, cause: Named["cause"] = "webhook"): Named => ({
  resource: "sales",
  ids,
  cause,
  ref: "run",
  at,
});
const moved = (length: number): Change => ({
  ...change(2),
  fields: { room_name: ["a".repeat(length), "b".repeat(length)] },
});
const range = (length: number, prefix: string) => Array.from({ length }, (_, n) => `${prefix}${n}`);
const rowsOf = (changes: Change[], named: Named[] = [], head = 0) =>
  logRowsOf(numberChanges(changes, head), named, head);

/** What a reader finds in a row: numbers and records. */
function entriesOf({ change_id, record_id, record_ids, packed }: NewLogRow): [sequence: number, record_id: string][] {
  const last = sequenceOf(change_id);
  return packed === null
    ? (record_ids ?? [record_id]).map((id, n, ids) => [last - (ids.length - 1 - n), id])
    : packed.map(([, record], n) => [last - (packed.length - 1 - n), record]);
}

const sizesOf = (rows: readonly NewLogRow[]) => rows.map((row) => row.packed?.length ?? 0);

it("a sale and the packages that it moved are one row", () => {
  const [row, ...more] = rowsOf([change(1), change(2), change(3)], [naming(["sale"])]);
  expect(more).toEqual([]);
  expect(row?.packed?.map(([, , fields, resource]) => [resource, fields === null])).toEqual([
    ["inventory", false],
    ["inventory", false],
    ["inventory", false],
    ["sales", true],
  ]);
  expect(row?.change_id.endsWith(row?.packed?.at(-1)?.[0] ?? "none")).toBe(true);
});

it.each([
  ["one change of a package", [change(1)], [], [0]],
  ["the names of up to 500 records", [], [naming(range(500, "s"))], [0]],
  ["changes of products, which an index finds", [change(1, "products"), change(2, "products")], [], [0, 0]],
  ["a product between packages", [change(1), change(2), change(3, "products"), change(4)], [], [2, 0, 0]],
  ["more bytes than SQLite keeps together", Array.from({ length: 12 }, (_, n) => change(n)), [], [10, 2]],
  ["one with a long text", [change(1), moved(200)], [], [2]],
  ["one with too long a text", [change(1), moved(400)], [], [0, 0]],
  [
    "names for which a row has no place left",
    Array.from({ length: 9 }, (_, n) => change(n)),
    [naming(range(3, "s"))],
    [9, 0],
  ],
  ["another cause", [change(1), change(2)], [naming(["s"], AT, "poll")], [2, 0]],
  ["a gap between the numbers", [change(1), change(2, "inventory", AT + 5)], [], [0, 0]],
  ["nothing", [], [naming([])], []],
] as const)("%s: entries that share a row", (_, changes, named, sizes) => {
  expect(sizesOf(rowsOf([...changes], [...named]))).toEqual(sizes);
});

it("rows have every entry once, in the order of their numbers, without a gap within a row", () => {
  const at = fc.constantFrom(AT - 5, AT, AT + 1, AT + 5);
  const changes = fc.array(fc.tuple(fc.constantFrom("inventory", "inventory", "inventory", "products", "sales"), at), {
    maxLength: 90,
  });
  const named = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), at), { maxLength: 4 });
  fc.assert(
    fc.property(changes, named, fc.constantFrom(0, firstSequence(AT), firstSequence(AT + 9)), (some, names, head) => {
      const given = some.map(([resource, when], n) => change(n, resource as Change["resource"], when));
      const lists = names.map(([length, when], n) => naming(range(length, `s${n}-`), when));
      const rows = rowsOf(given, lists, head);
      const entries = rows.flatMap(entriesOf);
      expect(entries.map(([, id]) => id)).toEqual([
        ...given.map(({ record_id }) => record_id),
        ...lists.flatMap(({ ids }) => ids),
      ]);
      let last = head;
      for (const [sequence] of entries) {
        expect(sequence).toBeGreaterThan(last);
        last = sequence;
      }
      for (const row of rows) {
        const own = entriesOf(row);
        expect(firstNumberOf(row)).toBe(own[0]?.[0]);
        expect(sequenceOf(row.change_id)).toBe(firstNumberOf(row) + own.length - 1);
        expect(row.packed?.length ?? 0).toBeLessThanOrEqual(ENTRIES_A_ROW);
        if (row.packed !== null) expect(JSON.stringify(row.packed).length).toBeLessThan(900);
      }
    }),
  );
});
