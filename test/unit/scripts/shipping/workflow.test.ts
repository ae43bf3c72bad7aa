import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { run } from "../../../../scripts/support/shipping/run.ts";
import { fakeCommands } from "./fake-commands.ts";

const workflow = readFileSync(".github/workflows/deploy.yml", "utf8");
const ID = "0a1b2c3d-0000-4000-8000-000000000002";

it.each([
  ["this commit", {}, ""],
  ["a version", { VERSION: ID }, ` --version=${ID}`],
  ["a breaking migration", { BREAKING: "yes" }, " --breaking"],
  ["a version that is no command", { VERSION: "1; npm publish" }, " --version=1; npm publish"],
])("the workflow deploys %s", (_, inputs, expected) => {
  const commands = fakeCommands([["npm run deploy *", ""]]);
  const given = { ENVIRONMENT: "staging", PERCENT: "10", VERSION: "", BREAKING: "", ...inputs };
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
  const [, line = ""] = /- run: (npm run deploy .*)/.exec(workflow) ?? [];
  expect(run("/bin/sh", ["-c", line]).ok).toBe(true);
  expect(commands()).toEqual([`npm run deploy -- --env staging --percent 10${expected}`]);
});

it("each value that somebody enters comes by a variable", () => {
  for (const [name, value] of [
    ["ENVIRONMENT", "inputs.environment"],
    ["PERCENT", "inputs.percent"],
    ["VERSION", "inputs.version"],
    ["BREAKING", "inputs.breaking && 'yes' || ''"],
  ])
    expect(workflow).toContain(`          ${name}: \${{ ${value} }}\n`);
});
