import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { released } from "./support/changelog.ts";

/** npm run release -- --version 0.2.0: makes the changelog's entry and sets the version in package.json. Commit and tag them. */
const { values } = parseArgs({ options: { version: { type: "string" } } });
const { version } = values;
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error("Usage: npm run release -- --version MAJOR.MINOR.PATCH");
  process.exit(2);
}
const changelog = released(readFileSync("CHANGELOG.md", "utf8"), version, new Date().toISOString().slice(0, 10));
execFileSync("npm", ["version", version, "--no-git-tag-version"], { stdio: "inherit" });
writeFileSync("CHANGELOG.md", changelog);
console.log(`Now: npm run docs:api, git commit -am "Release ${version}", git tag v${version}`);
