import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync("docs/security.md", "utf8");
const rows = page.split("\n").filter((line) => /^\| [A-Z`]/.test(line));
const promises = rows.map((row) => /`(test\/[^`]+)` — “([^”]+)” \|$/.exec(row)?.slice(1) ?? [row, ""]);

it("docs/security.md has its promises", () => {
  expect(promises.length).toBeGreaterThan(30);
});

it.each(promises)("%s has the test “%s”", (file, name) => {
  expect(existsSync(file), file).toBe(true);
  expect(readFileSync(file, "utf8")).toContain(name);
});
