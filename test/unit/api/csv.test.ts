import { describe, expect, it } from "vitest";
import { type Cell, csvCell, csvResponse, MAX_CSV_ROWS, wantsCsv } from "../../../src/api/csv.ts";

describe("a cell", () => {
  it.each<[Cell, string]>([
    [null, ""],
    [true, "true"],
    [-2.5, "-2.5"],
    ["plain", "plain"],
    ['a "b", c', '"a ""b"", c"'],
    ["two\nlines", '"two\nlines"'],
    // What a spreadsheet would run as a formula.
    ["=1+1", "'=1+1"],
    ["+49", "'+49"],
    ["-x", "'-x"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ])("%j is written as %j", (value, written) => {
    expect(csvCell(value)).toBe(written);
  });
});

describe("an answer", () => {
  const source = (total: number, failAt = Number.POSITIVE_INFINITY) => ({
    columns: ["n"] as const,
    read: async (after: number | null, limit: number) => {
      const from = after === null ? 0 : after + 1;
      if (from >= failAt) throw new Error("down");
      return Array.from({ length: Math.max(0, Math.min(limit, total - from)) }, (_, at) => ({ n: from + at }));
    },
    keyOf: ({ n }: { n: number }) => n,
  });

  it.each([0, 1, 1_999, 2_000, 2_001, 10_000])("of %d rows has them all, once, under its columns", async (total) => {
    const lines = (await (await csvResponse("x", source(total))).text()).split("\r\n");
    expect(lines[0]).toBe("n");
    expect(lines.slice(1, -1)).toEqual(Array.from({ length: total }, (_, n) => String(n)));
  });

  it("ends at 50,000 rows", async () => {
    const lines = (await (await csvResponse("x", source(60_000))).text()).split("\r\n");
    expect(lines.length - 2).toBe(MAX_CSV_ROWS);
  });

  it("is an error when the first page fails, and breaks off when a later one does", async () => {
    await expect(csvResponse("x", source(10, 0))).rejects.toThrow("down");
    const begun = await csvResponse("x", source(10_000, 4_000));
    await expect(begun.text()).rejects.toThrow();
  });
});

it.each([
  ["text/csv", true],
  ["text/csv; charset=utf-8", true],
  ["application/json, TEXT/CSV;q=0.9", true],
  ["*/*", false],
  ["text/html", false],
  ["text/csv-schema", false],
  [undefined, false],
])("Accept: %s asks for CSV: %s", (accept, wanted) => {
  expect(wantsCsv(accept)).toBe(wanted);
});
