import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { isNewer } from "../../../scripts/support/changelog.ts";

/** What a command prints, and its exit code. */
async function run(script: string, args: readonly string[], token = "t") {
  try {
    const env = { ...process.env, REUP_TOKEN: token };
    const given = ["--import", "tsx", `scripts/${script}.ts`, ...args];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, given, { env });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

const store = ["--url", "https://dutchie.reup.example", "--location"];

it.each<[string, string[], string]>([
  // An option that nobody knows, a missing value, a word that belongs to nothing: one each of what Node says.
  ["deploy", ["--environment", "staging"], "'--environment'"],
  ["rollback", ["--env", "staging", "now"], "'now'"],
  ["provision", ["--env"], "--env"],
  ["provision", ["--env", "staging", "--host", "https://dutchie.shop.com"], '"https://dutchie.shop.com" is no host'],
  ["provision", ["--env", "staging", "--email-from", "me"], '"me" is no e-mail address'],
  ["deploy", ["--percent", "10"], "--env is one of staging, production."],
  ["deploy", ["--env", "staging", "--percent", "0"], "--percent is a whole number from 1 to 100"],
  ["migrate", ["--env", "prod"], "--env is one of staging, production."],
  ["migrate", ["--env", ""], "--env is one of staging, production."],
  ["add-shard", ["--env", "prod"], "one of development, staging, production"],
  ["rebuild", [...store, "../alerts"], '"../alerts" is no id of a location.'],
  ["rebuild", ["--url", "dutchie.reup.example", "--location", "loc_1"], "is not the address of a Worker"],
  ["move-store", ["--location", "loc_1"], "--url is missing."],
  ["rotate-credentials", ["--url", "ftp://dutchie.reup.example"], "is not the address of a Worker"],
  ["release", ["--version", "0.0.1"], "0.0.1 does not come after"],
  ["release", ["--version", "next"], "--version is missing, or is none."],
  ["token", ["--retailer", ""], "An id is empty."],
  ["token", ["--locations", "a,,b"], "An id is empty."],
  // These began, and "NaN seeds … all ended equal to Dutchie" was a success.
  ["chaos", ["--seeds", "x"], '--seeds is a whole number from 1 to 1000000000, not "x".'],
  ["chaos", ["--seeds", ""], "--seeds is a whole number"],
  ["chaos", ["--first", "1.5"], "--first is a whole number"],
  ["rehearse", ["--env", "staging"], "'--env'"],
  ["start", ["--size", "1"], "--size is a whole number from 2 to 50000"],
  ["start", ["--port", "99999"], "--port is a whole number"],
  ["start", ["--profile", "metrc"], "--profile is one of pos, guide, auto."],
])("The command %s with %j does nothing, and says what is wrong and how it is called", async (script, args, words) => {
  const before = ["package.json", "CHANGELOG.md", "wrangler.toml"].map((file) => readFileSync(file, "utf8"));
  const { code, text } = await run(script, args);
  expect(text).toContain(words);
  expect(text).toContain("Usage: ");
  expect(text).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
  expect(["package.json", "CHANGELOG.md", "wrangler.toml"].map((file) => readFileSync(file, "utf8"))).toEqual(before);
});

it.each([
  ["deploy", "--help"],
  ["token", "-h"],
  ["rehearse", "--help"],
  ["start", "--help"],
])("The command %s %s says how it is called, and nothing is wrong", async (script, asked) => {
  expect(await run(script, [asked])).toEqual({ code: 0, text: expect.stringMatching(/^Usage: .*npm (run|start)/) });
});

it("A command without a token, or of a Worker that cannot be reached, says so in a sentence", async () => {
  const args = ["--url", "http://127.0.0.1:1/", "--location", "loc_1"];
  expect(await run("rebuild", args, "")).toMatchObject({
    code: 2,
    text: expect.stringContaining("REUP_TOKEN is not set."),
  });
  const { code, text } = await run("rebuild", args);
  expect([code, text]).toEqual([1, expect.stringMatching(/^The Worker cannot be reached: .+\n$/)]);
});

it.each([
  ["0.2.0", "0.1.0", true],
  ["0.10.0", "0.9.9", true],
  ["1.0.0", "0.99.99", true],
  ["0.1.0", "0.1.0", false],
  ["0.1.9", "0.2.0", false],
  ["0.9.99", "1.0.0", false],
])("Version %s comes after %s: %s", (version, than, expected) => {
  expect(isNewer(version, than)).toBe(expected);
});
