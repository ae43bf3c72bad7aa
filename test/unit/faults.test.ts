import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const rows = readFileSync("docs/faults.md", "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, number = "", , , files = ""] = line.split("|").map((cell) => cell.trim());
    return /^F\d\d$/.test(number) ? [{ number, files: files.match(/test\/[\w./-]+/g) ?? [] }] : [];
  });

/** The numbers that the titles of a file's tests begin with. */
const numbersIn = (file: string) =>
  new Set([...readFileSync(file, "utf8").matchAll(/["`](F\d\d)\b/g)].map(([, number]) => number));

it("docs/faults.md lists each fault once, in order", () => {
  const numbers = rows.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort());
  expect(numbers.length).toBeGreaterThan(60);
});

it.each(rows)("$number names files whose tests carry the number", ({ number, files }) => {
  expect(files).not.toEqual([]);
  for (const file of files) expect(numbersIn(file), file).toContain(number);
});

it("docs/faults.md lists each number that a test has", () => {
  const listed = new Set(rows.map(({ number }) => number));
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const carried = tests.flatMap((file) => [...numbersIn(`test/${file}`)]);
  expect(carried.filter((number) => number !== undefined && !listed.has(number))).toEqual([]);
});
