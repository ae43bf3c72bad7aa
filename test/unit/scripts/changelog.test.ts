import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { released } from "../../../scripts/support/changelog.ts";

const changelog = readFileSync("CHANGELOG.md", "utf8");

it("a release takes what is unreleased, and no line is lost", () => {
  const after = released(changelog, "9.9.0", "2026-12-01");
  expect(after).toContain("## [Unreleased]\n\n## [9.9.0] - 2026-12-01\n");
  expect(after).not.toContain("Nothing is released yet");
  const body = (text: string) => text.split("\n").filter((line) => line.startsWith("- "));
  expect(body(after)).toEqual(body(changelog));
});

it.each([
  [
    "a second one of the same version",
    changelog.replace("## [Unreleased]\n", "## [Unreleased]\n\n- x\n\n## [9.9.0] - 2026-01-01\n"),
  ],
  ["one of nothing", "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- x\n"],
  ["one without a place", "# Changelog\n"],
])("a release is refused: %s", (_, text) => {
  expect(() => released(text, "9.9.0", "2026-12-01")).toThrow(/CHANGELOG\.md has/);
});
