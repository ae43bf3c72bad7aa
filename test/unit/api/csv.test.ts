import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvResponse, MAX_CSV_ROWS, wantsCsv } from "../../../src/api/answers/csv.ts";
import { type Cell, csvCell } from "../../../src/domain/values/csv-cell.ts";

describe("a cell of CSV", () => {
  it.each<[Cell, string]>([
    [null, ""],
    [true, "true"],
    [-2.5, "-2.5"],
    ["", '""'],
    ["plain", '"plain"'],
    ['a "b", c', '"a ""b"", c"'],
    ["two\nlines", '"two\nlines"'],
    ["Blue Dream - 3.5 g @ 20 + 1", '"Blue Dream - 3.5 g @ 20 + 1"'],
  ])("the value %j is written as %j", (value, written) => {
    expect(csvCell(value)).toBe(written);
  });
});

describe("F84: text that a spreadsheet would run as a formula", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+49", "'+49"],
    ["-x", "'-x"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t'=1"],
    ["\r=1", "'\r'=1"],
    ["  =1", "  '=1"],
    ["\u200b=1", "\u200b'=1"],
    ["＝1+1", "'＝1+1"],
    ['=HYPERLINK("x")', '\'=HYPERLINK(""x"")'],
    // A spreadsheet that splits at semicolons sees the second half as a cell of its own.
    ["x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"],
    ["x, @SUM(1)", "x, '@SUM(1)"],
    ['x;"=1', 'x;""\'=1'],
    ["x =cmd|' /C calc'!A0", "x '=cmd|' /C calc'!A0"],
    ["note\n-2+3", "note\n'-2+3"],
  ])("F84: %j is written as harmless text", (value, written) => {
    expect(csvCell(value)).toBe(`"${written}"`);
  });

  it("F84: no text leaves its cell, and none begins with a sign", () => {
    const text = fc.string({ unit: fc.constantFrom(..."=+-@;,| \t\r\n\"'ax") });
    fc.assert(
      fc.property(text, (value) => {
        const written = csvCell(value);
        const inside = written.slice(1, -1).replaceAll('""', "");
        expect(written).toMatch(/^".*"$/s);
        expect(inside).not.toContain('"');
        for (const part of written.slice(1, -1).split(/[;,|\t\r\n]/)) expect(part).not.toMatch(/^[\s"]*[=+@-]/);
      }),
    );
  });

  // Quadratic work would take longer than a test may.
  it("F84: a megabyte is written in linear time", () => {
    expect(csvCell("\t ".repeat(500_000)).length).toBeGreaterThan(1_000_000);
  });

  it("F84: names of columns are quoted, too", async () => {
    const source = { columns: ["=x;@y"] as const, read: async () => [], keyOf: () => null, count: async () => 0 };
    expect(await (await csvResponse("x", source)).text()).toBe("\"'=x;'@y\"\r\n");
  });
});

describe("an answer in CSV", () => {
  const source = (total: number, failAt = Number.POSITIVE_INFINITY) => ({
    columns: ["n"] as const,
    read: async (after: number | null, limit: number) => {
      const from = after === null ? 0 : after + 1;
      if (from >= failAt) throw new Error("down");
      return Array.from({ length: Math.max(0, Math.min(limit, total - from)) }, (_, at) => ({ n: from + at }));
    },
    keyOf: ({ n }: { n: number }) => n,
    count: async () => total,
  });

  it.each([0, 1, 1_999, 2_000, 2_001, 10_000])(
    "an answer of %d rows has each row once, under its columns",
    async (total) => {
      const lines = (await (await csvResponse("x", source(total))).text()).split("\r\n");
      expect(lines[0]).toBe('"n"');
      expect(lines.slice(1, -1)).toEqual(Array.from({ length: total }, (_, n) => String(n)));
    },
  );

  it("no file ends early in silence: 50,000 rows are whole, and one more is refused before the file begins", async () => {
    const lines = (await (await csvResponse("x", source(MAX_CSV_ROWS))).text()).split("\r\n");
    expect(lines.length - 2).toBe(MAX_CSV_ROWS);
    for (const total of [MAX_CSV_ROWS + 1, 60_000]) {
      await expect(csvResponse("x", source(total))).rejects.toThrow("Narrow the filter");
    }
    const grown = { ...source(MAX_CSV_ROWS + 1), count: async () => MAX_CSV_ROWS };
    await expect((await csvResponse("x", grown)).text()).rejects.toThrow();
  });

  it("an answer is an error if the first page fails, and breaks off if a later page fails", async () => {
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
