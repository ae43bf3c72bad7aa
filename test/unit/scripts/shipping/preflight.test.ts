import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { breakingParts } from "../../../../scripts/support/shipping/breaking.ts";
import { readEnvironment } from "../../../../scripts/support/shipping/environment.ts";
import { accountProblems, configurationProblems } from "../../../../scripts/support/shipping/preflight.ts";
import { versionBefore } from "../../../../scripts/support/shipping/rollout.ts";
import { idOf, staging } from "./staging.ts";

it("an environment that is set up is right", () => {
  expect(configurationProblems("staging", staging())).toEqual([]);
});

it.each(["staging", "production"] as const)("%s as it is in the repository is not deployed", (env) => {
  const problems = configurationProblems(env, readEnvironment(env)).join("\n");
  expect(problems).toMatch(/PUBLIC_URL is an address of an example/);
  for (const binding of ["DB", "RECORDS_00", "RECORDS_01"])
    expect(problems).toContain(`${binding} has no database yet`);
});

it.each([
  [{ PUBLIC_URL: "https://other.reup-retail.com" }, /no route leads to other\.reup-retail\.com/],
  [{ PUBLIC_URL: "" }, /PUBLIC_URL must start with https/],
  [{ ENVIRONMENT: "production" }, /ENVIRONMENT is not staging/],
  [{ ALLOW_LOCAL_ENDPOINTS: "true" }, /ALLOW_LOCAL_ENDPOINTS must not be true/],
])("variables that are wrong are told: %j", (vars, reason) => {
  const config = staging();
  expect(configurationProblems("staging", { ...config, vars: { ...config.vars, ...vars } }).join("\n")).toMatch(reason);
});

it("a database of another environment is told", () => {
  const config = staging();
  const account = {
    databases: new Map(
      config.d1_databases.map(({ database_name }, index) => [database_name, idOf(index === 1 ? 7 : index)]),
    ),
    queues: new Set(config.queues.consumers.map(({ queue }) => queue)),
    secrets: new Set(["CREDENTIAL_KEYS", "AUTH_JWT_SECRET"]),
  };
  expect(accountProblems(config, account)).toEqual([
    "RECORDS_00 has another id than the account's reup-dutchie-records-00-staging",
  ]);
});

it.each([
  ["drop table `sales`;", ["drops a table"]],
  ["ALTER TABLE `sales` DROP COLUMN `total`;", ["drops a column"]],
  ["alter table sales drop total;", ["drops a column"]],
  ["ALTER TABLE `sales` RENAME TO `sold`;", ["renames"]],
  ["ALTER TABLE `sales` RENAME COLUMN a TO b;", ["renames"]],
  ["ALTER TABLE `sales` ADD `a` text NOT NULL;", ["adds a column that the version before does not fill"]],
  ["CREATE UNIQUE INDEX `one` ON `sales` (`a`);", ["makes values unique that the version before may write twice"]],
  ["ALTER TABLE `sales` ADD `a` text DEFAULT '' NOT NULL;", []],
  ["ALTER TABLE `sales` ADD `a` text;", []],
  ["CREATE TABLE `new` (`a` text NOT NULL);", []],
  ["DROP INDEX `slow`; DROP TRIGGER `counted`;", []],
  ["-- drop table sales\nselect 1;", []],
])("a migration is compared with what the version before may use: %s", (sql, expected) => {
  expect(breakingParts(sql)).toEqual(expected);
});

it.each([
  ["records/0003_reup_words.sql", ["drops a column"]],
  ["records/0005_sale_lines.sql", ["drops a table"]],
  ["records/0002_sales_days.sql", []],
  ["accounts/0001_other_shard.sql", []],
])("a migration as it was generated is judged, too: %s", (file, expected) => {
  expect(breakingParts(readFileSync(join("migrations", file), "utf8"))).toEqual(expected);
});

it.each<[string, [string, number][][], string | null]>([
  [
    "all traffic goes back to the version that had it",
    [
      [["c", 100]],
      [
        ["c", 0],
        ["b", 100],
      ],
      [["b", 100]],
    ],
    "b",
  ],
  [
    "a rollout is undone",
    [
      [
        ["c", 10],
        ["b", 90],
      ],
      [
        ["c", 0],
        ["b", 100],
      ],
      [["b", 100]],
    ],
    "b",
  ],
  ["a version deployed twice is no version before", [[["c", 100]], [["c", 100]], [["a", 100]]], "a"],
  [
    "a version that failed with all traffic is not gone back to",
    [
      [["b", 100]],
      [["c", 100]],
      [
        ["c", 0],
        ["b", 100],
      ],
      [["b", 100]],
      [
        ["b", 0],
        ["a", 100],
      ],
      [["a", 100]],
    ],
    "a",
  ],
  [
    "a failed version is all that was there besides",
    [
      [["b", 100]],
      [["c", 100]],
      [
        ["c", 0],
        ["b", 100],
      ],
      [["b", 100]],
    ],
    null,
  ],
  ["a second rollback goes on to an older one", [[["b", 100]], [["c", 100]], [["b", 100]], [["a", 100]]], "a"],
  ["a second rollback does not undo the first", [[["b", 100]], [["c", 100]], [["b", 100]]], null],
  [
    "a rollout after a failure is undone",
    [
      [
        ["d", 10],
        ["b", 90],
      ],
      [
        ["d", 0],
        ["b", 100],
      ],
      [["b", 100]],
      [["c", 100]],
      [["b", 100]],
    ],
    "b",
  ],
  ["the first version has none before", [[["a", 100]]], null],
  ["a Worker that was never deployed has none", [], null],
])("%s", (_, deployments, expected) => {
  const list = deployments.map((versions) => ({
    created_on: "",
    versions: versions.map(([version_id, percentage]) => ({ version_id, percentage })),
  }));
  expect(versionBefore(list, () => false)).toBe(expected);
});
