import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALERT_RULES } from "../../src/domain/alerts/rules.ts";

// That the tests and commands exist which the page names, `citations.test.ts` checks for all pages.

const page = readFileSync("docs/operations.md", "utf8");
const part = page.slice(page.indexOf("\n## On call\n"), page.indexOf("\n## Deploy\n"));
const NAMES_A_TEST = /`test\/[^`]+` — “[^”]+”/;

describe("docs/operations.md, on call", () => {
  const rows = part.split("\n").flatMap((line) => {
    const [, rule, ...cells] = line.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$/g, ""));
    return line.startsWith("| `") ? [[line.split("`")[1] ?? "", [rule, ...cells]] as const] : [];
  });

  it("each alert has one entry, and no other has one", () => {
    expect(rows.map(([rule]) => rule)).toEqual(expect.arrayContaining([...ALERT_RULES]));
    expect(rows).toHaveLength(ALERT_RULES.length);
  });

  it.each(rows)(
    "the entry of %s says what it means, what it does to the shelf, what to do, and what tried it",
    (_, cells) => {
      expect(cells.map((cell) => (cell ?? "").length > 3)).toEqual([true, true, true, true]);
      expect(cells.at(-1)).toMatch(NAMES_A_TEST);
    },
  );

  const incidents = part
    .split("\n### ")
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text] as const);

  it("each incident that operators must expect has an entry", () => {
    expect(incidents.map(([heading]) => heading)).toEqual([
      "Which stores are late, and what happened to an event",
      "Dutchie is down for a day",
      "D1 is away",
      "A database was restored to yesterday",
      "A stuck store",
      "A full database",
      "The keys that seal have to be changed",
      "A webhook secret leaked",
      "A retailer leaves",
      "A bad deployment",
      "Dead letters",
      "The cost doubled",
    ]);
  });

  it.each(incidents)("the entry of the incident has all four parts: %s", (_, text) => {
    const parts = [...text.matchAll(/^- \*\*(\w+)\*\*: (.+)$/gm)].map(([, name = "", what = ""]) => [name, what]);
    expect(parts.map(([name]) => name)).toEqual(["Means", "Shelf", "Do", "Tried"]);
    expect(parts.at(-1)?.[1]).toMatch(NAMES_A_TEST);
  });
});
