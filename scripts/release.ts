import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { hasRelease, isNewer, released } from "./support/changelog.ts";
import { misused, readOptions } from "./support/read-options.ts";

/** npm run release -- --version 0.2.0: makes the changelog's entry and sets the version in package.json. Commit and tag them. */
const USAGE = "npm run release -- --version MAJOR.MINOR.PATCH";
const { version } = readOptions({ version: { type: "string" } }, USAGE);
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) misused("--version is missing, or is none.", USAGE);
const current: string = JSON.parse(readFileSync("package.json", "utf8")).version;
if (!isNewer(version, current)) misused(`${version} does not come after ${current}.`, USAGE);
const changelog = readFileSync("CHANGELOG.md", "utf8");
// The version last: a run that was cut off before it can be repeated.
if (!hasRelease(changelog, version))
  writeFileSync("CHANGELOG.md", released(changelog, version, new Date().toISOString().slice(0, 10)));
execFileSync("npm", ["version", version, "--no-git-tag-version"], { stdio: "inherit" });
console.log(`Now: npm run docs:api, git commit -am "Release ${version}", git tag v${version}`);
